/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The cache's own structures: the cache, its clients, their pools.
 *
 * LOCKS, outermost first; a call holds at most one of each:
 *
 *     admin    which clients and pools exist
 *     client   a client's queues, its objects' lists, its pools' contents
 *     shard    the index; flags of the records linked there
 *     ghost    a part of the ghosts' table: which slots are in use
 *     frames   free frames, charges, spare records
 *
 * Inside the last two no other lock is taken, and no call holds both.  A client's
 * sequence has a lock of its own, which is held alone.  The embedder sees to it that
 * only one call of hec_shrink() runs at a time.
 *
 * To link or unlink a record, a call holds its client's lock and, inside it, its
 * shard's.  So a client's pages do not change while its lock is held, and a shard's
 * keys do not change while the shard's is.  Page contents are copied with no lock
 * held: a put copies into a frame that nobody else can see, a get out of a frame that
 * it has pinned.
 */
#ifndef HEC_STATE_H
#define HEC_STATE_H

#include <hecache/hecache.h>

#include "../base/hash.h"
#include "../base/quota.h"
#include "../base/sequence.h"
#include "../policy/policy.h"
#include "../store/store.h"
#include "../table/frames.h"
#include "../table/ghost.h"
#include "../table/index.h"

#define HEC_POOL_SLOT_BITS 14
#define HEC_NO_POOL 0xffffffffu

_Static_assert(HEC_MAX_POOLS <= 1u << HEC_POOL_SLOT_BITS, "slots fit an id");

enum hec_pool_state {
	HEC_POOL_FREE = 0,
	HEC_POOL_LIVE,
	HEC_POOL_ENDING, /* admits nothing, is being emptied */
};

/* Slots are static.  A pool may end during a look-up, so look-ups check twice. */
struct hec_pool {
	uint64_t id; /* serial << SLOT_BITS | slot: never used twice [client] */
	uint64_t salt; /* what its keys are hashed with [client] */
	uint32_t root; /* [const] record: header of object 0, ring of headers */
	uint32_t client; /* [client] */
	uint32_t kind; /* [client] enum hec_pool_kind */
	uint32_t state; /* [client] */
	uint32_t older, newer; /* slots of the client's others [admin] */
	uint64_t pages; /* [client] */
} __attribute__((aligned(64))); /* no cache line is of two clients */

/* Ordered by who writes: fields that are only read have lines of their own. */
struct hec_client {
	uint32_t number; /* [const] */
	bool in_use; /* [admin] */
	bool frozen; /* [client] */
	uint32_t newest_pool, oldest_pool; /* slots [admin] */
	struct hec_quota_part pools; /* [admin] */
	struct hec_client_config config; /* [client] */
	uint64_t features; /* granted by the last HELLO; untorn */

	struct hec_policy policy; /* [client] */
	struct hec_env_lock lock;
	uint32_t recent; /* hits lately, see room.c [client] */
	uint64_t epoch; /* of recent [client] */
	uint32_t kept_frames; /* of persistent pages; zeroes have none [client] */
	struct hec_stats stats; /* [client]; the counts below are apart */

	uint64_t misses __attribute__((aligned(64))); /* [atomic] */
	uint64_t flushes; /* [atomic] */
	uint64_t unasked; /* [atomic] */
	uint32_t payer; /* who pays for its frames, see room.c; untorn */
	uint32_t payer_turns; /* and for how many more; untorn */

	struct hec_sequence sequence
		__attribute__((aligned(64))); /* own lock */
} __attribute__((aligned(64)));

struct hec_cache {
	/* [const] */
	struct hec_config config;
	uint64_t size_bytes;
	struct hec_record *records;
	uint32_t nr_records;
	struct hec_pool *pools;
	struct hec_client *clients;
	struct hec_index index;
	struct hec_ghosts ghosts;
	struct hec_cipher handles;
	struct hec_cipher secrets; /* what page keys and salts are made of */
	uint64_t key_secret[2]; /* for the hashes of all keys, with a pool's salt */
	struct hec_store store;

	struct hec_frames frames;

	struct hec_env_lock admin;
	uint64_t next_serial; /* [admin] */
	uint32_t free_pool; /* slot, top of a stack through .older [admin] */
	struct hec_quota pool_quota; /* [admin] */
	uint32_t nr_clients; /* [admin] */
	uint32_t clients_end; /* slots from here on are free [admin] */
	uint64_t guaranteed; /* frames, to all clients together [admin] */
	uint32_t idle_tax; /* percent; untorn */
	uint64_t evictions; /* [atomic] the clock by which pages become idle */
	uint32_t past_hand, past_payer; /* clients, see past.c; untorn */
	uint32_t moved; /* where moving goes on, see resize.c [hec_shrink() alone] */
	struct hec_stats past; /* of clients that are gone [admin] */
};
/* The lock of the client whose pool @slot is. */
static inline struct hec_env_lock *hec_pool_lock(const struct hec_cache *cache,
						 uint32_t slot)
{
	return &cache->clients[cache->pools[slot].client].lock;
}

/* True if the counts fit each other. [client] */
static inline bool hec_client_is_valid(const struct hec_client *client)
{
	const struct hec_stats *stats = &client->stats;
	const struct hec_policy *policy = &client->policy;
	uint32_t kept = policy->nr[HEC_QUEUE_KEPT];

	return stats->persistent_pages == kept && client->kept_frames <= kept &&
	       stats->pages == hec_policy_pages(policy) + kept &&
	       stats->zero_pages <= stats->pages &&
	       policy->most == client->config.max_pages;
}

/* True if the fields fit each other; a free slot has no pages. [client] */
static inline bool hec_pool_is_valid(const struct hec_cache *cache,
				     const struct hec_pool *pool)
{
	const struct hec_record *root = &cache->records[pool->root];

	return root->flags == HEC_RECORD_HEADER &&
	       pool->pages >= root->index_lo &&
	       (pool->state == HEC_POOL_FREE) == !pool->id &&
	       (pool->id || !pool->pages);
}

/* True if the counts of clients and guarantees are possible. [admin] */
static inline bool hec_cache_is_valid(const struct hec_cache *cache)
{
	return cache->nr_clients <= cache->clients_end &&
	       cache->clients_end <= cache->config.max_clients &&
	       cache->guaranteed <= (uint64_t)cache->config.max_chunks
					    << cache->config.chunk_shift;
}

#endif
