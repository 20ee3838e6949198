/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Batches: the steps of access.c, each for all items before the next.
 *
 * A single put or get waits for memory several times in a row: the bucket, the
 * record, the page.  In a batch each of these is fetched for all items before
 * the first is needed, and the client's lock is taken once.
 */
#include "cache.h"

#define ITEM_LIVE 1u /* the item goes on to the next step */

/* The name of an item whose hash is known already. */
static struct hec_name name_of(const struct hec_name *pool,
			       const struct hec_batch_item *item)
{
	struct hec_name name = *pool;

	name.key.object = item->object;
	name.key.index = item->index;
	name.hash = item->own.hash;
	return name;
}

static void end_item(struct hec_batch_item *item, int status)
{
	item->status = status;
	item->own.flags = 0;
}

static void name_all(struct hec_cache *cache, struct hec_client *client,
		     uint64_t pool, struct hec_batch_item *items, uint32_t nr,
		     struct hec_name *any)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		struct hec_name name;

		items[i].status =
			hec_name_init(cache, client, pool, items[i].object,
				      items[i].index, &name);
		items[i].own.flags = items[i].status ? 0 : ITEM_LIVE;
		if (items[i].status)
			continue;
		items[i].own.hash = name.hash;
		hec_entry_prefetch(cache, &name);
		*any = name;
	}
}

static void give_all(struct hec_cache *cache, struct hec_client *client,
		     const struct hec_batch_item *items, uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++)
		if (items[i].own.flags)
			hec_page_give(cache, client, items[i].own.record);
}

static void link_all(struct hec_cache *cache, struct hec_client *client,
		     const struct hec_name *pool, struct hec_batch_item *items,
		     uint32_t nr)
{
	uint32_t i;

	hec_env_lock(&client->lock);
	for (i = 0; i < nr; i++) {
		struct hec_name name = name_of(pool, &items[i]);

		if (items[i].own.flags)
			items[i].status = hec_put_link(cache, client, &name,
						       &items[i].own.record);
	}
	hec_env_unlock(&client->lock);
}

int hec_put_batch(struct hec_cache *cache, struct hec_client *client,
		  uint64_t pool, struct hec_batch_item *items, uint32_t nr)
{
	struct hec_name any, name;
	uint32_t i;

	if (!nr || nr > HEC_BATCH_MAX)
		return HEC_EINVAL;
	memset(&any, 0, sizeof(any));
	name_all(cache, client, pool, items, nr, &any);
	for (i = 0; i < nr; i++) {
		int err;

		if (!items[i].own.flags)
			continue;
		name = name_of(&any, &items[i]);
		if (i + 1 < nr)
			hec_content_prefetch_source(cache, items[i + 1].page);
		err = hec_put_begin(cache, client, &name, items[i].page,
				    &items[i].own.record);
		if (err)
			end_item(&items[i], err);
		else
			hec_content_put(cache, &name, items[i].own.record,
					items[i].page);
	}
	link_all(cache, client, &any, items, nr);
	give_all(cache, client, items, nr);
	for (i = 0; i < nr; i++) {
		name = name_of(&any, &items[i]);
		if (items[i].own.flags && items[i].status)
			hec_page_drop(cache, client, &name);
	}
	return HEC_OK;
}

/* The buckets are here by now, and name the records. */
static void fetch_records(struct hec_cache *cache,
			  const struct hec_batch_item *items, uint32_t nr)
{
	uint32_t i, n;

	for (i = 0; i < nr; i++) {
		if (!items[i].own.flags)
			continue;
		n = hec_index_guess(&cache->index, items[i].own.hash);
		if (n != HEC_NO_RECORD)
			hec_env_prefetchw(&cache->records[n]);
	}
}

static void pin_item(struct hec_cache *cache, const struct hec_name *pool,
		     struct hec_batch_item *item)
{
	struct hec_name name = name_of(pool, item);
	int err;

	if (!item->own.flags)
		return;
	err = hec_get_pin(cache, &name, &item->own.record);
	if (err)
		end_item(item, err);
}

static void copy_item(struct hec_cache *cache, const struct hec_name *pool,
		      struct hec_batch_item *item)
{
	struct hec_name name = name_of(pool, item);

	if (!item->own.flags)
		return;
	item->status =
		hec_content_get(cache, &name, item->own.record, item->page)
			? HEC_OK
			: HEC_EIO;
}

static void finish_all(struct hec_cache *cache, struct hec_client *client,
		       const struct hec_name *pool,
		       struct hec_batch_item *items, uint32_t nr)
{
	uint32_t i;

	hec_env_lock(&client->lock);
	for (i = 0; i < nr; i++) {
		struct hec_name name = name_of(pool, &items[i]);

		if (items[i].own.flags)
			items[i].status =
				hec_get_finish(cache, client, &name,
					       &items[i].own.record,
					       items[i].status == HEC_OK);
	}
	hec_env_unlock(&client->lock);
}

int hec_get_batch(struct hec_cache *cache, struct hec_client *client,
		  uint64_t pool, struct hec_batch_item *items, uint32_t nr)
{
	struct hec_name any, name;
	uint32_t i;

	if (!nr || nr > HEC_BATCH_MAX)
		return HEC_EINVAL;
	memset(&any, 0, sizeof(any));
	name_all(cache, client, pool, items, nr, &any);
	fetch_records(cache, items, nr);
	pin_item(cache, &any, &items[0]);
	for (i = 0; i < nr; i++) {
		/* Pinning it begins to fetch the next page. */
		if (i + 1 < nr)
			pin_item(cache, &any, &items[i + 1]);
		copy_item(cache, &any, &items[i]);
	}
	finish_all(cache, client, &any, items, nr);
	give_all(cache, client, items, nr);
	for (i = 0; i < nr; i++) {
		name = name_of(&any, &items[i]);
		if (items[i].own.flags && items[i].status)
			hec_content_wipe(cache, items[i].page);
		if (items[i].status == HEC_ENOENT)
			hec_count_miss(client, &name);
	}
	return HEC_OK;
}
