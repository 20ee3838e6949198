/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The past of clients that have more of it than their pages are worth.
 */
#ifndef HEC_CACHE_PAST_H
#define HEC_CACHE_PAST_H

#include "state.h"

/*
 * Called after @client may have added a ghost.  If the table was crowded, one of
 * the clients with more ghosts than their pages have room for forgets some.
 * Context: no locks held.  Bound: constant.
 */
void hec_past_relieve(struct hec_cache *cache, struct hec_client *client);

#endif
