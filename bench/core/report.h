/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table, the targets, the JSON file.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "bench.h"

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
