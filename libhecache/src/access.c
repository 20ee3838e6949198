/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Put, get and flush.
 *
 * PUT  1 begin   take a frame, evicting if need be; a page of zeroes takes a
 *                record without a frame
 *      2 copy    the page in, with no lock held: nobody else sees the frame
 *      3 link    it, in the place of any older page of that key
 *      If any of these fails, an older page is dropped all the same.
 *
 * GET  1 pin     find the page and pin it
 *      2 copy    it out, with no lock held: a pinned frame is not given back
 *      3 finish  unlink it, unless somebody has meanwhile or the pool's gets
 *                keep; give the frame back
 *      The page is handed out only if its checksum stands and nobody dropped it
 *      between 1 and 3.
 */
#include "cache.h"

void hec_page_give(struct hec_cache *cache, struct hec_client *client,
		   uint32_t n)
{
	if (n == HEC_NO_RECORD)
		return;
	if (hec_is_spare(cache, n))
		hec_spare_give(&cache->frames, n);
	else
		hec_frame_give(&cache->frames, n, client->number);
}

bool hec_page_drop(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name)
{
	uint32_t n = hec_entry_find(cache, name);
	bool found = false, mine = false;

	if (n == HEC_NO_RECORD)
		return false;
	hec_record_prefetch_links(cache->records, n);
	hec_env_lock(&client->lock);
	n = hec_entry_find(cache, name);
	if (n != HEC_NO_RECORD) {
		found = true;
		mine = hec_entry_unlink(cache, client, n, HEC_LEAVE_DROPPED);
	}
	hec_env_unlock(&client->lock);
	if (mine)
		hec_page_give(cache, client, n);
	return found;
}

static void count_refused(struct hec_client *client)
{
	hec_env_lock(&client->lock);
	client->stats.puts_refused++;
	hec_env_unlock(&client->lock);
}

/* Put */

/*
 * True if the client may put a page of that kind now.  Without its lock the
 * answer may be old; for persistent pages, which cannot be evicted later,
 * hec_put_link() asks again.
 */
static bool may_put(const struct hec_client *client,
		    const struct hec_name *name)
{
	if (hec_env_peek(client->frozen))
		return false;
	return name->kind != HEC_POOL_PERSISTENT ||
	       hec_env_peek(client->policy.nr[HEC_QUEUE_KEPT]) <
		       hec_env_peek(client->config.guaranteed_pages);
}

static uint32_t take(struct hec_cache *cache, struct hec_client *client,
		     const void *src)
{
	uint32_t n = HEC_NO_RECORD;

	if (hec_content_is_zero(cache, src))
		n = hec_spare_take(&cache->frames);
	if (n != HEC_NO_RECORD)
		return n;
	return hec_room_take(cache, client);
}

/* Step 1: 0 and *@n; or HEC_ENOSPC, and what was under the key is dropped. */
static int begin_put(struct hec_cache *cache, struct hec_client *client,
		     const struct hec_name *name, const void *src, uint32_t *n)
{
	*n = HEC_NO_RECORD;
	/* A persistent page makes room for its successor. */
	if (name->kind == HEC_POOL_PERSISTENT)
		hec_page_drop(cache, client, name);
	if (may_put(client, name))
		*n = take(cache, client, src);
	if (*n != HEC_NO_RECORD)
		return HEC_OK;
	hec_page_drop(cache, client, name);
	count_refused(client);
	return HEC_ENOSPC;
}

/* Step 3; *@n is what the caller then gives back. [client] */
static int link_put(struct hec_cache *cache, struct hec_client *client,
		    const struct hec_name *name, uint32_t *n)
{
	uint32_t older = HEC_NO_RECORD;
	int err = HEC_ENOSPC;

	if (may_put(client, name))
		err = hec_entry_link(cache, client, name, *n, &older);
	if (err)
		client->stats.puts_refused++;
	else
		client->stats.puts++;
	*n = err ? *n : older;
	return err;
}

int hec_put_named(struct hec_cache *cache, struct hec_client *client,
		  const struct hec_name *name, const void *src,
		  const void *next)
{
	uint32_t n;
	int err = begin_put(cache, client, name, src, &n);

	if (err)
		return err;
	hec_content_put(cache, name, n, src, next);
	hec_env_lock(&client->lock);
	err = link_put(cache, client, name, &n);
	hec_env_unlock(&client->lock);
	hec_page_give(cache, client, n);
	if (err)
		hec_page_drop(cache, client, name);
	return err;
}

int hec_put(struct hec_cache *cache, struct hec_client *client, uint64_t pool,
	    uint64_t object, uint64_t index, const void *src)
{
	struct hec_name name;
	int err = hec_name_init(cache, client, pool, object, index, &name);

	if (err)
		return err;
	hec_content_prefetch_source(cache, src);
	hec_frames_prefetch_lock(&cache->frames);
	hec_entry_prefetch(cache, &name);
	return hec_put_named(cache, client, &name, src, src);
}

void hec_put_failed(struct hec_cache *cache, struct hec_client *client,
		    uint64_t pool, uint64_t object, uint64_t index)
{
	struct hec_name name;

	if (hec_name_init(cache, client, pool, object, index, &name))
		return;
	hec_page_drop(cache, client, &name);
	count_refused(client);
}

/* Get */

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

/* Where a get removes, there is only one at a time. */
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
			*flags = (uint8_t)(*flags + HEC_RECORD_PIN);
			err = HEC_OK;
		} else if (name->kind == HEC_POOL_PERSISTENT) {
			err = HEC_EAGAIN;
		}
	}
	hec_env_unlock(&shard->lock);
	return err;
}

/* Step 3; *@n is what the caller then gives back. [client] */
static int finish_get(struct hec_cache *cache, struct hec_client *client,
		      const struct hec_name *name, uint32_t *n, bool sound)
{
	bool linked, mine;

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

void hec_count_miss(struct hec_client *client, const struct hec_name *name)
{
	hec_env_add64(&client->misses, 1);
	if (!hec_policy_remembers(&client->policy, name->hash))
		return;
	hec_env_lock(&client->lock);
	hec_policy_miss(&client->policy, name->hash);
	hec_env_unlock(&client->lock);
}

int hec_get_pinned(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name, uint32_t n, uint32_t next,
		   void *dst)
{
	bool sound = hec_content_get(cache, name, n, next, dst);
	int err;

	hec_frames_prefetch_lock(&cache->frames);
	hec_env_lock(&client->lock);
	err = finish_get(cache, client, name, &n, sound);
	hec_env_unlock(&client->lock);
	hec_page_give(cache, client, n);
	if (err)
		hec_content_wipe(cache, dst);
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
		hec_content_prefetch(cache, n);
		err = hec_get_pin(cache, &name, &n);
	}
	if (!err)
		err = hec_get_pinned(cache, client, &name, n, HEC_NO_RECORD,
				     dst);
	if (err == HEC_ENOENT)
		hec_count_miss(client, &name);
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
	hec_count_miss(client, &name);
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

/* Flush */

/* The policy forgets a key that is not cached. */
static void forget(struct hec_client *client, const struct hec_name *name)
{
	if (!hec_policy_remembers(&client->policy, name->hash))
		return;
	hec_env_lock(&client->lock);
	hec_policy_forget(&client->policy, name->hash);
	hec_env_unlock(&client->lock);
}

void hec_flush(struct hec_cache *cache, struct hec_client *client,
	       uint64_t pool, uint64_t object, uint64_t index)
{
	struct hec_name name;

	if (hec_name_init(cache, client, pool, object, index, &name))
		return;
	if (hec_page_drop(cache, client, &name))
		hec_env_add64(&client->flushes, 1);
	else
		forget(client, &name);
}
