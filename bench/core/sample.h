/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time slices, two kinds in turn; medians of them and of ratios.
 */
#ifndef BENCH_SAMPLE_H
#define BENCH_SAMPLE_H

#include "bed.h"
#include "bench.h"

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

#endif
