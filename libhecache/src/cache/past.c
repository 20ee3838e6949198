/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who forgets, when the table of ghosts is crowded.
 *
 * While frames are free, several clients may each count them as room.  They then make
 * ghosts for pages that they will never have.  Together these may be more than the
 * table holds.
 *
 * A client's excess is the ghosts that it has beyond those its own pages allow.  A
 * client with no excess never pays.  Whoever finds the table crowded looks at a few
 * clients in turn.  The one with the largest excess forgets some of its ghosts.
 *
 * Each ghost that finds the table crowded makes such a client forget FORGOTTEN ghosts.
 * So the excess goes much faster than new ghosts come.
 */
#include "past.h"

#define LOOKS 8u /* clients looked at, in turn */
#define FORGOTTEN 16u /* ghosts that the payer forgets, at the most */

static struct hec_client *larger(struct hec_client *a, struct hec_client *b)
{
	return hec_past_excess(&b->policy) > hec_past_excess(&a->policy) ? b
									 : a;
}

/*
 * The client with the largest excess, among @client, the one that paid last, and
 * LOOKS others.  The next call goes on with the clients behind these.
 */
static struct hec_client *choose(struct hec_cache *cache,
				 struct hec_client *client)
{
	uint32_t end = hec_env_peek(cache->clients_end), looks;
	uint32_t hand = hec_env_peek(cache->past_hand);
	uint32_t last = hec_env_peek(cache->past_payer);

	client = larger(client, &cache->clients[last]);
	for (looks = 0; looks < LOOKS; looks++) {
		hand = hand + 1 < end ? hand + 1 : 0;
		client = larger(client, &cache->clients[hand]);
	}
	hec_env_write_once(cache->past_hand, hand);
	hec_env_write_once(cache->past_payer, client->number);
	return client;
}

void hec_past_make_room(struct hec_cache *cache, struct hec_client *client)
{
	struct hec_client *payer = choose(cache, client);

	hec_env_lock(&payer->lock);
	hec_past_forget_excess(&payer->policy, FORGOTTEN);
	hec_env_unlock(&payer->lock);
	hec_env_lock(&client->lock);
	hec_env_write_once(client->policy.past.crowded, false);
	hec_env_unlock(&client->lock);
}
