/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Big memory on large pages, random orders.
 */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include "bench.h"

/* One arena, mapped once, for one bed after the other. */
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

#endif
