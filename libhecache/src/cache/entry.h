/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Entries: linking and unlinking a page, so that the index, its client's queue
 * and its object's list change together.
 *
 * Context: the client's lock, but where said.
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

/* The header of the name's object, or HEC_NO_RECORD: it has no pages. */
uint32_t hec_entry_header(struct hec_cache *cache, const struct hec_name *name);

/*
 * Links page @n, filled and taken, under @name, in the place of any other;
 * *@older is the record that went, if its frame is now the caller's to give
 * back, else HEC_NO_RECORD.  HEC_ESTALE: the pool is no more; HEC_ENOSPC:
 * no room in the tables; older content is gone then too.
 */
int hec_entry_link(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name, uint32_t n, uint32_t *older);

/*
 * Unlinks page @n.  True: its frame is the caller's to give back; false: a get
 * has it pinned and will.
 */
bool hec_entry_unlink(struct hec_cache *cache, struct hec_client *client,
		      uint32_t n, enum hec_leave why);

/*
 * Ends a get's pin of page @n; true if it was still linked.  Then a sound page
 * of a pool whose gets keep stays linked; any other is unlinked.  *@mine: its
 * frame is the caller's to give back.
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
 * The client whose page @n is.  Context: any; without the lock of the client
 * that it returns the answer may be old, or NULL.
 */
struct hec_client *hec_entry_client(const struct hec_cache *cache, uint32_t n);

#endif
