/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Dropping many pages.
 *
 * Emptying a pool drops one page at a time and releases the client's lock after
 * each.  So a large pool delays nobody.  A budget lets the caller stop in between.
 *
 * A range is looked up page by page.  If the range is larger than the pool, its
 * pages are picked from the object's list instead.  That looks at a few pages each
 * time it holds the lock.
 */
#include "bulk.h"

#include "entry.h"
#include "flush.h"

#define PICK_STEP 64u /* pages looked at before the lock is released */

/* The first page of a pool, or HEC_NO_RECORD. [client] */
static uint32_t first_page(const struct hec_cache *cache,
			   const struct hec_pool *pool)
{
	const struct hec_record *records = cache->records;
	uint32_t header = pool->root;

	hec_env_assert_held(
		hec_pool_lock(cache, (uint32_t)(pool - cache->pools)));
	hec_env_assert(hec_pool_is_valid(cache, pool));
	if (!pool->pages)
		return HEC_NO_RECORD;
	if (hec_list_empty(records, HEC_LINK_OBJECT, header))
		header = records[header].link[HEC_LINK_QUEUE].next;
	return records[header].link[HEC_LINK_OBJECT].next;
}

/* Drops page @n and releases the client's lock.  False: there is no page. */
static bool drop_and_unlock(struct hec_cache *cache, struct hec_client *client,
			    uint32_t n)
{
	bool mine = n != HEC_NO_RECORD &&
		    hec_entry_unlink(cache, client, n, HEC_LEAVE_DROPPED);

	hec_env_assert_held(&client->lock);
	hec_env_unlock(&client->lock);
	if (n == HEC_NO_RECORD)
		return false;
	if (mine)
		hec_store_give(&cache->store, n, client->number);
	hec_env_add64(&client->flushes, 1);
	return true;
}

/* Drops a page of @pool, if its id still is @id.  False: none is left. */
static bool drop_first(struct hec_cache *cache, struct hec_client *client,
		       struct hec_pool *pool, uint64_t id)
{
	uint32_t n = HEC_NO_RECORD;

	hec_env_lock(&client->lock);
	if (hec_env_read_once(pool->id) == id)
		n = first_page(cache, pool);
	return drop_and_unlock(cache, client, n);
}

int hec_pool_empty(struct hec_cache *cache, struct hec_client *client,
		   struct hec_pool *pool, uint64_t id, uint32_t *budget)
{
	while (drop_first(cache, client, pool, id))
		if (!--*budget)
			return HEC_EAGAIN;
	return HEC_OK;
}

int hec_flush_pool(struct hec_cache *cache, struct hec_client *client,
		   uint64_t id, uint32_t budget)
{
	struct hec_pool *pool = hec_pool_any(cache, client, id);

	if (!pool)
		return HEC_ESTALE;
	return hec_pool_empty(cache, client, pool, id, &budget);
}

/* Drops a page that is not persistent, the oldest first.  False: none is left. */
static bool drop_oldest(struct hec_cache *cache, struct hec_client *client)
{
	const struct hec_policy *policy = &client->policy;
	uint32_t queue, n = HEC_NO_RECORD;

	hec_env_lock(&client->lock);
	for (queue = 0; queue < HEC_QUEUE_KEPT && n == HEC_NO_RECORD; queue++)
		if (policy->nr[queue])
			n = hec_queue_oldest(policy, queue);
	return drop_and_unlock(cache, client, n);
}

int hec_client_flush(struct hec_cache *cache, struct hec_client *client,
		     uint32_t budget)
{
	uint32_t done = 0;

	while (drop_oldest(cache, client))
		if (++done == budget)
			return HEC_EAGAIN;
	return HEC_OK;
}

/* Which pages of an object are dropped, and how many are still to be looked at. */
struct pick {
	const struct hec_name *name; /* of the first page */
	uint64_t last; /* index */
	uint32_t left; /* pages to look at */
};

/*
 * Looks at the oldest page of the object.  If it is in the range, drops it; if not,
 * makes it the newest.  Pages that are put meanwhile are newer than those that were
 * there, so they are not looked at in their place. [client]
 */
static void pick_oldest(struct hec_cache *cache, struct hec_client *client,
			const struct pick *pick, uint32_t header)
{
	struct hec_record *records = cache->records;
	uint32_t n = records[header].link[HEC_LINK_OBJECT].prev;
	uint64_t index = hec_record_index(&records[n]);

	hec_env_assert_held(&client->lock);
	if (index < pick->name->key.index || index > pick->last) {
		hec_list_del(records, HEC_LINK_OBJECT, n);
		hec_list_add(records, HEC_LINK_OBJECT, header, n);
		return;
	}
	if (hec_entry_unlink(cache, client, n, HEC_LEAVE_DROPPED))
		hec_store_give(&cache->store, n, client->number);
	hec_env_add64(&client->flushes, 1);
}

/* Looks at some pages while it holds the lock once.  False: no more are left. */
static bool pick_some(struct hec_cache *cache, struct hec_client *client,
		      struct pick *pick)
{
	uint32_t header = HEC_NO_RECORD, steps;

	hec_env_lock(&client->lock);
	for (steps = PICK_STEP; steps && pick->left; steps--) {
		if (hec_pool_find(cache, client, pick->name->pool))
			header = hec_entry_header(cache, pick->name);
		if (header == HEC_NO_RECORD || !cache->records[header].index_lo)
			break;
		pick_oldest(cache, client, pick, header);
		pick->left--;
	}
	hec_env_unlock(&client->lock);
	return !steps && pick->left;
}

/* Drops the pages of an object that are in a range and are there now. */
static void pick_range(struct hec_cache *cache, struct hec_client *client,
		       const struct hec_name *name, uint64_t last)
{
	struct pick pick = { .name = name, .last = last };
	uint32_t header = HEC_NO_RECORD;

	hec_env_lock(&client->lock);
	if (hec_pool_find(cache, client, name->pool))
		header = hec_entry_header(cache, name);
	if (header != HEC_NO_RECORD)
		pick.left = cache->records[header].index_lo;
	hec_env_unlock(&client->lock);
	while (pick_some(cache, client, &pick))
		;
}

void hec_flush_object(struct hec_cache *cache, struct hec_client *client,
		      uint64_t pool, uint64_t object)
{
	struct hec_name name;

	if (!hec_name_init(cache, client, pool, object, 0, &name))
		pick_range(cache, client, &name, HEC_MAX_INDEX);
}

static void flush_index(struct hec_cache *cache, struct hec_client *client,
			uint64_t pool, uint64_t object, uint64_t index)
{
	struct hec_name name;

	if (!hec_name_init(cache, client, pool, object, index, &name) &&
	    hec_page_drop(cache, client, &name))
		hec_env_add64(&client->flushes, 1);
}

void hec_flush_range(struct hec_cache *cache, struct hec_client *client,
		     uint64_t pool, uint64_t object, uint64_t first,
		     uint64_t count)
{
	struct hec_name name;
	uint64_t i;

	if (!count || hec_name_init(cache, client, pool, object, first, &name))
		return;
	if (count > HEC_MAX_INDEX - first)
		count = HEC_MAX_INDEX - first + 1;
	if (count > hec_env_peek(cache->pools[name.key.pool].pages)) {
		pick_range(cache, client, &name, first + count - 1);
		return;
	}
	for (i = 0; i < count; i++)
		flush_index(cache, client, pool, object, first + i);
}
