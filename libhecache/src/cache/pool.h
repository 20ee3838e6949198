/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Pools: how they come and go.
 */
#ifndef HEC_POOL_H
#define HEC_POOL_H

#include "state.h"

/*
 * Ends the pools that the client has now; pools made meanwhile stay.  @budget (0: no
 * limit) counts pools and pages.  HEC_EAGAIN: it was used up first.
 */
int hec_client_end_pools(struct hec_cache *cache, struct hec_client *client,
			 uint32_t budget);

#endif
