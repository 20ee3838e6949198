/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Putting a page.
 *
 *      1 begin   take a frame, evicting if need be; a page of zeroes takes a
 *                record without a frame
 *      2 copy    the page in, with no lock held: nobody else sees the frame
 *      3 link    it, in the place of any older page of that key
 *
 * If any step fails, an older page of that key is dropped nevertheless.
 */
#include "put.h"

#include "entry.h"
#include "flush.h"
#include "room.h"

static void count_refused(struct hec_client *client)
{
	hec_env_lock(&client->lock);
	client->stats.puts_refused++;
	hec_env_unlock(&client->lock);
}

/*
 * True if the client may put a page of that kind now.  Without its lock the answer
 * may be old.  So link_put() asks again with the lock held: a persistent page cannot
 * be evicted later.
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
	uint32_t n = hec_store_take_small(&cache->store, client->number, src);

	return n != HEC_NO_RECORD ? n : hec_room_take(cache, client);
}

/* Step 1: 0 and *@n.  HEC_ENOSPC: what was under the key has been dropped. */
static int begin_put(struct hec_cache *cache, struct hec_client *client,
		     const struct hec_name *name, const void *src, uint32_t *n)
{
	*n = HEC_NO_RECORD;
	/* The new page may need the frame and the guarantee of the old one. */
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

/* Step 3.  *@n: the record that the caller gives back, if any. [client] */
static int link_put(struct hec_cache *cache, struct hec_client *client,
		    const struct hec_name *name, uint32_t *n)
{
	uint32_t older = HEC_NO_RECORD;
	int err = HEC_ENOSPC;

	hec_env_assert_held(&client->lock);
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
	hec_store_put(&cache->store, n, name->hash, src, next);
	hec_env_lock(&client->lock);
	err = link_put(cache, client, name, &n);
	hec_env_unlock(&client->lock);
	hec_store_give(&cache->store, n, client->number);
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
	hec_store_prefetch_source(&cache->store, src);
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
