/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Batches: single puts and gets, one after the other.  What each would wait for is
 * fetched before, while earlier pages are copied:
 *
 *     copy of page i         fetches the start of page i + 1
 *     before it: puts        bucket of i + 1
 *                gets        bucket of i + 3, record of i + 2; pin i + 1
 *
 * The fetch of a page begins at the end of the copy before it.  So memory is at
 * work while lists and locks are handled.  Yet no more is fetched at a time than
 * memory can deliver.
 */
#include "entry.h"
#include "get.h"
#include "put.h"

/*
 * Gives each item a status.  If it is 0, the item also gets its hash, and *@any
 * becomes the item's name.  If it is not 0, the item is done: this is its error.
 */
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
		if (items[i].status)
			continue;
		items[i].own.hash = name.hash;
		*any = name;
	}
}

/* The name of an item whose status name_all() has set to 0. */
static struct hec_name name_of(const struct hec_name *any,
			       const struct hec_batch_item *item)
{
	struct hec_name name = *any;

	name.key.object = item->object;
	name.key.index = item->index;
	name.hash = item->own.hash;
	return name;
}

/* The name of item @i.  False: there is no such item, or it is done. */
static bool open_item(const struct hec_name *any,
		      const struct hec_batch_item *items, uint32_t nr,
		      uint32_t i, struct hec_name *name)
{
	if (i >= nr || items[i].status)
		return false;
	*name = name_of(any, &items[i]);
	return true;
}

static void fetch_bucket(const struct hec_cache *cache,
			 const struct hec_name *any,
			 const struct hec_batch_item *items, uint32_t nr,
			 uint32_t i)
{
	struct hec_name name;

	if (open_item(any, items, nr, i, &name))
		hec_entry_prefetch(cache, &name);
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
	hec_store_prefetch_source(&cache->store, items[0].page);
	fetch_bucket(cache, &any, items, nr, 0);
	for (i = 0; i < nr; i++) {
		const struct hec_batch_item *next =
			&items[i + 1 < nr ? i + 1 : i];

		fetch_bucket(cache, &any, items, nr, i + 1);
		if (items[i].status)
			continue;
		name = name_of(&any, &items[i]);
		items[i].status = hec_put_named(cache, client, &name,
						items[i].page, next->page);
	}
	return HEC_OK;
}

/* The bucket has been fetched; it tells which record to fetch. */
static void fetch_record(const struct hec_cache *cache,
			 const struct hec_name *any,
			 const struct hec_batch_item *items, uint32_t nr,
			 uint32_t i)
{
	struct hec_name name;

	if (open_item(any, items, nr, i, &name))
		hec_get_fetch(cache, &name);
}

/* Pins the page of item @i.  HEC_NO_RECORD: none; the item's status says why. */
static uint32_t pin(struct hec_cache *cache, const struct hec_name *any,
		    struct hec_batch_item *items, uint32_t nr, uint32_t i)
{
	struct hec_name name;
	uint32_t n;

	if (!open_item(any, items, nr, i, &name))
		return HEC_NO_RECORD;
	items[i].status = hec_get_pin(cache, &name, &n);
	return items[i].status ? HEC_NO_RECORD : n;
}

int hec_get_batch(struct hec_cache *cache, struct hec_client *client,
		  uint64_t pool, struct hec_batch_item *items, uint32_t nr)
{
	struct hec_name any, name;
	uint32_t i, n, next;

	if (!nr || nr > HEC_BATCH_MAX)
		return HEC_EINVAL;
	memset(&any, 0, sizeof(any));
	name_all(cache, client, pool, items, nr, &any);
	for (i = 0; i < 3; i++)
		fetch_bucket(cache, &any, items, nr, i);
	for (i = 0; i < 2; i++)
		fetch_record(cache, &any, items, nr, i);
	n = HEC_NO_RECORD;
	next = pin(cache, &any, items, nr, 0);
	for (i = 0; i < nr; i++) {
		if (n == HEC_NO_RECORD && next != HEC_NO_RECORD)
			hec_store_prefetch(&cache->store, next);
		n = next;
		fetch_bucket(cache, &any, items, nr, i + 3);
		fetch_record(cache, &any, items, nr, i + 2);
		next = pin(cache, &any, items, nr, i + 1);
		name = name_of(&any, &items[i]);
		if (n != HEC_NO_RECORD)
			items[i].status = hec_get_pinned(
				cache, client, &name, n, next, items[i].page);
		if (items[i].status == HEC_ENOENT)
			hec_count_miss(cache, client, &name);
	}
	return HEC_OK;
}
