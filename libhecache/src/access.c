/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Put, get and flush.
 *
 * PUT  1 take a frame, evicting if need be
 *      2 copy the page in, with no lock held: nobody else sees the frame
 *      3 link it, in the place of any older page of that key
 *      If any of these fails, an older page is dropped all the same.
 *
 * GET  1 find the page and pin it
 *      2 copy it out, with no lock held: a pinned frame is not given back
 *      3 unlink it, unless somebody has meanwhile or the pool's gets keep; give
 *        the frame back
 *      The page is handed out only if its checksum stands and nobody dropped it
 *      between 1 and 3.
 */
#include "cache.h"

static void give_frame(struct hec_cache *cache, struct hec_client *client,
		       uint32_t n)
{
	if (n != HEC_NO_RECORD)
		hec_frame_give(&cache->frames, n, client->number);
}

/* Step 3 of a put.  On failure the frame is given back. */
static int link_page(struct hec_cache *cache, struct hec_client *client,
		     uint64_t pool, const struct hec_name *name, uint32_t n)
{
	uint32_t older;
	int err;

	hec_env_lock(&client->lock);
	err = hec_entry_link(cache, client, pool, name, n, &older);
	if (err)
		client->stats.puts_refused++;
	else
		client->stats.puts++;
	hec_env_unlock(&client->lock);
	give_frame(cache, client, err ? n : older);
	return err;
}

/* Drops the page of that name, if there is one; true if there was. */
static bool drop(struct hec_cache *cache, struct hec_client *client,
		 const struct hec_name *name)
{
	uint32_t n = hec_entry_find(cache, name);
	bool found = false, mine = false;

	if (n == HEC_NO_RECORD)
		return false;
	hec_env_lock(&client->lock);
	n = hec_entry_find(cache, name);
	if (n != HEC_NO_RECORD) {
		found = true;
		mine = hec_entry_unlink(cache, client, n, HEC_LEAVE_DROPPED);
	}
	hec_env_unlock(&client->lock);
	if (mine)
		give_frame(cache, client, n);
	return found;
}

/* The policy forgets a key that is not cached. */
static void forget(struct hec_client *client, const struct hec_name *name)
{
	if (!hec_policy_remembers(&client->policy, name->hash))
		return;
	hec_env_lock(&client->lock);
	hec_policy_forget(&client->policy, name->hash);
	hec_env_unlock(&client->lock);
}

static void count_refused(struct hec_client *client)
{
	hec_env_lock(&client->lock);
	client->stats.puts_refused++;
	hec_env_unlock(&client->lock);
}

int hec_put(struct hec_cache *cache, struct hec_client *client, uint64_t pool,
	    uint64_t object, uint64_t index, const void *src)
{
	struct hec_name name;
	uint32_t n;
	int err = hec_name_init(cache, client, pool, object, index, &name);

	if (err)
		return err;
	hec_entry_prefetch(cache, &name);
	n = hec_room_take(cache, client);
	if (n == HEC_NO_RECORD) {
		drop(cache, client, &name);
		count_refused(client);
		return HEC_ENOSPC;
	}
	hec_content_put(cache, &name, n, src);
	return link_page(cache, client, pool, &name, n);
}

void hec_put_failed(struct hec_cache *cache, struct hec_client *client,
		    uint64_t pool, uint64_t object, uint64_t index)
{
	struct hec_name name;

	if (hec_name_init(cache, client, pool, object, index, &name))
		return;
	drop(cache, client, &name);
	count_refused(client);
}

/*
 * Step 1 of a get: the page of that name, pinned, or HEC_NO_RECORD.  Where a
 * get removes, there is only one at a time.
 */
static uint32_t pin(struct hec_cache *cache, const struct hec_name *name)
{
	struct hec_shard *shard = hec_index_shard(&cache->index, name->hash);
	uint32_t most = name->keeps ? HEC_RECORD_PINS : HEC_RECORD_PIN;
	uint32_t n;

	hec_env_lock(&shard->lock);
	n = hec_entry_look_up(cache, name);
	if (n != HEC_NO_RECORD) {
		uint8_t *flags = &cache->records[n].flags;

		if ((*flags & HEC_RECORD_PINS) < most)
			*flags = (uint8_t)(*flags + HEC_RECORD_PIN);
		else
			n = HEC_NO_RECORD;
	}
	hec_env_unlock(&shard->lock);
	return n;
}

/* Step 3 of a get; true if it is a hit. */
static bool finish_get(struct hec_cache *cache, struct hec_client *client,
		       const struct hec_name *name, uint32_t n, bool sound)
{
	bool linked, mine;

	hec_env_lock(&client->lock);
	linked =
		hec_entry_unpin(cache, client, name, n,
				sound ? HEC_LEAVE_HANDED_UP : HEC_LEAVE_DROPPED,
				&mine);
	client->stats.hits += linked && sound;
	client->stats.corrupt += !sound;
	hec_env_unlock(&client->lock);
	if (mine)
		give_frame(cache, client, n);
	return linked && sound;
}

static void count_miss(struct hec_client *client, const struct hec_name *name)
{
	hec_env_add64(&client->stats.misses, 1);
	if (!hec_policy_remembers(&client->policy, name->hash))
		return;
	hec_env_lock(&client->lock);
	hec_policy_miss(&client->policy, name->hash);
	hec_env_unlock(&client->lock);
}

int hec_get(struct hec_cache *cache, struct hec_client *client, uint64_t pool,
	    uint64_t object, uint64_t index, void *dst)
{
	struct hec_name name;
	uint32_t n;
	int err = hec_name_init(cache, client, pool, object, index, &name);

	if (err)
		return err;
	n = pin(cache, &name);
	if (n != HEC_NO_RECORD) {
		bool sound = hec_content_get(cache, &name, n, dst);

		if (finish_get(cache, client, &name, n, sound))
			return HEC_OK;
		hec_content_wipe(cache, dst);
	}
	count_miss(client, &name);
	return HEC_ENOENT;
}

void hec_flush(struct hec_cache *cache, struct hec_client *client,
	       uint64_t pool, uint64_t object, uint64_t index)
{
	struct hec_name name;

	if (hec_name_init(cache, client, pool, object, index, &name))
		return;
	if (drop(cache, client, &name))
		hec_env_add64(&client->stats.flushes, 1);
	else
		forget(client, &name);
}
