/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Emptying a pool.
 */
#ifndef HEC_BULK_H
#define HEC_BULK_H

#include "state.h"

/*
 * Empties @pool, if its id still is @id.  Each page takes 1 off *@budget.
 * HEC_EAGAIN: *@budget is used up.  A budget of 0 wraps, and is then larger than any
 * pool: it means no limit.
 */
int hec_pool_empty(struct hec_cache *cache, struct hec_client *client,
		   struct hec_pool *pool, uint64_t id, uint32_t *budget);

#endif
