/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the unit tests share: a cache in ordinary memory, a guest whose frames
 * can be holes, read-only or not resident, and pages with known content.
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <check.h>

#include <hecache/hecache.h>

#define FIXTURE_CHUNK_SHIFT 3
#define FIXTURE_CHUNK_FRAMES (1u << FIXTURE_CHUNK_SHIFT)
#define FIXTURE_CHUNKS 16
#define FIXTURE_POOLS 32

/* Zeroed memory, aligned to 64, for free(); with none the test fails. */
void *test_memory(size_t bytes);

struct fixture {
	struct hec_config config;
	void *mem;
	struct hec_cache *cache;
	uint32_t chunks_lent;
};

/* A configuration for small caches; tests change what they are about. */
struct hec_config fixture_config(void);

/* Makes a cache of @chunks chunks; aborts the test if it cannot. */
void fixture_start(struct fixture *f, const struct hec_config *config,
		   uint32_t chunks);
void fixture_grow(struct fixture *f);

/* Takes one chunk back; the result is hec_shrink()'s. */
int fixture_shrink(struct fixture *f);

/* Audits, takes all chunks back, checks that all were, ends the cache. */
void fixture_end(struct fixture *f);

/* The same, and before it @client, which is the last. */
void fixture_end_client(struct fixture *f, struct hec_client *client);

/* A client on these terms; one with LRU that may have @max_pages (0: all). */
struct hec_client *fixture_client_on(struct fixture *f,
				     const struct hec_client_config *terms);
struct hec_client *fixture_client(struct fixture *f, uint32_t max_pages);
/* A pool of a kind; an ephemeral one. */
uint64_t fixture_pool_of(struct fixture *f, struct hec_client *client,
			 enum hec_pool_kind kind);
uint64_t fixture_pool(struct fixture *f, struct hec_client *client);
struct hec_stats fixture_stats(struct fixture *f, struct hec_client *client);

/* Content that depends on @seed in every word; SEED_ZEROES: zeroes. */
#define SEED_ZEROES UINT64_MAX
void page_fill(void *page, uint64_t seed);
bool page_holds(const void *page, uint64_t seed);

/* Puts and gets a page whose content is made from @seed. */
int put_seed(struct fixture *f, struct hec_client *client, uint64_t pool,
	     uint64_t object, uint64_t index, uint64_t seed);
int get_seed(struct fixture *f, struct hec_client *client, uint64_t pool,
	     uint64_t object, uint64_t index, uint64_t seed);

/* Puts pages @from to @from + @nr - 1 of object 0, each with its index for a seed. */
void put_range(struct fixture *f, struct hec_client *client, uint64_t pool,
	       uint64_t from, uint64_t nr);

/* The guest that hec_env_guest_map() knows: GUEST_FRAMES frames from 0 on. */
#define GUEST_FRAMES 64
enum guest_frame {
	GUEST_RAM,
	GUEST_HOLE,
	GUEST_READ_ONLY,
	GUEST_ABSENT
};

struct guest {
	uint8_t page[GUEST_FRAMES][HEC_PAGE_SIZE] __attribute__((aligned(64)));
	enum guest_frame kind[GUEST_FRAMES];
	void *mapped[HEC_GUEST_MAPS]; /* the last one is unmapped first */
	uint32_t nr_mapped;
	struct hec_client *admitted; /* what a first HELLO is given, or NULL */
	uint32_t nr_admissions; /* times that it was asked for */
};

struct xorshift {
	uint64_t state;
};
uint64_t random_next(struct xorshift *random);
uint64_t random_below(struct xorshift *random, uint64_t limit);

/* The seed of random tests: HEC_TEST_SEED, else one drawn anew and printed. */
uint64_t test_seed(const char *test);

/* Factor for the length of random tests: HEC_TEST_SCALE, else 1. */
uint64_t test_scale(void);

#endif
