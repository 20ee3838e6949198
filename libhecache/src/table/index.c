/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The index, see index.h.
 *
 * A hash is used in pieces.  Bits 32 and up choose the shard, bits 0-31 the bucket
 * in the shard, bits 48-63 the tag.
 *
 * Invariant: a key that is not in its own bucket is counted in the overflow of
 * its own bucket and of each bucket from there to the one it is in (without that
 * one).  A count that reached its limit stays there.  Then a search may go on for
 * nothing, but it never stops too early.  A search ends after HEC_INDEX_REACH
 * buckets at the latest; further away no key lives.
 */
#include <hec_env.h>

#include <hecache/abi.h>

#include "index.h"

#include "../base/hash.h"

#define OVERFLOW_STUCK 255
#define SLOTS_LOW 8 /* slots whose tags are in the first word */
#define NO_SLOT 0xffffffffu
#define TAGS_HIGH 0xffffffffull /* the tags in the second word */
#define OVERFLOW_MASK 0xff00000000ull /* in the second word */
#define EVERY_BYTE 0x0101010101010101ull

struct place {
	struct hec_bucket *first; /* of the shard */
	uint32_t home; /* bucket that the hash chooses */
	uint8_t tag;
};

uint32_t hec_index_shard_buckets(uint32_t nr_keys, uint32_t nr_shards)
{
	uint32_t keys = nr_keys / nr_shards + 1;

	return keys / HEC_BUCKET_LOAD + 2;
}

void hec_index_init(struct hec_index *index)
{
	uint32_t i;

	for (i = 0; i < index->nr_shards; i++)
		hec_env_lock_init(&index->shards[i].lock);
}

void hec_index_fini(struct hec_index *index)
{
	uint32_t i;

	for (i = 0; i < index->nr_shards; i++)
		hec_env_lock_fini(&index->shards[i].lock);
}

static inline struct place place_of(const struct hec_index *index,
				    uint64_t hash)
{
	uint32_t shard = (uint32_t)(hash >> 32) & (index->nr_shards - 1);
	struct place place;

	place.first = index->buckets + (size_t)shard * index->shard_buckets;
	place.home = hec_scale32((uint32_t)hash, index->shard_buckets);
	place.tag =
		(uint8_t)(1 + hec_scale32((uint32_t)(hash >> 48) << 16, 255));
	return place;
}

static inline bool place_is_valid(const struct hec_index *index,
				  const struct place *place)
{
	return place->home < index->shard_buckets && place->tag;
}

/* Buckets of a search, at the most. */
static uint32_t reach(const struct hec_index *index)
{
	return index->shard_buckets < HEC_INDEX_REACH ? index->shard_buckets
						      : HEC_INDEX_REACH;
}

static uint32_t next_bucket(const struct hec_index *index, uint32_t bucket)
{
	return bucket + 1 == index->shard_buckets ? 0 : bucket + 1;
}

void hec_index_prefetch(const struct hec_index *index, uint64_t hash)
{
	struct place place = place_of(index, hash);

	hec_env_prefetchw(place.first + place.home);
	hec_env_prefetchw(hec_index_shard(index, hash));
}

/*
 * Marks each byte of @word that is zero, in its highest bit.  The trick may also
 * mark bytes above a zero byte; the caller's comparison finds these out.  The
 * lowest mark is always right.
 */
static inline uint64_t zero_bytes(uint64_t word)
{
	return (word - EVERY_BYTE) & ~word & (EVERY_BYTE << 7);
}

/* The bytes in the order of the slots: the first slot has the lowest byte. */
static inline uint64_t in_order(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(word);
#else
	return word;
#endif
}

/*
 * The slots whose tag is @tag.  As a rule there are none.  Slots of the first word are
 * marked in the lowest bits of the result's bytes, those of the second in the bits
 * next to them.
 */
static inline uint64_t slots_in(uint64_t low, uint64_t high, uint8_t tag)
{
	uint64_t wanted = tag * EVERY_BYTE;

	low = zero_bytes(low ^ wanted);
	high = zero_bytes(high ^ wanted) & TAGS_HIGH;
	return low >> 7 | high >> 6;
}

static inline uint64_t slots_with(const struct hec_bucket *bucket, uint8_t tag)
{
	return slots_in(in_order(bucket->word[0]), in_order(bucket->word[1]),
			tag);
}

/* The slot of the lowest mark; @slots &= @slots - 1 then removes it. */
static inline uint32_t slot_of(uint64_t slots)
{
	uint32_t bit = (uint32_t)__builtin_ctzll(slots);

	return bit / 8 + bit % 8 * SLOTS_LOW;
}

/*
 * Insertion and removal change single bytes of a bucket, and a key never changes
 * its slot.  So if a key is there all the time, this sees its tag and the overflow
 * counts that lead to it, although it takes no lock.
 */
static uint32_t guess_from(const struct hec_index *index,
			   const struct place *place, uint32_t b)
{
	uint64_t slots;
	uint32_t tries;

	for (tries = reach(index); tries; tries--) {
		const struct hec_bucket *bucket = place->first + b;
		uint64_t low = in_order(hec_env_peek(bucket->word[0]));
		uint64_t high = in_order(hec_env_peek(bucket->word[1]));

		slots = slots_in(low, high, place->tag);
		if (slots)
			return hec_env_peek(bucket->record[slot_of(slots)]);
		if (!(high & OVERFLOW_MASK))
			break;
		b = next_bucket(index, b);
	}
	return HEC_NO_RECORD;
}

uint32_t hec_index_guess(const struct hec_index *index, uint64_t hash)
{
	struct place place = place_of(index, hash);
	const struct hec_bucket *bucket = place.first + place.home;
	uint64_t low = in_order(hec_env_peek(bucket->word[0]));
	uint64_t high = in_order(hec_env_peek(bucket->word[1]));

	/* Most misses end here, so the first bucket is not left to the loop. */
	if (!slots_in(low, high, place.tag) && !(high & OVERFLOW_MASK))
		return HEC_NO_RECORD;
	return guess_from(index, &place, place.home);
}

uint32_t hec_index_find(const struct hec_index *index, uint64_t hash,
			const struct hec_key *key)
{
	struct place place = place_of(index, hash);
	uint32_t b = place.home, tries;
	uint64_t slots;

	hec_env_assert_held(&hec_index_shard(index, hash)->lock);
	for (tries = reach(index); tries; tries--) {
		const struct hec_bucket *bucket = place.first + b;

		for (slots = slots_with(bucket, place.tag); slots;
		     slots &= slots - 1) {
			uint32_t slot = slot_of(slots);

			if (bucket->tag[slot] == place.tag &&
			    hec_record_matches(index->records,
					       bucket->record[slot], key))
				return bucket->record[slot];
		}
		if (!bucket->overflow)
			break;
		b = next_bucket(index, b);
	}
	return HEC_NO_RECORD;
}

/* Changes the overflow counts of the buckets from home up to @end by @by. */
static void count_overflow(const struct hec_index *index,
			   const struct place *place, uint32_t end, int by)
{
	uint32_t b;

	hec_env_assert(place_is_valid(index, place));
	for (b = place->home; b != end; b = next_bucket(index, b)) {
		struct hec_bucket *bucket = place->first + b;

		if (bucket->overflow != OVERFLOW_STUCK)
			hec_env_write_once(bucket->overflow,
					   (uint8_t)(bucket->overflow + by));
	}
}

int hec_index_insert(struct hec_index *index, uint64_t hash, uint32_t n)
{
	struct place place = place_of(index, hash);
	uint32_t b = place.home, tries;
	uint64_t slots;

	hec_env_assert_held(&hec_index_shard(index, hash)->lock);
	for (tries = reach(index); tries; tries--) {
		struct hec_bucket *bucket = place.first + b;

		slots = slots_with(bucket, 0);
		if (slots) {
			uint32_t slot = slot_of(slots);

			hec_env_write_once(bucket->tag[slot], place.tag);
			hec_env_write_once(bucket->record[slot], n);
			count_overflow(index, &place, b, 1);
			return HEC_OK;
		}
		b = next_bucket(index, b);
	}
	return HEC_ENOSPC;
}

/* The slot of @bucket that has record @n, of tag @tag; else NO_SLOT. */
static inline uint32_t slot_with(const struct hec_bucket *bucket, uint8_t tag,
				 uint32_t n)
{
	uint64_t slots;

	for (slots = slots_with(bucket, tag); slots; slots &= slots - 1) {
		uint32_t slot = slot_of(slots);

		if (bucket->tag[slot] == tag && bucket->record[slot] == n)
			return slot;
	}
	return NO_SLOT;
}

/* The bucket and slot of record @n, which is in the index. */
static uint32_t locate(const struct hec_index *index, const struct place *place,
		       uint32_t n, uint32_t *slot)
{
	uint32_t b = place->home, tries;

	hec_env_assert(place_is_valid(index, place));
	for (tries = reach(index); tries; tries--) {
		*slot = slot_with(place->first + b, place->tag, n);
		if (*slot != NO_SLOT)
			return b;
		b = next_bucket(index, b);
	}
	hec_env_bug("hec_index: a linked record is not in the index");
	*slot = 0;
	return place->home;
}

void hec_index_remove(struct hec_index *index, uint64_t hash, uint32_t n)
{
	struct place place = place_of(index, hash);
	uint32_t slot;
	uint32_t b = locate(index, &place, n, &slot);

	hec_env_assert_held(&hec_index_shard(index, hash)->lock);
	hec_env_write_once(place.first[b].tag[slot], 0);
	count_overflow(index, &place, b, -1);
}

void hec_index_replace(struct hec_index *index, uint64_t hash, uint32_t from,
		       uint32_t to)
{
	struct place place = place_of(index, hash);
	uint32_t slot;
	uint32_t b = locate(index, &place, from, &slot);

	hec_env_assert_held(&hec_index_shard(index, hash)->lock);
	hec_env_write_once(place.first[b].record[slot], to);
}
