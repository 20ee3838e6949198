/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What came out: the table, the targets, the file for programs.
 */
#include "report.h"

#include <errno.h>

#define FIRST_ROWS 64u
#define TARGET_PAGES (1u << 18) /* 1 GiB */

static const char *const primitive_name[BENCH_NR_PRIMITIVES] = {
	[BENCH_COLD_COLD] = "cold to cold",
	[BENCH_COLD_HOT] = "cold to hot",
	[BENCH_HOT_HOT] = "hot to hot",
};

void bench_report_init(struct bench_report *report, FILE *out)
{
	memset(report, 0, sizeof(*report));
	report->out = out;
}

void bench_report_head(const struct bench_report *report)
{
	fprintf(report->out, "%-16s %7s %10s %9s %9s %-12s %6s %8s %8s\n",
		"operation", "threads", "pages", "ns", "memcpy", "", "ratio",
		"samples", "dropped");
}

void bench_report_fini(struct bench_report *report)
{
	free(report->rows);
}

static void make_room(struct bench_report *report)
{
	uint32_t max = report->max ? 2 * report->max : FIRST_ROWS;
	struct bench_row *rows =
		realloc(report->rows, max * sizeof(*report->rows));

	if (!rows) {
		fprintf(stderr, "hec-bench: no memory for results\n");
		exit(1);
	}
	report->rows = rows;
	report->max = max;
}

void bench_report_add(struct bench_report *report, const struct bench_row *row)
{
	if (report->nr == report->max)
		make_room(report);
	report->rows[report->nr++] = *row;
	fprintf(report->out, "%-16s %7u %10u %9.1f %9.1f %-12s %6.2f %8u %8u\n",
		row->name, row->threads, row->pages, row->ns, row->primitive_ns,
		primitive_name[row->primitive], row->ratio, row->samples,
		row->dropped);
	fflush(report->out);
}

static const struct bench_row *find(const struct bench_report *report,
				    const char *name, uint32_t threads)
{
	uint32_t i;

	for (i = 0; i < report->nr; i++) {
		const struct bench_row *row = &report->rows[i];

		if (row->pages == TARGET_PAGES && row->threads == threads &&
		    !strcmp(row->name, name) && row->samples)
			return row;
	}
	return NULL;
}

static void target(const struct bench_report *report, const char *what,
		   double value, bool at_most, double limit)
{
	bool reached = at_most ? value <= limit : value >= limit;

	fprintf(report->out, "  %-44s %7.2f  %s %5.2f  %s\n", what, value,
		at_most ? "at most " : "at least", limit,
		reached ? "reached" : "NOT REACHED");
}

static void ratio_target(const struct bench_report *report, const char *name,
			 double limit)
{
	const struct bench_row *row = find(report, name, 1);
	char what[64];

	if (!row)
		return;
	snprintf(what, sizeof(what), "%s / memcpy %s", name,
		 primitive_name[row->primitive]);
	target(report, what, row->ratio, true, limit);
}

/*
 * One operation's ratio to memcpy over another's: both are medians of
 * neighbouring slices, so that the machine's moods cancel.
 */
static void relative_target(const struct bench_report *report, const char *name,
			    uint32_t threads, const char *other,
			    uint32_t other_threads, bool at_most, double limit)
{
	const struct bench_row *a = find(report, name, threads);
	const struct bench_row *b = find(report, other, other_threads);
	char what[64];

	if (!a || !b)
		return;
	if (threads == other_threads)
		snprintf(what, sizeof(what), "%s / %s", name, other);
	else
		snprintf(what, sizeof(what),
			 "%s: gain of %u threads / memcpy's", other,
			 other_threads);
	target(report, what, a->ratio / b->ratio, at_most, limit);
}

void bench_report_targets(const struct bench_report *report)
{
	const struct bench_row *miss = find(report, "get_miss", 1);

	fprintf(report->out, "\nTargets, at %u pages in random order:\n",
		TARGET_PAGES);
	ratio_target(report, "put", 1.25);
	ratio_target(report, "get", 1.4);
	ratio_target(report, "put_plain", 1.1);
	ratio_target(report, "get_plain", 1.15);
	if (miss)
		target(report, "get_miss, ns", miss->ns, true, 50);
	relative_target(report, "put_evict", 1, "put", 1, true, 1.1);
	relative_target(report, "put_batch", 1, "put", 1, true, 1);
	relative_target(report, "get_batch", 1, "get", 1, true, 1);
	relative_target(report, "put", 1, "put", 2, false, 0.95);
	relative_target(report, "get", 1, "get", 2, false, 0.95);
	relative_target(report, "put", 1, "put_one_vm", 2, false, 0.95);
	relative_target(report, "get", 1, "get_one_vm", 2, false, 0.95);
	target(report, "metadata, bytes a page",
	       report->metadata_bytes_per_page, true, 64);
	if (report->failed)
		fprintf(report->out, "%llu operations went wrong\n",
			(unsigned long long)report->failed);
}

static void print_json(const struct bench_report *report, FILE *file)
{
	uint32_t i;

	fprintf(file, "[\n");
	for (i = 0; i < report->nr; i++) {
		const struct bench_row *row = &report->rows[i];

		fprintf(file,
			"  {\"name\": \"%s\", \"threads\": %u, \"pages\": %u, "
			"\"ns\": %.2f, \"ratio_memcpy\": %.4f, "
			"\"memcpy\": \"%s\", \"memcpy_ns\": %.2f, "
			"\"samples\": %u, \"dropped\": %u},\n",
			row->name, row->threads, row->pages, row->ns,
			row->ratio, primitive_name[row->primitive],
			row->primitive_ns, row->samples, row->dropped);
	}
	fprintf(file,
		"  {\"name\": \"metadata_bytes_per_page\", "
		"\"value\": %.3f}\n]\n",
		report->metadata_bytes_per_page);
}

int bench_report_json(const struct bench_report *report, const char *path)
{
	FILE *file = fopen(path, "w");
	int err;

	if (!file)
		return -1;
	print_json(report, file);
	err = ferror(file);
	if (fclose(file) || err)
		return -1;
	return 0;
}
