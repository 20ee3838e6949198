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

#endif
