/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON and a table of a replay's counts, see report.h.
 */
#include "report.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
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

static bool is_plain(char c)
{
	return isprint((unsigned char)c) && c != '"' && c != '\\';
}

/* A name out of a file, so that it can neither end a string nor steer a screen. */
static void copy_name(const struct trace_volume *volume,
		      char name[TRACE_NAME_BYTES])
{
	strcpy(name, volume->name);
	for (; *name; name++)
		if (!is_plain(*name))
			*name = '?';
}

static void json_vm(const struct trace_volume *volume,
		    const struct replay_counts *counts)
{
	char name[TRACE_NAME_BYTES];

	copy_name(volume, name);
	printf("{");
	if (*name)
		printf("\"volume\":\"%s\",", name);
	json_members(counts);
	printf("}");
}

void report_json(const struct replay *replay,
		 const struct replay_counts *counts)
{
	struct replay_counts sum = sum_of(counts, replay->nr_vms);
	uint32_t i;

	printf("{");
	json_members(&sum);
	printf(",\"vms\":[");
	for (i = 0; i < replay->nr_vms; i++) {
		if (i)
			printf(",");
		json_vm(replay_volume(replay, i), &counts[i]);
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

/* FILE or FILE:VOLUME, of which the file's name gives way. */
static void table_vm(const char *file, const struct trace_volume *volume,
		     const struct replay_counts *counts)
{
	char name[TRACE_NAME_BYTES], both[NAME_WIDTH + TRACE_NAME_BYTES];
	int room;

	copy_name(volume, name);
	room = NAME_WIDTH - 1 - (int)strlen(name);
	if (!*name) {
		table_row(file, counts);
		return;
	}
	snprintf(both, sizeof(both), "%.*s:%s", room > 0 ? room : 0, file,
		 name);
	table_row(both, counts);
}

void report_table(const struct replay *replay,
		  const struct replay_counts *counts, char *const *paths)
{
	struct replay_counts sum = sum_of(counts, replay->nr_vms);
	uint32_t i, n;

	printf("%-*s %11s %9s %11s %6s %11s %6s %11s %6s\n", NAME_WIDTH,
	       "trace", "requests", "unique", "VM hits", "%", "cache hits", "%",
	       "misses", "%");
	for (i = 0; i < replay->nr_traces; i++) {
		const struct trace *trace = &replay->traces[i];
		const char *slash = strrchr(paths[i], '/');

		for (n = 0; n < trace->nr_volumes; n++)
			table_vm(slash ? slash + 1 : paths[i],
				 &trace->volumes[n], counts++);
	}
	if (replay->nr_vms > 1)
		table_row("all", &sum);
}
