/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names of pages and of the headers of objects, see name.h.
 */
#include "name.h"

static uint64_t hash_key(const struct hec_cache *cache, uint64_t salt,
			 const struct hec_key *key)
{
	uint64_t object = hec_mix(key->object ^ salt, cache->key_secret[0]);

	return hec_mix(key->index ^ cache->key_secret[1], object | 1);
}

/*
 * A pool's slot may be given to another pool while this reads it.  So it reads the
 * id before and after the rest.  Ids are never used twice: if both are the same, the
 * rest belongs to that pool.
 */
static inline struct hec_pool *pool_in_state(const struct hec_cache *cache,
					     const struct hec_client *client,
					     uint64_t id, bool ending)
{
	uint32_t slot = id & ((1u << HEC_POOL_SLOT_BITS) - 1);
	struct hec_pool *pool;
	uint32_t owner, state;

	if (!id || slot >= cache->config.max_pools)
		return NULL;
	pool = &cache->pools[slot];
	if (hec_env_load_acquire(&pool->id) != id)
		return NULL;
	owner = hec_env_load_acquire(&pool->client);
	state = hec_env_load_acquire(&pool->state);
	if (owner != client->number || hec_env_read_once(pool->id) != id)
		return NULL;
	if (state == HEC_POOL_LIVE || (ending && state == HEC_POOL_ENDING))
		return pool;
	return NULL;
}

struct hec_pool *hec_pool_find(const struct hec_cache *cache,
			       const struct hec_client *client, uint64_t id)
{
	return pool_in_state(cache, client, id, false);
}

struct hec_pool *hec_pool_any(const struct hec_cache *cache,
			      const struct hec_client *client, uint64_t id)
{
	return pool_in_state(cache, client, id, true);
}

int hec_name_init(const struct hec_cache *cache,
		  const struct hec_client *client, uint64_t id, uint64_t object,
		  uint64_t index, struct hec_name *name)
{
	struct hec_pool *pool = hec_pool_find(cache, client, id);
	uint64_t salt;

	if (!pool)
		return HEC_ESTALE;
	salt = hec_env_load_acquire(&pool->salt);
	name->kind = (enum hec_pool_kind)hec_env_load_acquire(&pool->kind);
	if (hec_env_read_once(pool->id) != id)
		return HEC_ESTALE;
	if (index > HEC_MAX_INDEX)
		return HEC_EINVAL;
	name->key.object = object;
	name->key.index = index;
	name->key.pool = (uint32_t)(pool - cache->pools);
	name->pool = id;
	name->hash = hash_key(cache, salt, &name->key);
	return HEC_OK;
}

struct hec_name hec_name_of_header(const struct hec_cache *cache,
				   const struct hec_name *name)
{
	struct hec_name header = *name;

	header.key.index = HEC_NO_INDEX;
	header.hash =
		hash_key(cache, cache->pools[name->key.pool].salt, &header.key);
	return header;
}

uint64_t hec_name_hash(const struct hec_cache *cache, uint32_t n)
{
	const struct hec_record *header =
		&cache->records[cache->records[n].object];
	struct hec_key key;

	key.pool = header->object;
	key.object = hec_record_word(header);
	key.index = hec_record_index(&cache->records[n]);
	return hash_key(cache, cache->pools[key.pool].salt, &key);
}
