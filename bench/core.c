/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hec-bench: what puts and gets cost, see core/bench.h.
 */
#include "core/bench.h"

#include <errno.h>
#include <getopt.h>
#include <unistd.h>

#define MAX_SIZES 16
#define NR_POLICY_SETUPS 3

#define MIB_PAGES 256u
#define GIB_PAGES (1024u * MIB_PAGES)

struct plan {
	uint32_t sizes[MAX_SIZES], entries[MAX_SIZES]; /* pages; 0: the end */
	uint32_t threads;
	uint32_t samples;
	bool policies;
	bool all_threads; /* at every size, not only at 1 GiB */
	const char *json;
};

static const struct plan whole = {
	.sizes = { 4 * MIB_PAGES, 64 * MIB_PAGES, GIB_PAGES, 4 * GIB_PAGES },
	.entries = { 1000000, 4000000 },
	.threads = 2,
	.samples = 200,
	.policies = true,
};

static const struct plan quick = {
	.sizes = { 4 * MIB_PAGES, GIB_PAGES },
	.entries = { 1000000 },
	.threads = 2,
	.samples = 50,
};

static void usage(FILE *out)
{
	fprintf(out,
		"Usage: hec-bench [OPTION]...\n"
		"What operations of libhecache cost, beside memcpy in the same "
		"run.\n\n"
		"  -q, --quick         fewer sizes and samples\n"
		"  -f, --full          16 GiB, 10 and 100 million entries too\n"
		"  -s, --size=SIZE     only caches of SIZE (K, M, G, T; may be "
		"repeated)\n"
		"  -e, --entries=N     only an index of N entries, no content "
		"(may be repeated)\n"
		"  -t, --threads=N     on 1 to N threads, doubling (default 2); with "
		"no such size,\n                      several only at 1 GiB\n"
		"  -j, --json=FILE     write the results to FILE too\n"
		"  -h, --help          this text\n\n"
		"A figure is the median over slices of about 0.2 ms; slices in "
		"which the thread\nlost the processor are dropped.  A ratio is "
		"the median of the ratios of a slice\nto the slice of memcpy "
		"before it, so that it stands on a busy machine too.\n");
}

static void append(uint32_t *list, uint32_t value)
{
	uint32_t i;

	for (i = 0; i < MAX_SIZES - 1 && list[i]; i++)
		;
	list[i] = value;
}

/* In whole chunks, or 0: more or less than a cache can have. */
static uint32_t whole_chunks(uint64_t pages)
{
	if (pages > HEC_MAX_FRAMES)
		return 0;
	return (uint32_t)pages >> BENCH_CHUNK_SHIFT << BENCH_CHUNK_SHIFT;
}

/* "4G" in pages, or 0: not a size that a cache can have. */
static uint32_t parse_size(const char *text)
{
	static const char units[] = "KMGT";
	char *rest;
	uint64_t value = strtoull(text, &rest, 10);
	const char *unit = *rest ? strchr(units, *rest) : NULL;

	if (unit && !rest[1])
		value <<= 10 * (unit - units + 1);
	else if (*rest)
		return 0;
	return whole_chunks(value / HEC_PAGE_SIZE);
}

static void wrong(const char *what, const char *text)
{
	fprintf(stderr, "hec-bench: %s: %s (--help)\n", text, what);
	exit(2);
}

/* What is asked for takes the place of what was planned. */
static void clear_plan(struct plan *plan)
{
	memset(plan->sizes, 0, sizeof(plan->sizes));
	memset(plan->entries, 0, sizeof(plan->entries));
	plan->policies = false;
	plan->all_threads = true;
}

static void take_size(struct plan *plan, const char *text)
{
	uint32_t pages = parse_size(text);

	if (!pages)
		wrong("not a size of 2M or more", text);
	if (!plan->all_threads)
		clear_plan(plan);
	append(plan->sizes, pages);
}

static void take_entries(struct plan *plan, const char *text)
{
	char *rest;
	unsigned long entries = strtoul(text, &rest, 10);

	if (*rest || !whole_chunks(entries))
		wrong("not a number of entries, 512 or more", text);
	if (!plan->all_threads)
		clear_plan(plan);
	append(plan->entries, (uint32_t)entries);
}

static void take_threads(struct plan *plan, const char *text)
{
	char *rest;
	unsigned long threads = strtoul(text, &rest, 10);

	if (*rest || threads < 1 || threads > BENCH_MAX_THREADS)
		wrong("not a number of threads", text);
	plan->threads = (uint32_t)threads;
}

static struct plan parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "quick", no_argument, NULL, 'q' },
		{ "full", no_argument, NULL, 'f' },
		{ "size", required_argument, NULL, 's' },
		{ "entries", required_argument, NULL, 'e' },
		{ "threads", required_argument, NULL, 't' },
		{ "json", required_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct plan plan = whole;
	int c;

	while ((c = getopt_long(argc, argv, "qfs:e:t:j:h", options, NULL)) >
	       0) {
		switch (c) {
		case 'q':
			plan = quick;
			break;
		case 'f':
			append(plan.sizes, 16 * GIB_PAGES);
			append(plan.entries, 10000000);
			append(plan.entries, 100000000);
			break;
		case 's':
			take_size(&plan, optarg);
			break;
		case 'e':
			take_entries(&plan, optarg);
			break;
		case 't':
			take_threads(&plan, optarg);
			break;
		case 'j':
			plan.json = optarg;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(2);
		}
	}
	if (optind < argc)
		wrong("not an option", argv[optind]);
	return plan;
}

/* Memory that may be used: what is free, but for a reserve. */
static uint64_t free_bytes(void)
{
	uint64_t pages = (uint64_t)sysconf(_SC_AVPHYS_PAGES);

	return pages / 16 * 15 * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint32_t list_setups(const struct plan *plan, struct bench_setup *setup)
{
	uint32_t nr = 0, i;

	for (i = 0; plan->sizes[i]; i++) {
		bool all = plan->all_threads || plan->sizes[i] == GIB_PAGES;

		setup[nr++] = (struct bench_setup){
			.pages = plan->sizes[i],
			.threads = all ? plan->threads : 1,
		};
	}
	if (plan->policies) {
		setup[nr++] = (struct bench_setup){
			.pages = GIB_PAGES,
			.threads = 1,
			.content = HEC_CONTENT_PLAIN,
		};
		setup[nr++] = (struct bench_setup){
			.pages = GIB_PAGES,
			.threads = 1,
			.policy = HEC_POLICY_LRU,
		};
		setup[nr++] = (struct bench_setup){
			.pages = GIB_PAGES,
			.threads = 1,
			.policy = HEC_POLICY_ARC,
		};
	}
	for (i = 0; plan->entries[i]; i++)
		setup[nr++] = (struct bench_setup){
			.pages = whole_chunks(plan->entries[i]),
			.threads = 1,
			.content = HEC_CONTENT_NONE,
		};
	return nr;
}

/* Drops what does not fit into memory; returns the most that the rest needs. */
static uint64_t fit(struct bench_report *report, struct bench_setup *setup,
		    uint32_t *nr)
{
	uint64_t most = 0, limit = free_bytes();
	uint32_t kept = 0, i;

	for (i = 0; i < *nr; i++) {
		uint64_t bytes = bench_bed_bytes(&setup[i]);

		if (bytes > limit) {
			fprintf(report->out,
				"%u pages: left out, for want of "
				"%llu MiB of free memory\n",
				setup[i].pages,
				(unsigned long long)(bytes >> 20));
			continue;
		}
		most = bytes > most ? bytes : most;
		setup[kept++] = setup[i];
	}
	*nr = kept;
	return most;
}

/* On 1, 2, 4, ... threads; if several: of a VM each, and all of one VM. */
static void run_setup(struct bench_report *report, struct bench_memory *memory,
		      const struct plan *plan, struct bench_setup setup)
{
	uint32_t most = setup.threads;

	for (setup.threads = 1; setup.threads <= most; setup.threads *= 2) {
		setup.one_vm = false;
		bench_scenario(report, memory, &setup, plan->samples);
		setup.one_vm = true;
		if (setup.threads > 1)
			bench_scenario(report, memory, &setup, plan->samples);
	}
}

static void run(struct bench_report *report, const struct plan *plan)
{
	struct bench_setup setup[2 * MAX_SIZES + NR_POLICY_SETUPS];
	uint32_t nr = list_setups(plan, setup), i;
	struct bench_memory memory;

	bench_memory_init(&memory, fit(report, setup, &nr));
	fprintf(report->out,
		"Medians of slices; %u %% of the memory is on large pages.\n",
		bench_large_pages_percent());
	bench_report_head(report);
	for (i = 0; i < nr; i++)
		run_setup(report, &memory, plan, setup[i]);
}

static double metadata_bytes_per_page(void)
{
	struct bench_setup setup = { .pages = GIB_PAGES };

	return (double)bench_metadata_bytes(&setup) / setup.pages;
}

int main(int argc, char **argv)
{
	struct plan plan = parse(argc, argv);
	struct bench_report report;
	int status;

	bench_report_init(&report, stdout);
	report.metadata_bytes_per_page = metadata_bytes_per_page();
	run(&report, &plan);
	bench_report_targets(&report);
	status = report.failed ? 1 : 0;
	if (plan.json && bench_report_json(&report, plan.json)) {
		fprintf(stderr, "hec-bench: %s: %s\n", plan.json,
			strerror(errno));
		status = 1;
	}
	bench_report_fini(&report);
	return status;
}
