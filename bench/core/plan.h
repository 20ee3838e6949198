/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is measured: the arguments.
 */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include "bed.h"
#include "bench.h"

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

#endif
