/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Making room: who pays, and with which page.
 *
 * A client at its own maximum pays itself.  Otherwise each client's burden is
 *
 *     (frames charged - frames guaranteed) * cost / weight
 *
 * The client with the greatest burden pays.  The client that asks is counted with
 * the frame it asks for; so between equals it pays itself.  Nobody pays out of its
 * guarantee.  The payer's policy says which of its pages goes.
 *
 * Where there are many clients, to look at all of them costs more than a page does.
 * So in a large cache the payer that was found pays for some more frames, unless
 * it has become lighter than the client that asks.
 *
 * The cost of a page is 1, unless idle memory is taxed as in VMware's ESX
 * (Waldspurger, OSDI 2002).  With tax t, and a share f of the client's pages active,
 * the cost is f + (1 - f) / (1 - t).  A page counts as active if it was got lately.
 * A turn of the cache is as many evictions as it has frames; the count of active
 * pages is halved with each turn.
 *
 * A frame goes from the payer to the client that asks without being free in between.
 * So no third client can take it.  Some evictions win no frame: a get may have the
 * victim pinned, and gives the frame back later, or the victim has no frame.  Then
 * the next page goes, up to HEC_ROOM_EVICTIONS.  A put that still has no frame is
 * refused.
 */
#include "room.h"

#include "entry.h"
#include "past.h"

#define TURN_SHIFT 13 /* a payer pays again once for 2^13 frames of the cache */
#define MAX_TURNS 15u
#define STEPS_MORE 32u /* pages looked at for each victim but a put's first */
#define ONE 65536u /* fixed-point numbers with 16 bits of fraction */

static uint32_t limit_of(const struct hec_client *client)
{
	uint32_t max = hec_env_peek(client->config.max_pages);

	return max ? max : HEC_MAX_FRAMES;
}

static uint32_t weight_of(const struct hec_client *client)
{
	uint32_t weight = hec_env_peek(client->config.weight);

	return weight ? weight : HEC_WEIGHT;
}

/* How many pages eviction can take: all but the persistent ones. */
static uint32_t evictable(const struct hec_client *client)
{
	return hec_env_peek(client->policy.nr[0]) +
	       hec_env_peek(client->policy.nr[1]);
}

static uint64_t frames_of(const struct hec_cache *cache)
{
	return (uint64_t)hec_env_peek(cache->frames.nr_chunks)
	       << cache->frames.chunk_shift;
}

/* How many turns the cache has made so far. */
static uint64_t epoch_of(const struct hec_cache *cache)
{
	uint64_t frames = frames_of(cache);

	return hec_env_peek(cache->evictions) / (frames ? frames : 1);
}

/* The count of active pages, halved for each turn up to @epoch. */
static uint32_t recent_in(const struct hec_client *client, uint64_t epoch)
{
	uint64_t turns = epoch - hec_env_peek(client->epoch);

	return turns < 32 ? hec_env_peek(client->recent) >> turns : 0;
}

void hec_room_note_hit(struct hec_cache *cache, struct hec_client *client)
{
	uint64_t epoch;

	hec_env_assert_held(&client->lock);
	if (!hec_env_peek(cache->idle_tax))
		return;
	epoch = epoch_of(cache);
	hec_env_write_once(client->recent, recent_in(client, epoch) + 1);
	hec_env_write_once(client->epoch, epoch);
}

static uint64_t cost_of(const struct hec_cache *cache,
			const struct hec_client *client, uint32_t charged)
{
	uint32_t tax = hec_env_peek(cache->idle_tax);
	uint64_t active, idle_cost;

	if (!tax)
		return ONE;
	active = (uint64_t)recent_in(client, epoch_of(cache)) * ONE / charged;
	if (active > ONE)
		active = ONE;
	idle_cost = (uint64_t)ONE * 100 / (100 - tax);
	return active + (((ONE - active) * idle_cost) >> 16);
}

/*
 * The burden of a client that is charged @charged frames.  0: it does not pay.
 */
static uint64_t burden_of(const struct hec_cache *cache,
			  const struct hec_client *client, uint32_t charged)
{
	uint32_t guaranteed = hec_env_peek(client->config.guaranteed_pages);

	if (charged <= guaranteed)
		return 0;
	/* At most 30 + 21 + 8 bits: it fits 64, and small ones are told apart. */
	return (((uint64_t)(charged - guaranteed) *
		 cost_of(cache, client, charged))
		<< 8) / weight_of(client) +
	       1;
}

/* The burden now, with the frame that @asking asks for.  0: it cannot pay. */
static uint64_t burden_now(const struct hec_cache *cache,
			   const struct hec_client *client,
			   const struct hec_client *asking)
{
	uint32_t charged = hec_env_peek(cache->frames.charged[client->number]);

	if (!charged || !evictable(client))
		return 0;
	return burden_of(cache, client, charged + (client == asking));
}

/*
 * The client that pays for a frame that @asking wants.  @asking is NULL if the cache
 * shrinks.  Returns NULL if nobody can pay.  It takes no lock, so the choice may be a
 * little old.
 */
static struct hec_client *look_for_payer(struct hec_cache *cache,
					 struct hec_client *asking)
{
	uint32_t end = hec_env_peek(cache->clients_end), i;
	struct hec_client *payer = NULL;
	uint64_t most = 0;

	for (i = 0; i < end; i++) {
		struct hec_client *client = &cache->clients[i];
		uint64_t burden = burden_now(cache, client, asking);

		if (burden > most ||
		    (burden && burden == most && client == asking)) {
			most = burden;
			payer = client;
		}
	}
	/* Nobody is above its guarantee: then the client that asks pays itself. */
	if (!most && asking && evictable(asking) &&
	    hec_env_peek(cache->frames.charged[asking->number]))
		return asking;
	return payer;
}

/* For how many more frames a payer pays before all clients are looked at again. */
static uint32_t turns_of(const struct hec_cache *cache)
{
	uint64_t turns = frames_of(cache) >> TURN_SHIFT;

	return turns < MAX_TURNS ? (uint32_t)turns : MAX_TURNS;
}

/* The heavier of the last payer and @asking; NULL: all must be looked at. */
static struct hec_client *payer_again(struct hec_cache *cache,
				      struct hec_client *asking)
{
	uint32_t turns = hec_env_peek(asking->payer_turns);
	struct hec_client *payer;
	uint64_t burden, own;

	if (!turns)
		return NULL;
	hec_env_write_once(asking->payer_turns, turns - 1);
	payer = &cache->clients[hec_env_peek(asking->payer)];
	burden = burden_now(cache, payer, asking);
	own = burden_now(cache, asking, asking);
	if (!burden && !own)
		return NULL;
	return burden > own ? payer : asking;
}

static struct hec_client *choose_payer(struct hec_cache *cache,
				       struct hec_client *asking)
{
	struct hec_client *payer = payer_again(cache, asking);

	if (payer)
		return payer;
	payer = look_for_payer(cache, asking);
	if (payer) {
		hec_env_write_once(asking->payer, payer->number);
		hec_env_write_once(asking->payer_turns, turns_of(cache));
	}
	return payer;
}

/* What came of an eviction. */
enum outcome {
	NO_PAGE, /* the client has no page that could go */
	NO_FRAME, /* a page went: it had no frame, or a get will give it back */
	WON, /* a page went; its frame is ours, and still charged to the client */
};

/* Unlinks the page of @payer that its policy chooses. [client] */
static enum outcome unlink_victim(struct hec_cache *cache,
				  struct hec_client *payer, uint32_t steps,
				  uint32_t *n)
{
	bool mine;

	hec_env_assert_held(&payer->lock);
	*n = hec_policy_victim(&payer->policy, steps);
	if (*n == HEC_NO_RECORD)
		return NO_PAGE;
	payer->stats.evictions++;
	mine = hec_entry_unlink(cache, payer, *n, HEC_LEAVE_EVICTED);
	/* The next eviction will probably be from the same queue. */
	hec_entry_prefetch_victim(cache, payer,
				  cache->records[*n].queue & HEC_QUEUE_MASK);
	return mine ? WON : NO_FRAME;
}

/*
 * Evicts a page of @payer; its policy looks at @steps pages at the most.  *@n is the
 * frame, if one was won.
 */
static enum outcome evict(struct hec_cache *cache, struct hec_client *payer,
			  uint32_t steps, uint32_t *n)
{
	enum outcome outcome;

	hec_env_lock(&payer->lock);
	outcome = unlink_victim(cache, payer, steps, n);
	hec_env_unlock(&payer->lock);
	hec_env_add64(&cache->evictions, outcome != NO_PAGE);
	hec_past_relieve(cache, payer);
	if (outcome == WON && !hec_form_frames(&cache->frames, *n)) {
		hec_store_give(&cache->store, *n, payer->number);
		outcome = NO_FRAME;
	}
	return outcome;
}

static bool is_over(const struct hec_cache *cache,
		    const struct hec_client *client, uint32_t limit)
{
	return hec_env_peek(cache->frames.charged[client->number]) >= limit;
}

/*
 * @client has as many frames as it may: it pays with one of its own.  If it has more,
 * because its maximum was lowered, it gives up another one.
 */
static enum outcome take_own(struct hec_cache *cache, struct hec_client *client,
			     uint32_t limit, uint32_t steps, uint32_t *n)
{
	enum outcome outcome = evict(cache, client, steps, n);
	uint32_t surplus;

	if (outcome != WON)
		return outcome;
	if (is_over(cache, client, limit + 1) &&
	    evict(cache, client, STEPS_MORE, &surplus) == WON)
		hec_store_give(&cache->store, surplus, client->number);
	return hec_frame_recharge(&cache->frames, *n, client->number,
				  client->number, HEC_MAX_FRAMES)
		       ? WON
		       : NO_FRAME;
}

/* Takes a frame of @payer and charges it to @client. */
static enum outcome take_from(struct hec_cache *cache, struct hec_client *payer,
			      struct hec_client *client, uint32_t limit,
			      uint32_t steps, uint32_t *n)
{
	enum outcome outcome = evict(cache, payer, steps, n);

	if (outcome == WON &&
	    !hec_frame_recharge(&cache->frames, *n, payer->number,
				client->number, limit))
		outcome = NO_FRAME;
	return outcome;
}

uint32_t hec_room_take(struct hec_cache *cache, struct hec_client *client)
{
	uint32_t limit = limit_of(client), looks = HEC_ROOM_LOOKS, tries, n;
	uint32_t steps = HEC_ROOM_STEPS;
	struct hec_client *payer = NULL;
	enum outcome outcome;

	for (tries = HEC_ROOM_EVICTIONS; tries; tries--) {
		n = hec_frame_take(&cache->frames, client->number, limit);
		if (n != HEC_NO_RECORD)
			return n;
		if (is_over(cache, client, limit)) {
			outcome = take_own(cache, client, limit, steps, &n);
		} else {
			if (!payer && looks--)
				payer = choose_payer(cache, client);
			if (!payer)
				break;
			outcome = take_from(cache, payer, client, limit, steps,
					    &n);
		}
		if (outcome == WON)
			return n;
		if (outcome == NO_PAGE)
			payer = NULL;
		steps = STEPS_MORE;
	}
	return HEC_NO_RECORD;
}

/* Of the clients that can give a frame, the one with the most; or NULL. */
static struct hec_client *largest(struct hec_cache *cache)
{
	struct hec_client *payer = NULL;
	uint32_t end = hec_env_peek(cache->clients_end), most = 0, i;

	for (i = 0; i < end; i++) {
		uint32_t charged = hec_env_peek(cache->frames.charged[i]);

		if (charged > most && evictable(&cache->clients[i])) {
			most = charged;
			payer = &cache->clients[i];
		}
	}
	return payer;
}

struct hec_client *hec_room_payer(struct hec_cache *cache)
{
	struct hec_client *payer = look_for_payer(cache, NULL);

	/* The host may take guaranteed frames; other clients may not. */
	return payer ? payer : largest(cache);
}

bool hec_room_make(struct hec_cache *cache, struct hec_client *payer)
{
	uint32_t n;
	enum outcome outcome = evict(cache, payer, STEPS_MORE, &n);

	if (outcome == WON)
		hec_store_give(&cache->store, n, payer->number);
	return outcome != NO_PAGE;
}

int hec_set_idle_tax(struct hec_cache *cache, uint32_t percent)
{
	if (percent > HEC_MAX_IDLE_TAX)
		return HEC_EINVAL;
	hec_env_write_once(cache->idle_tax, percent);
	return HEC_OK;
}
