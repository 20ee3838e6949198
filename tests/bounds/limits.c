/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The bounds, see limits.h.
 */
#include "limits.h"

const struct limit limits[NR_BOUNDED] = {
	[BOUND_HELLO] = { "HELLO", 250000, 100, 0 },
	[BOUND_POOL_NEW] = { "POOL_NEW", 250, 120, 0 },
	[BOUND_POOL_END] = { "POOL_END", 250000, 100, 0 },
	[BOUND_PUT] = { "PUT", 30000, 12000, 16 },
	[BOUND_GET] = { "GET", 2000, 1200, 0 },
	[BOUND_FLUSH] = { "FLUSH", 1000, 400, 0 },
	[BOUND_FLUSH_RANGE] = { "FLUSH_RANGE", 1000000, 400, 0 },
	[BOUND_FLUSH_POOL] = { "FLUSH_POOL", 250000, 100, 0 },
	[BOUND_BATCH] = { "BATCH", 1200000, 12000, 800 },
	[BOUND_SKIP] = { "a call that skips", 20000, 20000, 0 },
	/* Its evictions may make a client forget, as a get's ghost may. */
	[BOUND_SHRINK] = { "hec_shrink", 150000, 1200, 1200 },
	[BOUND_GROW] = { "hec_grow", 100000, 10, 0 },
	[BOUND_CREATE] = { "hec_client_create", 100, 4000, 3 },
	[BOUND_DESTROY] = { "hec_client_destroy", 300000, 2000, 0 },
	[BOUND_INFO] = { "hec_pool_info", 4000, 4000, 0 },
	[BOUND_STATS] = { "hec_cache_stats", 100, 8000, 8 },
	[BOUND_BULK] = { "a bulk operation", UINT64_MAX, 5000, 0 },
};
