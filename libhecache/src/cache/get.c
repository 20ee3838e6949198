/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Getting a page.
 *
 *      1 pin     find the page and pin it
 *      2 copy    it out, with no lock held: a pinned frame is not given back
 *      3 finish  unlink it, unless somebody has done so meanwhile or the pool's
 *                gets keep; give the frame back
 *
 * The page is handed out only if its checksum is right and nobody dropped it
 * between 1 and 3.
 */
#include "get.h"

#include "entry.h"
#include "past.h"
#include "room.h"

uint32_t hec_get_fetch(const struct hec_cache *cache,
		       const struct hec_name *name)
{
	uint32_t n = hec_index_guess(&cache->index, name->hash);

	if (n != HEC_NO_RECORD) {
		hec_env_prefetchw(&cache->records[n]);
		hec_env_prefetchw(hec_index_shard(&cache->index, name->hash));
	}
	return n;
}

/* Where gets remove, only one at a time may have the page. */
int hec_get_pin(struct hec_cache *cache, const struct hec_name *name,
		uint32_t *n)
{
	struct hec_shard *shard = hec_index_shard(&cache->index, name->hash);
	uint32_t most = name->kind == HEC_POOL_EPHEMERAL ? HEC_RECORD_PIN
							 : HEC_RECORD_PINS;
	int err = HEC_ENOENT;

	hec_env_lock(&shard->lock);
	*n = hec_entry_look_up(cache, name);
	if (*n != HEC_NO_RECORD) {
		uint8_t *flags = &cache->records[*n].flags;

		if ((*flags & HEC_RECORD_PINS) < most) {
			hec_env_write_once(*flags,
					   (uint8_t)(*flags + HEC_RECORD_PIN));
			err = HEC_OK;
		} else if (name->kind == HEC_POOL_PERSISTENT) {
			err = HEC_EAGAIN;
		}
	}
	hec_env_unlock(&shard->lock);
	return err;
}

/* Step 3.  *@n: the record that the caller gives back, if any. [client] */
static int finish_get(struct hec_cache *cache, struct hec_client *client,
		      const struct hec_name *name, uint32_t *n, bool sound)
{
	bool linked, mine;

	hec_env_assert_held(&client->lock);
	linked =
		hec_entry_unpin(cache, client, name, *n,
				sound ? HEC_LEAVE_HANDED_UP : HEC_LEAVE_DROPPED,
				&mine);
	client->stats.corrupt += !sound;
	if (!mine)
		*n = HEC_NO_RECORD;
	if (!linked)
		return HEC_ENOENT;
	if (!sound)
		return name->kind == HEC_POOL_PERSISTENT ? HEC_EIO : HEC_ENOENT;
	client->stats.hits++;
	hec_room_note_hit(cache, client);
	return HEC_OK;
}

void hec_count_miss(struct hec_cache *cache, struct hec_client *client,
		    const struct hec_name *name)
{
	hec_env_add64(&client->misses, 1);
	if (!hec_policy_remembers(&client->policy, name->hash))
		return;
	hec_env_lock(&client->lock);
	hec_policy_miss(&client->policy, name->hash);
	hec_env_unlock(&client->lock);
	hec_past_relieve(cache, client);
}

int hec_get_pinned(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name, uint32_t n, uint32_t next,
		   void *dst)
{
	bool sound = hec_store_get(&cache->store, n, name->hash, next, dst);
	int err;

	hec_frames_prefetch_lock(&cache->frames);
	hec_env_lock(&client->lock);
	err = finish_get(cache, client, name, &n, sound);
	hec_env_unlock(&client->lock);
	hec_past_relieve(cache, client);
	hec_store_give(&cache->store, n, client->number);
	if (err)
		hec_store_wipe(&cache->store, dst);
	return err;
}

int hec_get(struct hec_cache *cache, struct hec_client *client, uint64_t pool,
	    uint64_t object, uint64_t index, void *dst)
{
	struct hec_name name;
	uint32_t n;
	int err = hec_name_init(cache, client, pool, object, index, &name);

	if (err)
		return err;
	hec_ghost_prefetch(&cache->ghosts, name.hash);
	err = HEC_ENOENT;
	n = hec_get_fetch(cache, &name);
	if (n != HEC_NO_RECORD) {
		hec_store_prefetch(&cache->store, n);
		err = hec_get_pin(cache, &name, &n);
	}
	if (!err)
		err = hec_get_pinned(cache, client, &name, n, HEC_NO_RECORD,
				     dst);
	if (err == HEC_ENOENT)
		hec_count_miss(cache, client, &name);
	return err;
}

int hec_look_up(struct hec_cache *cache, struct hec_client *client,
		uint64_t pool, uint64_t object, uint64_t index)
{
	struct hec_name name;
	int err = hec_name_init(cache, client, pool, object, index, &name);

	if (err)
		return err;
	if (hec_entry_find(cache, &name) != HEC_NO_RECORD)
		return HEC_OK;
	hec_count_miss(cache, client, &name);
	return HEC_ENOENT;
}

void hec_look_ahead(const struct hec_cache *cache,
		    const struct hec_client *client, uint64_t pool,
		    uint64_t object, uint64_t index)
{
	struct hec_name name;

	if (!hec_name_init(cache, client, pool, object, index, &name))
		hec_entry_prefetch(cache, &name);
}
