/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Clients: how they come and go, and what they are promised.
 */
#include "pool.h"
#include "stats.h"

#define FORGET_STEP 64u /* ghosts forgotten before the lock is released */

/* The first free slot, or max_clients: none is free. [admin] */
static uint32_t free_client(const struct hec_cache *cache)
{
	uint32_t i;

	for (i = 0; i < cache->config.max_clients; i++)
		if (!cache->clients[i].in_use)
			break;
	return i;
}

static int check_client(const struct hec_client_config *config)
{
	if (!hec_policy_name(config->policy) ||
	    config->weight > HEC_MAX_WEIGHT ||
	    config->guaranteed_pages > HEC_MAX_FRAMES ||
	    config->max_pools > HEC_MAX_CLIENT_POOLS ||
	    (config->max_pages && config->max_pages < config->guaranteed_pages))
		return HEC_EINVAL;
	return HEC_OK;
}

/*
 * Promises @now frames to @client instead of @before.  HEC_ENOSPC: all guarantees
 * together would be more than the frames that there are now. [admin]
 */
static int promise(struct hec_cache *cache, const struct hec_client *client,
		   uint32_t before, uint32_t now)
{
	uint64_t all = cache->guaranteed - before + now;

	hec_env_assert_held(&cache->admin);
	hec_env_assert(hec_cache_is_valid(cache));
	if (now > before && all > hec_frames_present(&cache->frames))
		return HEC_ENOSPC;
	hec_env_write_once(cache->guaranteed, all);
	hec_spare_reserve(&cache->frames, client->number, now);
	return HEC_OK;
}

static void configure(struct hec_client *client,
		      const struct hec_client_config *config)
{
	client->config.label = config->label;
	hec_env_write_once(client->config.guaranteed_pages,
			   config->guaranteed_pages);
	hec_env_write_once(client->config.max_pages, config->max_pages);
	hec_env_write_once(client->config.weight, config->weight);
	client->config.max_pools = config->max_pools;
	client->config.policy = config->policy;
	hec_env_write_once(client->policy.most, config->max_pages);
	if (!client->config.max_pools)
		client->config.max_pools = HEC_CLIENT_POOLS;
}

static void client_start(struct hec_cache *cache, struct hec_client *client,
			 const struct hec_client_config *config)
{
	hec_env_assert_held(&cache->admin);
	client->in_use = true;
	client->newest_pool = HEC_NO_POOL;
	client->oldest_pool = HEC_NO_POOL;
	client->features = 0;
	hec_env_lock(&client->lock);
	hec_env_write_once(client->frozen, false);
	hec_env_write_once(client->recent, 0);
	configure(client, config);
	hec_policy_init(&client->policy, config->policy, client->number);
	memset(&client->stats, 0, sizeof(client->stats));
	hec_env_unlock(&client->lock);
	hec_env_write_once(client->misses, 0);
	hec_env_write_once(client->flushes, 0);
	hec_env_write_once(client->unasked, 0);
	hec_env_write_once(client->payer_turns, 0);
	hec_env_write_once(client->sequence.breaks, 0);
	hec_sequence_stop(&client->sequence);
	cache->nr_clients++;
	if (cache->clients_end <= client->number)
		hec_env_write_once(cache->clients_end, client->number + 1);
}

/* [admin] */
static void client_stop(struct hec_cache *cache, struct hec_client *client)
{
	uint32_t end = cache->clients_end;

	hec_env_assert_held(&cache->admin);
	hec_env_assert(cache->nr_clients && hec_cache_is_valid(cache));
	client->in_use = false;
	cache->nr_clients--;
	while (end && !cache->clients[end - 1].in_use)
		end--;
	hec_env_write_once(cache->clients_end, end);
}

int hec_client_create(struct hec_cache *cache,
		      const struct hec_client_config *config,
		      struct hec_client **client)
{
	uint32_t n;
	int err = check_client(config);

	if (err)
		return err;
	hec_env_lock(&cache->admin);
	n = free_client(cache);
	err = n == cache->config.max_clients
		      ? HEC_ENOMEM
		      : promise(cache, &cache->clients[n], 0,
				config->guaranteed_pages);
	if (!err) {
		*client = &cache->clients[n];
		client_start(cache, *client, config);
	}
	hec_env_unlock(&cache->admin);
	return err;
}

/* The configuration of @client, changed by @change. [admin] */
static struct hec_client_config merge(const struct hec_client *client,
				      const struct hec_client_change *change)
{
	struct hec_client_config config = client->config;

	if (change->terms & HEC_TERM_GUARANTEED)
		config.guaranteed_pages = change->config.guaranteed_pages;
	if (change->terms & HEC_TERM_MAX)
		config.max_pages = change->config.max_pages;
	if (change->terms & HEC_TERM_WEIGHT)
		config.weight = change->config.weight;
	if (change->terms & HEC_TERM_POOLS)
		config.max_pools = change->config.max_pools;
	if (change->terms & HEC_TERM_POLICY)
		config.policy = change->config.policy;
	return config;
}

/* Makes a change that was found to be possible. */
static void apply(struct hec_client *client,
		  const struct hec_client_change *change,
		  const struct hec_client_config *config)
{
	hec_env_lock(&client->lock);
	configure(client, config);
	hec_policy_switch(&client->policy, config->policy);
	if (change->terms & HEC_TERM_FROZEN)
		hec_env_write_once(client->frozen, change->frozen);
	hec_env_unlock(&client->lock);
}

int hec_client_change(struct hec_cache *cache, struct hec_client *client,
		      const struct hec_client_change *change)
{
	struct hec_client_config config;
	int err;

	if (change->terms & ~HEC_TERMS_KNOWN)
		return HEC_EINVAL;
	hec_env_lock(&cache->admin);
	config = merge(client, change);
	err = check_client(&config);
	if (!err)
		err = promise(cache, client, client->config.guaranteed_pages,
			      config.guaranteed_pages);
	if (!err)
		apply(client, change, &config);
	hec_env_unlock(&cache->admin);
	return err;
}

int hec_client_set(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_client_config *config)
{
	const struct hec_client_change change = {
		.terms = HEC_TERMS_KNOWN & ~HEC_TERM_FROZEN,
		.config = *config,
	};

	return hec_client_change(cache, client, &change);
}

void hec_client_get(struct hec_cache *cache, struct hec_client *client,
		    struct hec_client_config *config)
{
	(void)cache;
	hec_env_lock(&client->lock);
	*config = client->config;
	hec_env_unlock(&client->lock);
}

void hec_client_freeze(struct hec_cache *cache, struct hec_client *client,
		       bool frozen)
{
	const struct hec_client_change change = {
		.terms = HEC_TERM_FROZEN,
		.frozen = frozen,
	};

	hec_client_change(cache, client, &change);
}

bool hec_client_is_frozen(struct hec_cache *cache, struct hec_client *client)
{
	(void)cache;
	return hec_env_peek(client->frozen);
}

/* Forgets @budget ghosts at the most, in small steps.  False: more are left. */
static bool forget_past(struct hec_cache *cache, struct hec_client *client,
			uint32_t budget)
{
	bool done = false;

	while (budget && !done) {
		uint32_t some = budget < FORGET_STEP ? budget : FORGET_STEP;

		hec_env_lock(&client->lock);
		done = hec_ghost_forget_some(&cache->ghosts,
					     &client->policy.past, some);
		hec_env_unlock(&client->lock);
		budget -= some;
	}
	return done;
}

int hec_client_destroy(struct hec_cache *cache, struct hec_client *client,
		       uint32_t budget)
{
	int err = hec_client_end_pools(cache, client, budget);
	struct hec_stats last;
	bool done;

	if (err)
		return err;
	done = forget_past(cache, client, budget ? budget : HEC_MAX_FRAMES);
	if (!done)
		return HEC_EAGAIN;
	hec_env_lock(&cache->admin);
	hec_client_stats(cache, client, &last);
	hec_stats_add(&cache->past, &last);
	promise(cache, client, client->config.guaranteed_pages, 0);
	hec_env_write_once(client->config.guaranteed_pages, 0);
	client_stop(cache, client);
	hec_env_unlock(&cache->admin);
	return HEC_OK;
}
