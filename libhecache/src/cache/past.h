/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Clients that have more ghosts than their pages allow.
 */
#ifndef HEC_CACHE_PAST_H
#define HEC_CACHE_PAST_H

#include "state.h"

/*
 * @client found the table crowded: one of the clients that have more ghosts than their
 * pages allow forgets some.  Context: no locks held.  Bound: constant.
 */
void hec_past_make_room(struct hec_cache *cache, struct hec_client *client);

/* The same, where it may be so.  Called after @client may have added a ghost. */
static inline void hec_past_relieve(struct hec_cache *cache,
				    struct hec_client *client)
{
	if (hec_env_peek(client->policy.past.crowded))
		hec_past_make_room(cache, client);
}

#endif
