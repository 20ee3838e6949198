/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The index: from a key's hash to its record.
 *
 * A bucket is one cache line.  It has twelve slots, each with a one-byte tag.  So a
 * look-up costs one cache miss for the bucket and one for the record.  If the key
 * is not there, it costs only the first, as a rule.  A key that finds its bucket
 * full goes to the next one of the shard.  Each bucket counts the keys that went
 * past it, as in Facebook's F14.  A search ends at a bucket with a count of 0.
 *
 *      0          12  13    16                                            64
 *     | tag x 12   |ovf|    | record x 12                                  |
 *
 * Each shard is a range of buckets with its own lock.  The caller must hold it,
 * except for hec_index_prefetch() and hec_index_guess().
 */
#ifndef HEC_INDEX_H
#define HEC_INDEX_H

#include "../base/record.h"

#define HEC_BUCKET_SLOTS 12
/* A key lives in so many buckets from its own on, or nowhere. */
#define HEC_INDEX_REACH 64u
#define HEC_BUCKET_LOAD 10 /* slots in use, in the mean, when all is full */

struct hec_bucket {
	union {
		struct {
			uint8_t tag[HEC_BUCKET_SLOTS]; /* 0: the slot is free */
			uint8_t overflow; /* keys that went past this bucket */
		};
		uint64_t word[2]; /* the same, to read tags together */
	};
	uint32_t record[HEC_BUCKET_SLOTS];
};

_Static_assert(sizeof(struct hec_bucket) == 64, "a bucket is a cache line");

struct hec_shard {
	struct hec_env_lock lock;
} __attribute__((aligned(64)));

struct hec_index {
	struct hec_bucket *buckets; /* [const] */
	struct hec_shard *shards; /* [const] */
	struct hec_record *records; /* [const] */
	uint32_t nr_shards; /* [const] a power of two */
	uint32_t shard_buckets; /* [const] buckets of each shard */
};

/* How many buckets each shard needs, if all @nr_shards hold @nr_keys. */
uint32_t hec_index_shard_buckets(uint32_t nr_keys, uint32_t nr_shards);

/* Makes the locks.  The const fields must be set already, and all buckets be zero. */
void hec_index_init(struct hec_index *index);
void hec_index_fini(struct hec_index *index);

static inline struct hec_shard *hec_index_shard(const struct hec_index *index,
						uint64_t hash)
{
	return &index->shards[(hash >> 32) & (index->nr_shards - 1)];
}

/* Fetches the bucket of @hash and its shard's lock.  Context: any. */
void hec_index_prefetch(const struct hec_index *index, uint64_t hash);

/*
 * The first record that may be the one under @hash, for the caller to fetch.
 * HEC_NO_RECORD: the key is not there.  Context: any; without the shard's lock the
 * answer may be old.  But a key that is there all the time is never overlooked.
 */
uint32_t hec_index_guess(const struct hec_index *index, uint64_t hash);

/* The record of @key, which hashes to @hash, or HEC_NO_RECORD. */
uint32_t hec_index_find(const struct hec_index *index, uint64_t hash,
			const struct hec_key *key);

/*
 * Adds record @n under @hash; its key must not be there.
 * HEC_ENOSPC: the shard is full, or all buckets within reach are.
 */
int hec_index_insert(struct hec_index *index, uint64_t hash, uint32_t n);

/* Removes record @n, which is there under @hash. */
void hec_index_remove(struct hec_index *index, uint64_t hash, uint32_t n);

/* Puts record @to in the slot of record @from. */
void hec_index_replace(struct hec_index *index, uint64_t hash, uint32_t from,
		       uint32_t to);

#endif
