/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Entries: linking and unlinking a page.  The index, its client's queue and its
 * object's list change together.
 *
 * Context: the client's lock, unless a function says otherwise.
 */
#ifndef HEC_ENTRY_H
#define HEC_ENTRY_H

#include "name.h"

/*
 * The page of that name, or HEC_NO_RECORD.  Context: any; without the client's
 * lock the answer may be old.
 */
uint32_t hec_entry_find(struct hec_cache *cache, const struct hec_name *name);

/* The same.  Context: [shard] of the name. */
uint32_t hec_entry_look_up(const struct hec_cache *cache,
			   const struct hec_name *name);

/* The header of the name's object.  HEC_NO_RECORD: the object has no pages. */
uint32_t hec_entry_header(struct hec_cache *cache, const struct hec_name *name);

/*
 * Links page @n, which is filled and taken, under @name.  It replaces an older page
 * of that name.  If the caller has to give the older page back, *@older is its
 * record, else HEC_NO_RECORD.  HEC_ESTALE: the pool has ended.  HEC_ENOSPC: there is
 * no room in the tables.  After an error nothing was linked, and the caller drops an
 * older page itself.
 */
int hec_entry_link(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name, uint32_t n, uint32_t *older);

/*
 * Unlinks page @n.  True: the caller gives its frame back.  False: a get has it
 * pinned, and will give the frame back.
 */
bool hec_entry_unlink(struct hec_cache *cache, struct hec_client *client,
		      uint32_t n, enum hec_leave why);

/*
 * Ends a get's pin of page @n.  True: the page was still linked.  It stays linked if
 * it is persistent, or if the pool's gets keep and the page is sound (@why is
 * HEC_LEAVE_HANDED_UP); else it is unlinked.  *@mine: the caller gives its frame back.
 */
bool hec_entry_unpin(struct hec_cache *cache, struct hec_client *client,
		     const struct hec_name *name, uint32_t n,
		     enum hec_leave why, bool *mine);

/* Fetches what linking or finding a page of that name will touch. */
void hec_entry_prefetch(const struct hec_cache *cache,
			const struct hec_name *name);

/* Fetches what evicting the oldest page of a queue will touch. [client] */
void hec_entry_prefetch_victim(const struct hec_cache *cache,
			       const struct hec_client *client, uint32_t queue);

/*
 * The client whose page @n is.  Context: any; without the lock of that client the
 * answer may be old, or NULL.
 */
struct hec_client *hec_entry_client(const struct hec_cache *cache, uint32_t n);

#endif
