/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Making room: who pays, and with which page.
 *
 * A client at its own limit pays itself.  Otherwise the client that is charged
 * most pays: a newcomer grows at the expense of the largest until all are
 * alike, and nobody shrinks below an equal share for somebody else.  Which page
 * of the payer's goes is its policy's verdict.
 *
 * A frame goes from payer to payee without being free in between, so that a
 * third cannot snatch it.  The victim may be pinned by a get, whose frame then
 * comes free later: the search goes on, a bounded number of times.
 */
#include "cache.h"

#define TRIES 16

static uint32_t limit_of(const struct hec_client *client)
{
	return client->config.max_pages ? client->config.max_pages
					: HEC_MAX_FRAMES;
}

/*
 * The client charged most of those that have pages, or NULL.  Read with no
 * lock: a charge that changes meanwhile makes the choice a little older.
 */
static struct hec_client *largest(struct hec_cache *cache)
{
	struct hec_client *payer = NULL;
	uint32_t most = 0, i;

	for (i = 0; i < cache->config.max_clients; i++) {
		uint32_t charged = hec_env_peek(cache->frames.charged[i]);

		if (charged > most &&
		    hec_env_peek(cache->clients[i].stats.pages)) {
			most = charged;
			payer = &cache->clients[i];
		}
	}
	return payer;
}

/*
 * Evicts a page of @payer.  *@n is its frame, still charged to @payer, or
 * HEC_NO_RECORD if a get will give it back.  False: @payer has no page.
 */
static bool evict(struct hec_cache *cache, struct hec_client *payer,
		  uint32_t *n)
{
	bool found = false;

	hec_env_lock(&payer->lock);
	*n = hec_policy_victim(&payer->policy);
	if (*n != HEC_NO_RECORD) {
		found = true;
		payer->stats.evictions++;
		if (!hec_entry_unlink(cache, payer, *n, HEC_LEAVE_EVICTED))
			*n = HEC_NO_RECORD;
	}
	hec_env_unlock(&payer->lock);
	return found;
}

uint32_t hec_room_take(struct hec_cache *cache, struct hec_client *client)
{
	uint32_t limit = limit_of(client), n, tries;

	for (tries = TRIES; tries; tries--) {
		struct hec_client *payer = client;

		n = hec_frame_take(&cache->frames, client->number, limit);
		if (n != HEC_NO_RECORD)
			return n;
		if (hec_env_peek(cache->frames.charged[client->number]) < limit)
			payer = largest(cache);
		if (!payer || !evict(cache, payer, &n))
			break;
		if (n != HEC_NO_RECORD &&
		    hec_frame_recharge(&cache->frames, n, payer->number,
				       client->number, limit))
			return n;
	}
	return HEC_NO_RECORD;
}

bool hec_room_make(struct hec_cache *cache)
{
	struct hec_client *payer = largest(cache);
	uint32_t n;

	if (!payer || !evict(cache, payer, &n))
		return false;
	if (n != HEC_NO_RECORD)
		hec_frame_give(&cache->frames, n, payer->number);
	return true;
}
