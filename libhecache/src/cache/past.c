/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who forgets, when the table of ghosts is crowded.
 *
 * While frames are free, several clients may each count them as room, and make
 * ghosts for pages that they will never have.  Together they then have more than
 * the table holds.  A client that has ghosts for no more than its own pages never
 * pays for that: whoever finds the table crowded looks at a few clients in turn
 * and has the one with the largest excess forget some of its own.
 *
 * Each ghost that finds the table crowded costs the others FORGOTTEN of theirs, so
 * that the excess goes much faster than ghosts come.
 */
#include "past.h"

#define LOOKS 8u /* clients looked at */
#define FORGOTTEN 16u /* ghosts that one of them forgets */

static struct hec_client *larger(struct hec_client *a, struct hec_client *b)
{
	return hec_past_excess(&b->policy) > hec_past_excess(&a->policy) ? b
									 : a;
}

/*
 * The one with the largest excess: of the client that paid last, of @client and of
 * some others, each time more of them.
 */
static struct hec_client *choose(struct hec_cache *cache,
				 struct hec_client *client)
{
	uint32_t end = hec_env_peek(cache->clients_end), looks;
	uint32_t hand = hec_env_peek(cache->past_hand);
	uint32_t last = hec_env_peek(cache->past_payer);

	client = larger(client, &cache->clients[last]);
	for (looks = 0; looks < LOOKS && end; looks++) {
		hand = hand + 1 < end ? hand + 1 : 0;
		client = larger(client, &cache->clients[hand]);
	}
	hec_env_write_once(cache->past_hand, hand);
	hec_env_write_once(cache->past_payer, client->number);
	return client;
}

void hec_past_relieve(struct hec_cache *cache, struct hec_client *client)
{
	struct hec_client *payer;

	if (!hec_env_peek(client->policy.past.crowded))
		return;
	payer = choose(cache, client);
	hec_env_lock(&payer->lock);
	hec_past_forget_excess(&payer->policy, FORGOTTEN);
	hec_env_unlock(&payer->lock);
	hec_env_lock(&client->lock);
	client->policy.past.crowded = false;
	hec_env_unlock(&client->lock);
}
