/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON and a table of a replay's counts, see report.h.
 */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_WIDTH 24

static struct replay_counts sum_of(const struct replay_counts *counts,
				   uint32_t nr_vms)
{
	struct replay_counts sum = { 0 };
	uint32_t i;

	for (i = 0; i < nr_vms; i++) {
		sum.requests += counts[i].requests;
		sum.unique += counts[i].unique;
		sum.vm_hits += counts[i].vm_hits;
		sum.cache_hits += counts[i].cache_hits;
		sum.misses += counts[i].misses;
	}
	return sum;
}

static void json_members(const struct replay_counts *counts)
{
	printf("\"requests\":%" PRIu64 ",\"unique\":%" PRIu64
	       ",\"vm_hits\":%" PRIu64 ",\"cache_hits\":%" PRIu64
	       ",\"misses\":%" PRIu64,
	       counts->requests, counts->unique, counts->vm_hits,
	       counts->cache_hits, counts->misses);
}

void report_json(const struct replay_counts *counts, uint32_t nr_vms)
{
	struct replay_counts sum = sum_of(counts, nr_vms);
	uint32_t i;

	printf("{");
	json_members(&sum);
	printf(",\"vms\":[");
	for (i = 0; i < nr_vms; i++) {
		printf(i ? ",{" : "{");
		json_members(&counts[i]);
		printf("}");
	}
	printf("]}\n");
}

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void table_row(const char *name, const struct replay_counts *counts)
{
	printf("%-*.*s %11" PRIu64 " %9" PRIu64, NAME_WIDTH, NAME_WIDTH, name,
	       counts->requests, counts->unique);
	printf(" %11" PRIu64 " %6.2f", counts->vm_hits,
	       percent(counts->vm_hits, counts->requests));
	printf(" %11" PRIu64 " %6.2f", counts->cache_hits,
	       percent(counts->cache_hits, counts->requests));
	printf(" %11" PRIu64 " %6.2f\n", counts->misses,
	       percent(counts->misses, counts->requests));
}

void report_table(const struct replay_counts *counts, uint32_t nr_vms,
		  char *const *names)
{
	struct replay_counts sum = sum_of(counts, nr_vms);
	uint32_t i;

	printf("%-*s %11s %9s %11s %6s %11s %6s %11s %6s\n", NAME_WIDTH,
	       "trace", "requests", "unique", "VM hits", "%", "cache hits", "%",
	       "misses", "%");
	for (i = 0; i < nr_vms; i++) {
		const char *slash = strrchr(names[i], '/');

		table_row(slash ? slash + 1 : names[i], &counts[i]);
	}
	if (nr_vms > 1)
		table_row("all", &sum);
}
