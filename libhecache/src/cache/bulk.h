/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Emptying a pool.
 */
#ifndef HEC_BULK_H
#define HEC_BULK_H

#include "state.h"

/*
 * Empties a pool, if @pool is still the one with this id, and takes its pages off
 * *@budget (0 wraps, to more than any pool has); HEC_EAGAIN: it was used up first.
 */
int hec_pool_empty(struct hec_cache *cache, struct hec_client *client,
		   struct hec_pool *pool, uint64_t id, uint32_t *budget);

#endif
