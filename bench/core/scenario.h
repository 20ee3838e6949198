/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fill, drain, evict: which steps are measured in which state.
 */
#ifndef BENCH_SCENARIO_H
#define BENCH_SCENARIO_H

#include "bed.h"
#include "memory.h"

struct bench_report;

void bench_scenario(struct bench_report *report, struct bench_memory *memory,
		    const struct bench_setup *setup, uint32_t samples);

#endif
