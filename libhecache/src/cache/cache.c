/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The cache as a whole: how its memory is laid out, made and ended.
 *
 *     | cache | clients | pools | chunks | their bases | charges | spares |
 *     | shards | buckets | ghost shards | ghost buckets | records |
 *
 * The configuration says how large each part is, once for all.  record.h shows
 * the records.
 */
#include "state.h"

#define ALIGNMENT 64
#define MIN_SPARES 64u
#define SHARD_FRAMES 4096u /* frames for each shard, if we choose the number */

/* Offsets of the parts; all in bytes from the start of the memory. */
struct layout {
	uint64_t clients, pools, chunks, bases, charged, spares, shards,
		buckets, records;
	uint64_t ghost_shards, ghost_buckets;
	uint64_t size;
	uint32_t nr_frames, nr_spares, nr_records;
	uint32_t nr_shards, shard_buckets, shard_ghost_buckets;
};

static bool is_power_of_two(uint32_t n)
{
	return !(n & (n - 1));
}

static bool config_is_valid(const struct hec_config *config)
{
	return config->chunk_shift <= 16 && config->max_chunks >= 1 &&
	       config->max_chunks <= HEC_MAX_FRAMES >> config->chunk_shift &&
	       config->max_clients >= 1 &&
	       config->max_clients <= HEC_MAX_CLIENTS &&
	       config->max_pools >= 1 && config->max_pools <= HEC_MAX_POOLS &&
	       config->nr_shards <= HEC_MAX_SHARDS &&
	       (!config->nr_shards || is_power_of_two(config->nr_shards));
}

/* Adds room for @nr parts of @size bytes to the layout.  Returns its offset. */
static uint64_t part(struct layout *layout, uint64_t nr, uint64_t size)
{
	uint64_t offset = layout->size;

	layout->size +=
		(nr * size + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1);
	return offset;
}

static uint32_t choose_shards(uint32_t nr_frames)
{
	uint32_t shards = 1;

	while (shards < HEC_MAX_SHARDS && shards < nr_frames / SHARD_FRAMES)
		shards *= 2;
	return shards;
}

static void lay_out(const struct hec_config *config, struct layout *layout)
{
	uint32_t nr_spares;

	layout->nr_frames = config->max_chunks << config->chunk_shift;
	nr_spares = layout->nr_frames >> HEC_FRAMES_OF_SPARE_SHIFT;
	layout->nr_spares = nr_spares > MIN_SPARES ? nr_spares : MIN_SPARES;
	layout->nr_spares += config->max_clients * HEC_SPARES_OF_CLIENT;
	layout->nr_records = layout->nr_frames + layout->nr_spares +
			     config->max_clients * HEC_QUEUE_ENDS +
			     config->max_pools * HEC_RECORDS_APART;
	layout->nr_shards = config->nr_shards
				    ? config->nr_shards
				    : choose_shards(layout->nr_frames);
	layout->shard_buckets = hec_index_shard_buckets(
		layout->nr_frames + layout->nr_spares, layout->nr_shards);
	layout->shard_ghost_buckets = hec_ghost_shard_buckets(
		HEC_GHOSTS_OF(layout->nr_frames), layout->nr_shards);

	layout->size = 0;
	part(layout, 1, sizeof(struct hec_cache));
	layout->clients =
		part(layout, config->max_clients, sizeof(struct hec_client));
	layout->pools =
		part(layout, config->max_pools, sizeof(struct hec_pool));
	layout->chunks =
		part(layout, config->max_chunks, sizeof(struct hec_chunk));
	layout->bases = part(layout, config->max_chunks, sizeof(void *));
	layout->charged = part(layout, config->max_clients, sizeof(uint32_t));
	layout->spares = part(layout, config->max_clients,
			      sizeof(struct hec_quota_part));
	layout->shards =
		part(layout, layout->nr_shards, sizeof(struct hec_shard));
	layout->buckets =
		part(layout,
		     (uint64_t)layout->nr_shards * layout->shard_buckets,
		     sizeof(struct hec_bucket));
	layout->ghost_shards =
		part(layout, layout->nr_shards, sizeof(struct hec_shard));
	layout->ghost_buckets =
		part(layout,
		     (uint64_t)layout->nr_shards * layout->shard_ghost_buckets,
		     sizeof(struct hec_ghost_bucket));
	layout->records =
		part(layout, layout->nr_records, sizeof(struct hec_record));
}

uint64_t hec_size(const struct hec_config *config)
{
	struct layout layout;

	if (!config_is_valid(config))
		return 0;
	lay_out(config, &layout);
	return layout.size;
}

static void init_frames(struct hec_cache *cache, uint8_t *base,
			const struct layout *layout)
{
	struct hec_frames *frames = &cache->frames;

	frames->records = cache->records;
	frames->chunks = (struct hec_chunk *)(base + layout->chunks);
	frames->bases = (void **)(base + layout->bases);
	frames->charged = (uint32_t *)(base + layout->charged);
	frames->spares = (struct hec_quota_part *)(base + layout->spares);
	frames->max_chunks = cache->config.max_chunks;
	frames->chunk_shift = cache->config.chunk_shift;
	frames->first_spare = layout->nr_frames;
	frames->nr_spares = layout->nr_spares;
	hec_frames_init(frames);
}

static void init_index(struct hec_cache *cache, uint8_t *base,
		       const struct layout *layout)
{
	struct hec_index *index = &cache->index;

	index->records = cache->records;
	index->buckets = (struct hec_bucket *)(base + layout->buckets);
	index->shards = (struct hec_shard *)(base + layout->shards);
	index->nr_shards = layout->nr_shards;
	index->shard_buckets = layout->shard_buckets;
	hec_index_init(index);
}

static void init_ghosts(struct hec_cache *cache, uint8_t *base,
			const struct layout *layout)
{
	struct hec_ghosts *ghosts = &cache->ghosts;

	ghosts->buckets =
		(struct hec_ghost_bucket *)(base + layout->ghost_buckets);
	ghosts->shards = (struct hec_shard *)(base + layout->ghost_shards);
	ghosts->nr_shards = layout->nr_shards;
	ghosts->shard_buckets = layout->shard_ghost_buckets;
	hec_ghosts_init(ghosts);
}

static void init_store(struct hec_cache *cache)
{
	cache->store.content = cache->config.content;
	cache->store.frames = &cache->frames;
	hec_page_key_init(&cache->store.key, &cache->secrets);
}

static void init_clients(struct hec_cache *cache, uint32_t end)
{
	uint32_t i;

	for (i = 0; i < cache->config.max_clients; i++) {
		struct hec_client *client = &cache->clients[i];

		client->number = i;
		hec_env_lock_init(&client->lock);
		hec_sequence_init(&client->sequence);
		hec_spare_reserve(&cache->frames, i, 0);
		hec_quota_reserve(&cache->pool_quota, &client->pools,
				  cache->config.max_pools /
					  cache->config.max_clients / 2);
		client->policy.records = cache->records;
		client->policy.ghosts = &cache->ghosts;
		client->policy.frames = &cache->frames;
		client->policy.end = end + i * HEC_QUEUE_ENDS;
		client->policy.past.lock = &client->lock;
		hec_policy_init(&client->policy, HEC_POLICY_S3FIFO, i);
	}
}

static void init_pools(struct hec_cache *cache, uint32_t root)
{
	uint32_t i;

	cache->pool_quota.spare = (int32_t)cache->config.max_pools;
	cache->free_pool = HEC_NO_POOL;
	for (i = cache->config.max_pools; i-- > 0;) {
		cache->pools[i].older = cache->free_pool;
		cache->free_pool = i;
	}
	for (i = 0; i < cache->config.max_pools; i++) {
		struct hec_record *record = &cache->records[root];

		cache->pools[i].root = root;
		record->flags = HEC_RECORD_HEADER;
		record->object = i;
		hec_list_init(cache->records, HEC_LINK_QUEUE, root);
		hec_list_init(cache->records, HEC_LINK_OBJECT, root);
		root += HEC_RECORDS_APART;
	}
}

static void init_secrets(struct hec_cache *cache, const uint8_t seed[32])
{
	uint32_t i;

	hec_cipher_init(&cache->handles, seed);
	hec_cipher_init(&cache->secrets, seed + 16);
	for (i = 0; i < 2; i++)
		cache->key_secret[i] =
			hec_cipher_word(&cache->secrets, HEC_SECRET_KEYS, i);
}

int hec_init(void *mem, uint64_t len, const struct hec_config *config,
	     struct hec_cache **out)
{
	struct hec_cache *cache = mem;
	uint8_t *base = mem;
	struct layout layout;
	uint32_t ends;

	if (!config_is_valid(config))
		return HEC_EINVAL;
	lay_out(config, &layout);
	if (len < layout.size)
		return HEC_ENOMEM;
	memset(mem, 0, layout.size);
	cache->config = *config;
	cache->size_bytes = layout.size;
	cache->records = (struct hec_record *)(base + layout.records);
	cache->nr_records = layout.nr_records;
	cache->pools = (struct hec_pool *)(base + layout.pools);
	cache->clients = (struct hec_client *)(base + layout.clients);
	cache->next_serial = 1;
	init_secrets(cache, config->seed);
	init_store(cache);
	hec_env_lock_init(&cache->admin);
	init_frames(cache, base, &layout);
	init_index(cache, base, &layout);
	init_ghosts(cache, base, &layout);
	ends = layout.nr_frames + layout.nr_spares;
	init_pools(cache, ends + config->max_clients * HEC_QUEUE_ENDS);
	init_clients(cache, ends);
	*out = cache;
	return HEC_OK;
}

void hec_fini(struct hec_cache *cache)
{
	uint32_t i;

	if (cache->nr_clients || cache->frames.nr_chunks)
		hec_env_bug("hec_fini: the cache still has clients or chunks");
	for (i = 0; i < cache->config.max_clients; i++) {
		hec_sequence_fini(&cache->clients[i].sequence);
		hec_env_lock_fini(&cache->clients[i].lock);
	}
	hec_index_fini(&cache->index);
	hec_ghosts_fini(&cache->ghosts);
	hec_frames_fini(&cache->frames);
	hec_env_lock_fini(&cache->admin);
}

void hec_cache_info(struct hec_cache *cache, struct hec_cache_info *info)
{
	struct hec_frames *frames = &cache->frames;

	hec_env_lock(&frames->lock);
	info->chunks = frames->nr_chunks;
	info->closing = frames->closing != HEC_NO_CHUNK;
	info->frames = (uint64_t)frames->nr_chunks << frames->chunk_shift;
	info->frames_free = info->frames - frames->nr_charged;
	hec_env_unlock(&frames->lock);
	info->guaranteed = hec_env_read_once(cache->guaranteed);
	info->metadata_bytes = cache->size_bytes;
	info->clients = hec_env_read_once(cache->nr_clients);
	info->idle_tax = hec_env_read_once(cache->idle_tax);
}
