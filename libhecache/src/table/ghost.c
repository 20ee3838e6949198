/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table of ghosts, see ghost.h.  Search and overflow counts are as in index.c.
 * But a ghost does not know its key.  So each slot keeps how far it is from the
 * bucket where it belongs.  That distance is limited: where all buckets within
 * reach are full, a new ghost is lost.
 */
#include "ghost.h"

#include "../base/hash.h"

#define OVERFLOW_STUCK 255
#define KIND_BITS 2
#define USES_BITS 2
#define CLIENT_BITS 10
#define CLIENT_SHIFT (KIND_BITS + USES_BITS)
#define PRINT_BITS (32 - CLIENT_SHIFT - CLIENT_BITS)
#define KIND_MASK ((1u << KIND_BITS) - 1)
#define LIST_MASK ((1u << CLIENT_SHIFT) - 1) /* kind and uses, not the key */
#define MAX_DISTANCE 15u
#define SPARE_BUCKETS 32u /* of all shards together */
#define FAR_DISTANCE 12u /* from here on the table counts as crowded */
#define PRINT_SHIFT \
	(64 - PRINT_BITS) /* bits of the hash that no choice of bucket uses */

/*
 * By chance all buckets within reach can be full; then a ghost is lost.  In a small
 * cache the loss of a few can cost points of hits.  The spare buckets prevent it:
 * in a small table they are a good part.
 */
uint32_t hec_ghost_shard_buckets(uint32_t nr_ghosts, uint32_t nr_shards)
{
	uint64_t slots = (uint64_t)(nr_ghosts / nr_shards + 1) * 100 /
			 HEC_GHOST_LOAD_PERCENT;

	return (uint32_t)(slots / HEC_GHOST_SLOTS) + 2 +
	       SPARE_BUCKETS / nr_shards;
}

void hec_ghosts_init(struct hec_ghosts *ghosts)
{
	uint32_t i;

	for (i = 0; i < ghosts->nr_shards; i++)
		hec_env_lock_init(&ghosts->shards[i].lock);
}

void hec_ghosts_fini(struct hec_ghosts *ghosts)
{
	uint32_t i;

	for (i = 0; i < ghosts->nr_shards; i++)
		hec_env_lock_fini(&ghosts->shards[i].lock);
}

void hec_ghost_lists_init(struct hec_ghost_lists *lists, uint32_t client)
{
	uint32_t kind;

	lists->client = client;
	hec_env_write_once(lists->crowded, false);
	for (kind = 0; kind < HEC_NR_GHOSTS; kind++) {
		lists->oldest[kind] = HEC_NO_GHOST;
		lists->newest[kind] = HEC_NO_GHOST;
		hec_env_write_once(lists->nr[kind], 0);
	}
}

/* True if a list has both ends or, when it is empty, none. [client] */
static inline bool lists_are_valid(const struct hec_ghost_lists *lists,
				   uint32_t kind)
{
	return (lists->oldest[kind] == HEC_NO_GHOST) == !lists->nr[kind] &&
	       (lists->newest[kind] == HEC_NO_GHOST) == !lists->nr[kind];
}

static inline uint32_t shard_of(const struct hec_ghosts *ghosts, uint64_t hash)
{
	return (uint32_t)(hash >> 32) & (ghosts->nr_shards - 1);
}

/* The bucket that a key belongs to. */
static inline uint32_t home_of(const struct hec_ghosts *ghosts, uint64_t hash)
{
	return shard_of(ghosts, hash) * ghosts->shard_buckets +
	       hec_scale32((uint32_t)hash, ghosts->shard_buckets);
}

static inline struct hec_env_lock *lock_of(const struct hec_ghosts *ghosts,
					   uint64_t hash)
{
	return &ghosts->shards[shard_of(ghosts, hash)].lock;
}

/* The buckets of a shard are a ring. */
static uint32_t next_bucket(const struct hec_ghosts *ghosts, uint32_t bucket)
{
	bucket++;
	return bucket % ghosts->shard_buckets ? bucket
					      : bucket - ghosts->shard_buckets;
}

static uint32_t prev_bucket(const struct hec_ghosts *ghosts, uint32_t bucket)
{
	return (bucket % ghosts->shard_buckets
			? bucket
			: bucket + ghosts->shard_buckets) -
	       1;
}

static uint32_t tag_of(const struct hec_ghost_lists *lists, uint64_t hash)
{
	return (uint32_t)(hash >> PRINT_SHIFT) << (32 - PRINT_BITS) |
	       lists->client << CLIENT_SHIFT;
}

static bool is_tag(uint32_t tag, uint32_t wanted)
{
	return (tag ^ wanted) <= LIST_MASK && (tag & KIND_MASK);
}

static uint32_t reach(const struct hec_ghosts *ghosts)
{
	return ghosts->shard_buckets <= MAX_DISTANCE ? ghosts->shard_buckets - 1
						     : MAX_DISTANCE;
}

void hec_ghost_prefetch(const struct hec_ghosts *ghosts, uint64_t hash)
{
	hec_env_prefetchw(&ghosts->buckets[home_of(ghosts, hash)]);
	hec_env_prefetchw(lock_of(ghosts, hash));
}

static struct hec_ghost *ghost_at(const struct hec_ghosts *ghosts, uint32_t n)
{
	return &ghosts->buckets[n >> 3].slot[n & 7];
}

static uint32_t distance_of(const struct hec_ghosts *ghosts, uint32_t n)
{
	return ghosts->buckets[n >> 3].distance[(n & 7) / 2] >> (n & 1) * 4 &
	       MAX_DISTANCE;
}

static void set_distance(struct hec_ghosts *ghosts, uint32_t n,
			 uint32_t distance)
{
	uint8_t *byte = &ghosts->buckets[n >> 3].distance[(n & 7) / 2];
	uint32_t shift = (n & 1) * 4;

	*byte = (uint8_t)((*byte & ~(MAX_DISTANCE << shift)) |
			  distance << shift);
}

/* Changes the counts of the @distance buckets before @bucket by @by. */
static void count_overflow(struct hec_ghosts *ghosts, uint32_t bucket,
			   uint32_t distance, int by)
{
	while (distance--) {
		uint8_t *overflow;

		bucket = prev_bucket(ghosts, bucket);
		overflow = &ghosts->buckets[bucket].overflow;
		if (*overflow != OVERFLOW_STUCK)
			hec_env_write_once(*overflow,
					   (uint8_t)(*overflow + by));
	}
}

/* The first slot of @bucket with the key of @tag, or HEC_GHOST_SLOTS: none. */
static inline uint32_t slot_with(const struct hec_ghost_bucket *bucket,
				 uint32_t tag)
{
	const struct hec_ghost *slot = bucket->slot;

	_Static_assert(HEC_GHOST_SLOTS == 5, "one line for each slot");
	if (is_tag(hec_env_peek(slot[0].tag), tag))
		return 0;
	if (is_tag(hec_env_peek(slot[1].tag), tag))
		return 1;
	if (is_tag(hec_env_peek(slot[2].tag), tag))
		return 2;
	if (is_tag(hec_env_peek(slot[3].tag), tag))
		return 3;
	return is_tag(hec_env_peek(slot[4].tag), tag) ? 4 : HEC_GHOST_SLOTS;
}

static uint32_t free_slot(const struct hec_ghost_bucket *bucket)
{
	uint32_t i;

	for (i = 0; i < HEC_GHOST_SLOTS; i++)
		if (!bucket->slot[i].tag)
			break;
	return i;
}

/* Frees slot @n. [ghost] */
static void release(struct hec_ghosts *ghosts, uint32_t n)
{
	hec_env_assert_held(
		&ghosts->shards[(n >> 3) / ghosts->shard_buckets].lock);
	hec_env_write_once(ghost_at(ghosts, n)->tag, 0);
	count_overflow(ghosts, n >> 3, distance_of(ghosts, n), -1);
}

/*
 * A slot for @hash, marked with @tag.  HEC_NO_GHOST: none within reach is free.
 * Sets *@crowded if the slot is far away, or if there is none.
 */
static uint32_t occupy(struct hec_ghosts *ghosts, uint64_t hash, uint32_t tag,
		       bool *crowded)
{
	struct hec_env_lock *lock = lock_of(ghosts, hash);
	uint32_t b = home_of(ghosts, hash), n = HEC_NO_GHOST;
	uint32_t farthest = reach(ghosts), distance;

	hec_env_lock(lock);
	for (distance = 0; distance <= farthest; distance++) {
		uint32_t i = free_slot(&ghosts->buckets[b]);

		if (i < HEC_GHOST_SLOTS) {
			n = b << 3 | i;
			hec_env_write_once(ghost_at(ghosts, n)->tag, tag);
			set_distance(ghosts, n, distance);
			count_overflow(ghosts, b, distance, 1);
			break;
		}
		b = next_bucket(ghosts, b);
	}
	hec_env_unlock(lock);
	if (distance >= FAR_DISTANCE)
		hec_env_write_once(*crowded, true);
	return n;
}

/* Takes slot @n out of its list. [client] */
static void unlink_ghost(struct hec_ghosts *ghosts,
			 struct hec_ghost_lists *lists, uint32_t kind,
			 uint32_t n)
{
	const struct hec_ghost *ghost = ghost_at(ghosts, n);

	hec_env_assert_held(lists->lock);
	hec_env_assert(lists->nr[kind] && lists_are_valid(lists, kind));
	if (ghost->older == HEC_NO_GHOST)
		lists->oldest[kind] = ghost->newer;
	else
		ghost_at(ghosts, ghost->older)->newer = ghost->newer;
	if (ghost->newer == HEC_NO_GHOST)
		lists->newest[kind] = ghost->older;
	else
		ghost_at(ghosts, ghost->newer)->older = ghost->older;
	hec_env_write_once(lists->nr[kind], lists->nr[kind] - 1);
}

void hec_ghost_add(struct hec_ghosts *ghosts, struct hec_ghost_lists *lists,
		   enum hec_ghost_kind kind, uint64_t hash, uint32_t uses)
{
	uint32_t n =
		occupy(ghosts, hash,
		       tag_of(lists, hash) | uses << KIND_BITS | (kind + 1),
		       &lists->crowded);
	struct hec_ghost *ghost;

	hec_env_assert_held(lists->lock);
	hec_env_assert(lists_are_valid(lists, kind));
	hec_env_assert(uses <= HEC_GHOST_USES_MAX);
	if (n == HEC_NO_GHOST)
		return;
	ghost = ghost_at(ghosts, n);
	ghost->older = lists->newest[kind];
	ghost->newer = HEC_NO_GHOST;
	if (ghost->older == HEC_NO_GHOST)
		lists->oldest[kind] = n;
	else
		ghost_at(ghosts, ghost->older)->newer = n;
	lists->newest[kind] = n;
	hec_env_write_once(lists->nr[kind], lists->nr[kind] + 1);
}

/*
 * Unlinks slot @n and frees it, in this order: another client may take a free
 * slot at once. [ghost]
 */
static enum hec_ghost_kind remove_ghost(struct hec_ghosts *ghosts,
					struct hec_ghost_lists *lists,
					uint32_t n)
{
	uint32_t kind = (ghost_at(ghosts, n)->tag & KIND_MASK) - 1;

	hec_env_assert(kind < HEC_NR_GHOSTS);
	unlink_ghost(ghosts, lists, kind, n);
	release(ghosts, n);
	return (enum hec_ghost_kind)kind;
}

static uint32_t find_from(const struct hec_ghosts *ghosts, uint32_t b,
			  uint32_t tag)
{
	uint32_t farthest = reach(ghosts), distance;

	for (distance = 0; distance <= farthest; distance++) {
		const struct hec_ghost_bucket *bucket = &ghosts->buckets[b];
		uint32_t i = slot_with(bucket, tag);

		if (i < HEC_GHOST_SLOTS)
			return b << 3 | i;
		if (!hec_env_peek(bucket->overflow))
			break;
		b = next_bucket(ghosts, b);
	}
	return HEC_NO_GHOST;
}

/*
 * The slot of a key, or HEC_NO_GHOST.  Context: any; without the ghosts' lock the
 * answer may be old, which does not harm a policy.  Most keys are no ghosts, and
 * most buckets have not overflowed: these are answered from the first bucket.
 */
static inline uint32_t find(const struct hec_ghosts *ghosts,
			    const struct hec_ghost_lists *lists, uint64_t hash)
{
	uint32_t b = home_of(ghosts, hash), tag = tag_of(lists, hash);
	const struct hec_ghost_bucket *bucket = &ghosts->buckets[b];

	if (slot_with(bucket, tag) == HEC_GHOST_SLOTS &&
	    !hec_env_peek(bucket->overflow))
		return HEC_NO_GHOST;
	return find_from(ghosts, b, tag);
}

bool hec_ghost_is_there(const struct hec_ghosts *ghosts,
			const struct hec_ghost_lists *lists, uint64_t hash)
{
	return find(ghosts, lists, hash) != HEC_NO_GHOST;
}

enum hec_ghost_kind hec_ghost_take(struct hec_ghosts *ghosts,
				   struct hec_ghost_lists *lists, uint64_t hash,
				   uint32_t *uses)
{
	struct hec_env_lock *lock = lock_of(ghosts, hash);
	enum hec_ghost_kind kind = HEC_GHOST_NONE;
	uint32_t n;

	hec_env_assert_held(lists->lock);
	*uses = 0;
	hec_env_lock(lock);
	n = find(ghosts, lists, hash);
	if (n != HEC_NO_GHOST) {
		*uses = (ghost_at(ghosts, n)->tag & LIST_MASK) >> KIND_BITS;
		kind = remove_ghost(ghosts, lists, n);
	}
	hec_env_unlock(lock);
	return kind;
}

/* Fetches what the next call will write to when it unlinks the oldest. */
static void fetch_second_oldest(const struct hec_ghosts *ghosts,
				const struct hec_ghost_lists *lists,
				enum hec_ghost_kind kind)
{
	uint32_t n = lists->oldest[kind];

	hec_env_assert_held(lists->lock);
	if (n != HEC_NO_GHOST)
		n = ghost_at(ghosts, n)->newer;
	if (n != HEC_NO_GHOST)
		hec_env_prefetchw(ghost_at(ghosts, n));
}

void hec_ghost_forget(struct hec_ghosts *ghosts, struct hec_ghost_lists *lists,
		      enum hec_ghost_kind kind)
{
	uint32_t n = lists->oldest[kind];
	uint32_t shard = (n >> 3) / ghosts->shard_buckets;
	struct hec_env_lock *lock = &ghosts->shards[shard].lock;

	hec_env_assert_held(lists->lock);
	hec_env_assert(lists->nr[kind]);
	hec_env_lock(lock);
	remove_ghost(ghosts, lists, n);
	hec_env_unlock(lock);
	fetch_second_oldest(ghosts, lists, kind);
}

bool hec_ghost_forget_some(struct hec_ghosts *ghosts,
			   struct hec_ghost_lists *lists, uint32_t budget)
{
	uint32_t kind;

	hec_env_assert_held(lists->lock);
	for (kind = 0; kind < HEC_NR_GHOSTS; kind++) {
		while (lists->nr[kind]) {
			if (!budget--)
				return false;
			hec_ghost_forget(ghosts, lists,
					 (enum hec_ghost_kind)kind);
		}
	}
	return true;
}

int hec_ghost_audit(const struct hec_ghosts *ghosts,
		    const struct hec_ghost_lists *lists, uint32_t kind)
{
	uint32_t n, older = HEC_NO_GHOST, count = 0;

	for (n = lists->oldest[kind]; n != HEC_NO_GHOST;
	     n = ghost_at(ghosts, n)->newer) {
		uint32_t tag = ghost_at(ghosts, n)->tag;

		if (ghost_at(ghosts, n)->older != older)
			return __LINE__;
		if ((tag & KIND_MASK) != kind + 1)
			return __LINE__;
		if ((tag >> CLIENT_SHIFT & ((1u << CLIENT_BITS) - 1)) !=
		    lists->client)
			return __LINE__;
		older = n;
		count++;
	}
	if (older != lists->newest[kind])
		return __LINE__;
	return count == lists->nr[kind] ? 0 : __LINE__;
}
