/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Clients and pools: how they come and go, and their statistics.
 */
#include "cache.h"

/* Slots */

static uint32_t free_client(const struct hec_cache *cache)
{
	uint32_t i;

	for (i = 0; i < cache->config.max_clients; i++)
		if (!cache->clients[i].in_use)
			break;
	return i;
}

static uint32_t free_pool(const struct hec_cache *cache)
{
	uint32_t i;

	for (i = 0; i < cache->config.max_pools; i++)
		if (hec_env_peek(cache->pools[i].state) == HEC_POOL_FREE)
			break;
	return i;
}

/* Clients */

static int check_client(const struct hec_client_config *config)
{
	if (!hec_policy_kind_is_valid(config->policy) ||
	    config->weight > HEC_MAX_WEIGHT ||
	    config->guaranteed_pages > HEC_MAX_FRAMES ||
	    (config->max_pages && config->max_pages < config->guaranteed_pages))
		return HEC_EINVAL;
	return HEC_OK;
}

/*
 * Promises @now frames in the place of @before; HEC_ENOSPC: with all the others'
 * that would be more than the cache can ever have. [admin]
 */
static int promise(struct hec_cache *cache, uint32_t before, uint32_t now)
{
	uint64_t all = cache->guaranteed - before + now;

	if (all > (uint64_t)cache->config.max_chunks
			  << cache->config.chunk_shift)
		return HEC_ENOSPC;
	cache->guaranteed = all;
	return HEC_OK;
}

static void configure(struct hec_client *client,
		      const struct hec_client_config *config)
{
	client->config = *config;
	client->policy.most = config->max_pages;
	if (!client->config.max_pools)
		client->config.max_pools = HEC_CLIENT_POOLS;
}

static void client_start(struct hec_cache *cache, struct hec_client *client,
			 const struct hec_client_config *config)
{
	client->in_use = true;
	client->first_pool = HEC_NO_POOL;
	client->nr_pools = 0;
	client->features = 0;
	client->frozen = false;
	client->recent = 0;
	configure(client, config);
	hec_policy_init(&client->policy, config->policy, client->number);
	memset(&client->stats, 0, sizeof(client->stats));
	hec_env_write_once(client->misses, 0);
	hec_env_write_once(client->flushes, 0);
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
		      : promise(cache, 0, config->guaranteed_pages);
	if (!err) {
		*client = &cache->clients[n];
		client_start(cache, *client, config);
	}
	hec_env_unlock(&cache->admin);
	return err;
}

int hec_client_set(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_client_config *config)
{
	int err = check_client(config);

	if (err)
		return err;
	hec_env_lock(&cache->admin);
	err = promise(cache, client->config.guaranteed_pages,
		      config->guaranteed_pages);
	if (!err) {
		hec_env_lock(&client->lock);
		configure(client, config);
		hec_policy_switch(&client->policy, config->policy);
		hec_env_unlock(&client->lock);
	}
	hec_env_unlock(&cache->admin);
	return err;
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
	(void)cache;
	hec_env_lock(&client->lock);
	client->frozen = frozen;
	hec_env_unlock(&client->lock);
}

bool hec_client_is_frozen(struct hec_cache *cache, struct hec_client *client)
{
	(void)cache;
	return hec_env_peek(client->frozen);
}

/* Pools */

static void pool_start(struct hec_cache *cache, struct hec_client *client,
		       uint32_t slot, enum hec_pool_kind kind)
{
	struct hec_pool *pool = &cache->pools[slot];
	uint64_t serial = cache->next_serial++;

	pool->next = client->first_pool;
	client->first_pool = slot;
	client->nr_pools++;

	hec_env_lock(&client->lock);
	hec_env_write_once(pool->salt,
			   hec_cipher_word(&cache->secrets, HEC_SECRET_SALT,
					   serial));
	hec_env_write_once(pool->client, client->number);
	hec_env_write_once(pool->kind, (uint32_t)kind);
	hec_env_write_once(pool->state, HEC_POOL_LIVE);
	pool->pages = 0;
	hec_env_store_release(&pool->id, serial << HEC_POOL_SLOT_BITS | slot);
	client->stats.pools++;
	hec_env_unlock(&client->lock);
}

int hec_pool_create(struct hec_cache *cache, struct hec_client *client,
		    enum hec_pool_kind kind, uint64_t *pool)
{
	uint32_t slot;
	int err = HEC_OK;

	if (kind != HEC_POOL_EPHEMERAL && kind != HEC_POOL_INCLUSIVE &&
	    kind != HEC_POOL_PERSISTENT)
		return HEC_EINVAL;
	hec_env_lock(&cache->admin);
	slot = free_pool(cache);
	if (client->nr_pools >= client->config.max_pools) {
		err = HEC_EPERM;
	} else if (slot == cache->config.max_pools) {
		err = HEC_ENOMEM;
	} else {
		pool_start(cache, client, slot, kind);
		*pool = cache->pools[slot].id;
	}
	hec_env_unlock(&cache->admin);
	return err;
}

/* Takes pool @slot off its client's list. [admin] */
static void forget_pool(struct hec_cache *cache, struct hec_client *client,
			uint32_t slot)
{
	uint32_t *link = &client->first_pool;

	while (*link != slot)
		link = &cache->pools[*link].next;
	*link = cache->pools[slot].next;
	client->nr_pools--;
}

/* The pool is empty and ending: its slot is free, if it is still @id. */
static void pool_stop(struct hec_cache *cache, struct hec_client *client,
		      struct hec_pool *pool, uint64_t id)
{
	bool mine;

	hec_env_lock(&cache->admin);
	hec_env_lock(&client->lock);
	mine = pool->id == id && pool->state == HEC_POOL_ENDING;
	if (mine) {
		hec_env_write_once(pool->id, 0);
		hec_env_write_once(pool->state, HEC_POOL_FREE);
		client->stats.pools--;
	}
	hec_env_unlock(&client->lock);
	if (mine)
		forget_pool(cache, client, (uint32_t)(pool - cache->pools));
	hec_env_unlock(&cache->admin);
}

/* As hec_pool_destroy(); the pages are taken off *@budget. */
static int end_pool(struct hec_cache *cache, struct hec_client *client,
		    uint64_t id, uint32_t *budget)
{
	struct hec_pool *pool = hec_pool_any(cache, client, id);
	int err;

	if (!pool)
		return HEC_ESTALE;
	hec_env_lock(&client->lock);
	if (pool->id == id && pool->client == client->number &&
	    pool->state == HEC_POOL_LIVE)
		hec_env_write_once(pool->state, HEC_POOL_ENDING);
	hec_env_unlock(&client->lock);
	err = hec_pool_empty(cache, client, pool, id, budget);
	if (!err)
		pool_stop(cache, client, pool, id);
	return err;
}

int hec_pool_destroy(struct hec_cache *cache, struct hec_client *client,
		     uint64_t id, uint32_t budget)
{
	return end_pool(cache, client, id, &budget);
}

int hec_client_end_pools(struct hec_cache *cache, struct hec_client *client,
			 uint32_t budget)
{
	for (;;) {
		uint32_t slot;
		uint64_t id = 0;
		int err;

		hec_env_lock(&cache->admin);
		slot = client->first_pool;
		if (slot != HEC_NO_POOL)
			id = cache->pools[slot].id;
		hec_env_unlock(&cache->admin);
		if (slot == HEC_NO_POOL)
			return HEC_OK;
		err = end_pool(cache, client, id, &budget);
		if (err == HEC_EAGAIN)
			return err;
	}
}

static void add_stats(struct hec_stats *sum, const struct hec_stats *stats)
{
	sum->puts += stats->puts;
	sum->puts_refused += stats->puts_refused;
	sum->hits += stats->hits;
	sum->misses += stats->misses;
	sum->flushes += stats->flushes;
	sum->evictions += stats->evictions;
	sum->corrupt += stats->corrupt;
	sum->rollbacks += stats->rollbacks;
	sum->pages += stats->pages;
	sum->zero_pages += stats->zero_pages;
	sum->persistent_pages += stats->persistent_pages;
	sum->frames += stats->frames;
	sum->pools += stats->pools;
}

int hec_client_destroy(struct hec_cache *cache, struct hec_client *client,
		       uint32_t budget)
{
	int err = hec_client_end_pools(cache, client, budget);
	struct hec_stats last;
	bool done;

	if (err)
		return err;
	hec_env_lock(&client->lock);
	done = hec_ghost_forget_some(&cache->ghosts, &client->policy.past,
				     budget ? budget : HEC_MAX_FRAMES);
	hec_env_unlock(&client->lock);
	if (!done)
		return HEC_EAGAIN;
	hec_env_lock(&cache->admin);
	hec_client_stats(cache, client, &last);
	add_stats(&cache->past, &last);
	cache->guaranteed -= client->config.guaranteed_pages;
	client->config.guaranteed_pages = 0;
	client_stop(cache, client);
	hec_env_unlock(&cache->admin);
	return HEC_OK;
}

/* Statistics */

void hec_client_stats(struct hec_cache *cache, struct hec_client *client,
		      struct hec_stats *stats)
{
	hec_env_lock(&client->lock);
	*stats = client->stats;
	hec_env_unlock(&client->lock);
	stats->misses = hec_env_read_once(client->misses);
	stats->flushes = hec_env_read_once(client->flushes);
	stats->rollbacks = hec_env_read_once(client->sequence.breaks);
	stats->frames = hec_env_peek(cache->frames.charged[client->number]);
}

/* Ids grow, and a client's list begins with its newest pool. */
int hec_pool_info(struct hec_cache *cache, struct hec_client *client,
		  uint64_t before, struct hec_pool_info *info)
{
	const struct hec_pool *pool;
	uint32_t slot;

	hec_env_lock(&cache->admin);
	slot = client->first_pool;
	while (slot != HEC_NO_POOL && cache->pools[slot].id >= before)
		slot = cache->pools[slot].next;
	if (slot != HEC_NO_POOL) {
		pool = &cache->pools[slot];
		hec_env_lock(&client->lock);
		info->pool = pool->id;
		info->pages = pool->pages;
		info->kind = (enum hec_pool_kind)pool->kind;
		hec_env_unlock(&client->lock);
	}
	hec_env_unlock(&cache->admin);
	return slot == HEC_NO_POOL ? HEC_ENOENT : HEC_OK;
}

void hec_client_reset_stats(struct hec_cache *cache, struct hec_client *client)
{
	struct hec_stats *stats = &client->stats;

	(void)cache;
	hec_env_lock(&client->lock);
	stats->puts = 0;
	stats->puts_refused = 0;
	stats->hits = 0;
	stats->evictions = 0;
	stats->corrupt = 0;
	hec_env_write_once(client->misses, 0);
	hec_env_write_once(client->flushes, 0);
	hec_env_write_once(client->sequence.breaks, 0);
	hec_env_unlock(&client->lock);
}

void hec_cache_stats(struct hec_cache *cache, struct hec_stats *stats)
{
	uint32_t i;

	hec_env_lock(&cache->admin);
	*stats = cache->past;
	for (i = 0; i < cache->config.max_clients; i++) {
		struct hec_stats one;

		if (!cache->clients[i].in_use)
			continue;
		hec_client_stats(cache, &cache->clients[i], &one);
		add_stats(stats, &one);
	}
	hec_env_unlock(&cache->admin);
}
