/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Batches: single puts and gets, one after the other, but what each waits for
 * has been fetched by then.
 *
 *     all of them    name it, fetch its bucket of the index and of the ghosts
 *     gets           see in the bucket which record it may be, fetch that
 *     each in turn   copy its page; meanwhile fetch the start of the next
 *                    page, which then arrives during the bookkeeping between
 *
 * A page is on its way from the end of the copy before it, so that memory is
 * never idle while lists and locks are seen to.
 */
#include "cache.h"

/*
 * Gives each item its hash and a status: not 0, and that is all.  *@any becomes
 * the name of one of the others.
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
		hec_entry_prefetch(cache, &name);
		*any = name;
	}
}

/* The name of an item that name_all() has named. */
static struct hec_name name_of(const struct hec_name *any,
			       const struct hec_batch_item *item)
{
	struct hec_name name = *any;

	name.key.object = item->object;
	name.key.index = item->index;
	name.hash = item->own.hash;
	return name;
}

int hec_put_batch(struct hec_cache *cache, struct hec_client *client,
		  uint64_t pool, struct hec_batch_item *items, uint32_t nr)
{
	struct hec_name any, name;
	uint32_t i;

	if (!nr || nr > HEC_BATCH_MAX)
		return HEC_EINVAL;
	name_all(cache, client, pool, items, nr, &any);
	hec_content_prefetch_source(cache, items[0].page);
	for (i = 0; i < nr; i++) {
		const struct hec_batch_item *next =
			&items[i + 1 < nr ? i + 1 : i];

		if (items[i].status)
			continue;
		name = name_of(&any, &items[i]);
		items[i].status = hec_put_named(cache, client, &name,
						items[i].page, next->page);
	}
	return HEC_OK;
}

/* The buckets are here by now, and name the records. */
static void fetch_records(struct hec_cache *cache, const struct hec_name *any,
			  const struct hec_batch_item *items, uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		struct hec_name name = name_of(any, &items[i]);

		if (!items[i].status)
			hec_get_fetch(cache, &name);
	}
}

/* The item's record, pinned, or HEC_NO_RECORD and a status that says why. */
static uint32_t pin_item(struct hec_cache *cache, const struct hec_name *any,
			 struct hec_batch_item *item)
{
	struct hec_name name = name_of(any, item);
	uint32_t n;

	if (!item->status)
		item->status = hec_get_pin(cache, &name, &n);
	return item->status ? HEC_NO_RECORD : n;
}

int hec_get_batch(struct hec_cache *cache, struct hec_client *client,
		  uint64_t pool, struct hec_batch_item *items, uint32_t nr)
{
	struct hec_name any, name;
	uint32_t i, n, next;

	if (!nr || nr > HEC_BATCH_MAX)
		return HEC_EINVAL;
	name_all(cache, client, pool, items, nr, &any);
	fetch_records(cache, &any, items, nr);
	n = HEC_NO_RECORD;
	next = pin_item(cache, &any, &items[0]);
	for (i = 0; i < nr; i++) {
		if (n == HEC_NO_RECORD && next != HEC_NO_RECORD)
			hec_content_prefetch(cache, next);
		n = next;
		next = i + 1 < nr ? pin_item(cache, &any, &items[i + 1])
				  : HEC_NO_RECORD;
		name = name_of(&any, &items[i]);
		if (n != HEC_NO_RECORD)
			items[i].status = hec_get_pinned(
				cache, client, &name, n, next, items[i].page);
		if (items[i].status == HEC_ENOENT)
			hec_count_miss(client, &name);
	}
	return HEC_OK;
}
