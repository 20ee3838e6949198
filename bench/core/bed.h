/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cache of a given size, and steps: put, get, copy, ...
 */
#ifndef BENCH_BED_H
#define BENCH_BED_H

#include "bench.h"
#include "memory.h"

struct bench_bed;

struct bench_worker {
	struct bench_bed *bed;
	struct hec_client *client;
	uint64_t pool;
	uint32_t number;
	uint32_t next; /* position in the order of keys */
	uint32_t hot; /* next hot page */
	uint32_t cold; /* next cold page that memcpy uses */
	uint64_t failed; /* operations with another result than planned */
	struct hec_batch_item items[BENCH_BATCH];
};

/* Does @nr operations. */
typedef void bench_step(struct bench_worker *worker, uint32_t nr);

struct bench_setup {
	uint32_t pages;
	uint32_t threads;
	bool one_vm; /* else each thread is a VM of its own */
	enum hec_policy_kind policy;
	enum hec_content content;
};

struct bench_bed {
	struct bench_memory *memory;
	struct bench_setup setup;
	struct hec_config config;
	struct hec_cache *cache;
	uint32_t nr_clients; /* the first workers' */
	void *metadata;
	char *frames, *source, *target, *hot;
	uint32_t cold_pages; /* in source, and in target */
	uint32_t *puts, *gets; /* orders of a thread's keys */
	uint32_t first; /* key of the first put: new keys for evictions */
	struct bench_worker workers[BENCH_MAX_THREADS];
};

uint64_t bench_metadata_bytes(const struct bench_setup *setup);
uint64_t bench_bed_bytes(const struct bench_setup *setup);
void bench_bed_init(struct bench_bed *bed, struct bench_memory *memory,
		    const struct bench_setup *setup);
void bench_bed_fini(struct bench_bed *bed);
/* Operations that went otherwise than planned, of all workers. */
uint64_t bench_bed_failed(const struct bench_bed *bed);

bench_step bench_copy_cold_cold, bench_copy_cold_hot, bench_copy_hot_hot;
bench_step bench_put, bench_get, bench_get_miss, bench_flush, bench_load;
bench_step bench_put_batch, bench_get_batch;

#endif
