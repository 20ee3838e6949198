/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A get of one page, in steps: for single gets, batches and guests' calls.
 */
#ifndef HEC_GET_H
#define HEC_GET_H

#include "name.h"

/*
 * The steps of a get.  hec_get_fetch: finds and fetches, with no lock, the
 * record that it may be, or HEC_NO_RECORD: it is a miss.  hec_get_pin: 0 and *@n,
 * or the error.  hec_get_pinned: does the rest with page @n, whose first lines
 * are on their way; @next is the page that will be copied next, pinned, or
 * HEC_NO_RECORD.  hec_count_miss: where a get ends with HEC_ENOENT.
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
 * For a caller that has to prepare for a get.  hec_look_up: 0 if the page is
 * there; a miss is counted.  hec_look_ahead: fetches what the look-up will touch.
 */
int hec_look_up(struct hec_cache *cache, struct hec_client *client,
		uint64_t pool, uint64_t object, uint64_t index);
void hec_look_ahead(const struct hec_cache *cache,
		    const struct hec_client *client, uint64_t pool,
		    uint64_t object, uint64_t index);

#endif
