/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A get of one page, in steps: for single gets, batches and guests' calls.
 */
#ifndef HEC_GET_H
#define HEC_GET_H

#include "name.h"

/*
 * The steps of a get.
 * hec_get_fetch() finds a record that may be the page's, with no lock, and fetches
 * it.  HEC_NO_RECORD: it is a miss.
 * hec_get_pin() pins the page: 0 and *@n, or the error.
 * hec_get_pinned() does the rest with page @n, whose first lines should have been
 * fetched.  @next is the page that will be copied next, pinned, or HEC_NO_RECORD.
 * hec_count_miss() is called if the get ends with HEC_ENOENT.
 */
uint32_t hec_get_fetch(const struct hec_cache *cache,
		       const struct hec_name *name);
int hec_get_pin(struct hec_cache *cache, const struct hec_name *name,
		uint32_t *n);
int hec_get_pinned(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name, uint32_t n, uint32_t next,
		   void *dst);
void hec_count_miss(struct hec_cache *cache, struct hec_client *client,
		    const struct hec_name *name);

/*
 * For a caller that has to prepare a get.  hec_look_up() returns 0 if the page is
 * there, and counts a miss if not.  hec_look_ahead() fetches what it will touch.
 */
int hec_look_up(struct hec_cache *cache, struct hec_client *client,
		uint64_t pool, uint64_t object, uint64_t index);
void hec_look_ahead(const struct hec_cache *cache,
		    const struct hec_client *client, uint64_t pool,
		    uint64_t object, uint64_t index);

#endif
