/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ghosts: keys without pages, which replacement remembers.
 *
 * A client has up to three lists of them, oldest to newest:
 *
 *     UP    handed up by a get, and not put back yet: the VM has them
 *     OUT1, OUT2   evicted from the first and from the second queue
 *
 * A ghost is 12 bytes: a fingerprint of the key, the list and client it belongs
 * to, how often the key was used, and the ghost's neighbours in the list.  All
 * clients' ghosts share one table of cache-line buckets, which is searched like the
 * index (index.h).
 *
 * Two keys of a client may have the same fingerprint, once in about 2^18 / 5
 * look-ups.  Then one is taken for the other.  That costs a worse choice of the
 * policy and nothing else.
 *
 * LOCKS.  [client] protects links and list heads.  The lock of a bucket's shard,
 * the ghosts' lock, protects which slots are in use.  The functions take it inside
 * the client's, and none inside it.
 */
#ifndef HEC_GHOST_H
#define HEC_GHOST_H

#include <hec_env.h>

#include "index.h"

#define HEC_NO_GHOST 0xffffffffu
#define HEC_GHOST_SLOTS 5
#define HEC_GHOST_LOAD_PERCENT 93 /* of all slots, when all ghosts are in use */

enum hec_ghost_kind {
	HEC_GHOST_UP,
	HEC_GHOST_OUT1,
	HEC_GHOST_OUT2,
	HEC_NR_GHOSTS,
	HEC_GHOST_NONE = HEC_NR_GHOSTS
};

struct hec_ghost {
	uint32_t tag; /* fingerprint, client, uses, 1 + kind; 0: free */
	uint32_t older, newer; /* slots: bucket * 8 + slot */
};

struct hec_ghost_bucket {
	struct hec_ghost slot[HEC_GHOST_SLOTS];
	uint8_t overflow; /* ghosts that went past this bucket, which was full */
	uint8_t distance[3]; /* 4 bits a slot: how far from its own bucket */
};

_Static_assert(sizeof(struct hec_ghost_bucket) == 64, "a cache line");

struct hec_ghosts {
	struct hec_ghost_bucket *buckets; /* [const] */
	struct hec_shard *shards; /* [const] locks */
	uint32_t nr_shards; /* [const] a power of two */
	uint32_t shard_buckets; /* [const] */
};

/* The ghosts of a client. [client] */
struct hec_ghost_lists {
	struct hec_env_lock *lock; /* [const] the client's */
	uint32_t client; /* [const] its number */
	uint32_t oldest[HEC_NR_GHOSTS], newest[HEC_NR_GHOSTS];
	uint32_t nr[HEC_NR_GHOSTS];
	bool crowded; /* a new ghost was far from its bucket, or found no place */
};

uint32_t hec_ghost_shard_buckets(uint32_t nr_ghosts, uint32_t nr_shards);
void hec_ghosts_init(struct hec_ghosts *ghosts);
void hec_ghosts_fini(struct hec_ghosts *ghosts);
void hec_ghost_prefetch(const struct hec_ghosts *ghosts, uint64_t hash);

/* No ghosts.  The lock must be set already. */
void hec_ghost_lists_init(struct hec_ghost_lists *lists, uint32_t client);

#define HEC_GHOST_USES_MAX 3u

/*
 * Adds a key, which was used @uses times (at most HEC_GHOST_USES_MAX), as the
 * newest of its list.  If the buckets near its own are full, the key is lost.
 */
void hec_ghost_add(struct hec_ghosts *ghosts, struct hec_ghost_lists *lists,
		   enum hec_ghost_kind kind, uint64_t hash, uint32_t uses);

/*
 * True if the key is a ghost.  Context: any; without the client's lock the
 * answer may be old.
 */
bool hec_ghost_is_there(const struct hec_ghosts *ghosts,
			const struct hec_ghost_lists *lists, uint64_t hash);

/*
 * Takes a key out.  Returns the list it was on, and in *@uses how often it was
 * used.  If the key is no ghost: HEC_GHOST_NONE, and 0 uses.
 */
enum hec_ghost_kind hec_ghost_take(struct hec_ghosts *ghosts,
				   struct hec_ghost_lists *lists, uint64_t hash,
				   uint32_t *uses);

/* Forgets the oldest of a list that is not empty. */
void hec_ghost_forget(struct hec_ghosts *ghosts, struct hec_ghost_lists *lists,
		      enum hec_ghost_kind kind);

/* Forgets @budget ghosts at the most; false: there are more. */
bool hec_ghost_forget_some(struct hec_ghosts *ghosts,
			   struct hec_ghost_lists *lists, uint32_t budget);

/* 0, or the line in ghost.c that found an invariant broken. */
int hec_ghost_audit(const struct hec_ghosts *ghosts,
		    const struct hec_ghost_lists *lists, uint32_t kind);

#endif
