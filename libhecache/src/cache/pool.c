/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Pools: how they come and go.
 */
#include "pool.h"

#include "bulk.h"
#include "name.h"

static uint32_t free_pool(const struct hec_cache *cache)
{
	uint32_t i;

	for (i = 0; i < cache->config.max_pools; i++)
		if (hec_env_peek(cache->pools[i].state) == HEC_POOL_FREE)
			break;
	return i;
}

static void pool_start(struct hec_cache *cache, struct hec_client *client,
		       uint32_t slot, enum hec_pool_kind kind)
{
	struct hec_pool *pool = &cache->pools[slot];
	uint64_t serial = cache->next_serial++;

	hec_env_assert_held(&cache->admin);
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

	hec_env_assert_held(&cache->admin);
	hec_env_assert(client->nr_pools);
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
