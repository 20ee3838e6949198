/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Pools: how they come and go.
 */
#include "pool.h"

#include "bulk.h"
#include "name.h"

/* A client's pools are a list, the newest first. [admin] */

static void list_pool(struct hec_cache *cache, struct hec_client *client,
		      uint32_t slot)
{
	struct hec_pool *pool = &cache->pools[slot];

	hec_env_assert_held(&cache->admin);
	pool->newer = HEC_NO_POOL;
	pool->older = client->newest_pool;
	if (pool->older == HEC_NO_POOL)
		client->oldest_pool = slot;
	else
		cache->pools[pool->older].newer = slot;
	client->newest_pool = slot;
}

static void unlist_pool(struct hec_cache *cache, struct hec_client *client,
			uint32_t slot)
{
	const struct hec_pool *pool = &cache->pools[slot];

	hec_env_assert_held(&cache->admin);
	if (pool->newer == HEC_NO_POOL)
		client->newest_pool = pool->older;
	else
		cache->pools[pool->newer].older = pool->older;
	if (pool->older == HEC_NO_POOL)
		client->oldest_pool = pool->newer;
	else
		cache->pools[pool->older].newer = pool->newer;
}

static void pool_start(struct hec_cache *cache, struct hec_client *client,
		       uint32_t slot, enum hec_pool_kind kind)
{
	struct hec_pool *pool = &cache->pools[slot];
	uint64_t serial = cache->next_serial++;

	hec_env_assert_held(&cache->admin);
	cache->free_pool = pool->older;
	list_pool(cache, client, slot);
	hec_env_lock(&client->lock);
	hec_env_write_once(pool->salt,
			   hec_cipher_word(&cache->secrets, HEC_SECRET_SALT,
					   serial));
	hec_env_write_once(pool->client, client->number);
	hec_env_write_once(pool->kind, (uint32_t)kind);
	hec_env_write_once(pool->state, HEC_POOL_LIVE);
	hec_env_write_once(pool->pages, 0);
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
	slot = cache->free_pool;
	if (client->pools.used >= client->config.max_pools) {
		err = HEC_EPERM;
	} else if (slot == HEC_NO_POOL ||
		   !hec_quota_take(&cache->pool_quota, &client->pools)) {
		err = HEC_ENOMEM;
	} else {
		pool_start(cache, client, slot, kind);
		*pool = cache->pools[slot].id;
	}
	hec_env_unlock(&cache->admin);
	return err;
}

/* Frees slot @slot, which was @client's. [admin] */
static void free_slot(struct hec_cache *cache, struct hec_client *client,
		      uint32_t slot)
{
	hec_env_assert_held(&cache->admin);
	hec_env_assert(client->pools.used);
	unlist_pool(cache, client, slot);
	cache->pools[slot].older = cache->free_pool;
	cache->free_pool = slot;
	hec_quota_give(&cache->pool_quota, &client->pools);
}

/* @pool is empty and ending: frees its slot, if its id still is @id. */
static void pool_stop(struct hec_cache *cache, struct hec_client *client,
		      struct hec_pool *pool, uint64_t id)
{
	bool mine;

	hec_env_lock(&cache->admin);
	hec_env_lock(&client->lock);
	mine = hec_env_read_once(pool->id) == id;
	if (mine) {
		hec_env_write_once(pool->id, 0);
		hec_env_write_once(pool->state, HEC_POOL_FREE);
		client->stats.pools--;
	}
	hec_env_unlock(&client->lock);
	if (mine)
		free_slot(cache, client, (uint32_t)(pool - cache->pools));
	hec_env_unlock(&cache->admin);
}

/* As hec_pool_destroy().  Each page takes 1 off *@budget. */
static int end_pool(struct hec_cache *cache, struct hec_client *client,
		    uint64_t id, uint32_t *budget)
{
	struct hec_pool *pool = hec_pool_any(cache, client, id);
	int err;

	if (!pool)
		return HEC_ESTALE;
	hec_env_lock(&client->lock);
	if (hec_env_read_once(pool->id) == id)
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

/* The id of the oldest pool of @client, if it is older than @before; or 0. */
static uint64_t oldest_before(struct hec_cache *cache,
			      const struct hec_client *client, uint64_t before)
{
	uint64_t id = 0;

	hec_env_lock(&cache->admin);
	if (client->oldest_pool != HEC_NO_POOL)
		id = cache->pools[client->oldest_pool].id;
	hec_env_unlock(&cache->admin);
	return id < before ? id : 0;
}

/* All pools that there are now have ids below this one. */
static uint64_t next_id(struct hec_cache *cache)
{
	uint64_t serial;

	hec_env_lock(&cache->admin);
	serial = cache->next_serial;
	hec_env_unlock(&cache->admin);
	return serial << HEC_POOL_SLOT_BITS;
}

int hec_client_end_pools(struct hec_cache *cache, struct hec_client *client,
			 uint32_t budget)
{
	uint64_t before = next_id(cache), id;

	while ((id = oldest_before(cache, client, before))) {
		if (end_pool(cache, client, id, &budget) == HEC_EAGAIN ||
		    !--budget)
			return HEC_EAGAIN;
	}
	return HEC_OK;
}

/* A newer pool has a larger id, and a client's list begins with its newest. */
int hec_pool_info(struct hec_cache *cache, struct hec_client *client,
		  uint64_t before, struct hec_pool_info *info)
{
	const struct hec_pool *pool;
	uint32_t slot;

	hec_env_lock(&cache->admin);
	slot = client->newest_pool;
	while (slot != HEC_NO_POOL && cache->pools[slot].id >= before)
		slot = cache->pools[slot].older;
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
