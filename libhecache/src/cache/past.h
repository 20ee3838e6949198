/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Clients that have more ghosts than their pages allow.
 */
#ifndef HEC_CACHE_PAST_H
#define HEC_CACHE_PAST_H

#include "state.h"

/*
 * Called after @client may have added a ghost.  If the table was crowded then, one of
 * the clients that have more ghosts than their pages allow forgets some.
 * Context: no locks held.  Bound: constant.
 */
void hec_past_relieve(struct hec_cache *cache, struct hec_client *client);

#endif
