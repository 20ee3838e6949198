/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hec-bench: what the core's operations cost, beside memcpy in the same run.
 *
 *     plan      what is measured: the arguments
 *     memory    big memory on large pages, random orders
 *     sample    time slices, two kinds in turn; medians of them and of ratios
 *     bed       a cache of a given size, and steps: put, get, copy, ...
 *     scenario  fill, drain, evict: which steps are measured in which state
 *     report    the table, the targets, the JSON file
 *
 * Machines are noisy.  A measurement alternates short slices of the operation
 * with slices of its primitive, drops a slice in which the thread lost the
 * processor, and takes the median, of the times and of the ratios of
 * neighbouring slices.
 */
#ifndef BENCH_H
#define BENCH_H

#include <hecache/hecache.h>

#define BENCH_MAX_THREADS 16u
#define BENCH_BATCH 32u
#define BENCH_CHUNK_SHIFT 9 /* caches have whole chunks */
#define BENCH_MIB_PAGES 256u
#define BENCH_GIB_PAGES (1024u * BENCH_MIB_PAGES)

/* memory.c: one arena, mapped once, for one bed after the other. */
struct bench_memory {
	char *base;
	uint64_t len, used;
};

#define BENCH_TAKES 8u /* parts of the arena that a bed takes at the most */
#define BENCH_TAKE_SLACK (2ull << 20) /* what each is rounded up by */

/* Does not return when there is not so much. */
void bench_memory_init(struct bench_memory *memory, uint64_t bytes);
void *bench_take(struct bench_memory *memory, uint64_t bytes);
void bench_release_all(struct bench_memory *memory);
uint32_t *bench_random_order(struct bench_memory *memory, uint32_t nr,
			     uint64_t seed);
/* The part of this process's memory that is on large pages, in percent. */
uint32_t bench_large_pages_percent(void);

/* The primitives that an operation is compared with. */
enum bench_primitive {
	BENCH_COLD_COLD,
	BENCH_COLD_HOT,
	BENCH_HOT_HOT,
	BENCH_NR_PRIMITIVES
};

/* One line of the result; ns is for one page, of all threads together. */
struct bench_row {
	char name[32];
	enum bench_primitive primitive;
	uint32_t threads;
	uint32_t pages;
	uint32_t samples;
	uint32_t dropped;
	double ns;
	double primitive_ns;
	double ratio;
};

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

/* sample.c */
struct bench_samples {
	double *ns[2]; /* of the primitive, of the operation */
	uint32_t nr, max, dropped;
};

void bench_samples_init(struct bench_samples *samples, uint32_t max);
void bench_samples_fini(struct bench_samples *samples);
void bench_samples_row(struct bench_samples *samples, struct bench_row *row);

/*
 * Each of @threads workers does @nr operations of @step, in slices of @slice,
 * before each as many of @primitive (NULL: none, and nothing is measured).
 */
void bench_alternate(struct bench_worker *workers, uint32_t threads,
		     bench_step *primitive, bench_step *step, uint32_t nr,
		     uint32_t slice, struct bench_samples *samples);

/* bed.c */
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

/* plan.c */
#define BENCH_MAX_ASKED 16u /* of sizes, of entries */
#define BENCH_MAX_LIST (BENCH_MAX_ASKED + 4u)
#define BENCH_NR_POLICY_SETUPS 3u
#define BENCH_MAX_SETUPS (2 * BENCH_MAX_LIST + BENCH_NR_POLICY_SETUPS)

struct bench_list {
	uint32_t nr;
	uint32_t pages[BENCH_MAX_LIST];
};

struct bench_plan {
	struct bench_list sizes;
	struct bench_list entries;
	uint32_t threads;
	uint32_t samples;
	bool is_asked; /* for sizes or entries: each on all threads */
	bool policies;
	bool quick, full, help;
	const char *json;
};

extern const char bench_plan_help[];

/*
 * Reads the options; @argv is permuted and borrowed.  false: what is wrong has
 * been said on standard error.
 */
bool bench_plan_parse(struct bench_plan *plan, int argc, char **argv);
/* Returns how many there are. */
uint32_t bench_plan_setups(const struct bench_plan *plan,
			   struct bench_setup setup[BENCH_MAX_SETUPS]);

/* scenario.c */
struct bench_report;

void bench_scenario(struct bench_report *report, struct bench_memory *memory,
		    const struct bench_setup *setup, uint32_t samples);

/* report.c */
struct bench_report {
	struct bench_row *rows;
	uint32_t nr, max;
	double metadata_bytes_per_page;
	uint64_t failed;
	FILE *out;
};

void bench_report_init(struct bench_report *report, FILE *out);
void bench_report_head(const struct bench_report *report);
void bench_report_fini(struct bench_report *report);
/* Takes note of @row and prints it. */
void bench_report_add(struct bench_report *report, const struct bench_row *row);
void bench_report_targets(const struct bench_report *report);
/* 0, or -1 with errno set. */
int bench_report_json(const struct bench_report *report, const char *path);

#endif
