/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Pools: how they come and go.
 */
#ifndef HEC_POOL_H
#define HEC_POOL_H

#include "state.h"

/*
 * Ends those of a client's pools that there are now; HEC_EAGAIN: @budget (0: no
 * limit), of pools and of pages, was used up first.
 */
int hec_client_end_pools(struct hec_cache *cache, struct hec_client *client,
			 uint32_t budget);

#endif
