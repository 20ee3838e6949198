/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hec-bench: what puts and gets cost, see core/bench.h.
 */
#include <errno.h>
#include <unistd.h>

#include "core/plan.h"
#include "core/report.h"
#include "core/scenario.h"

/* Memory that may be used: what is free, but for a reserve. */
static uint64_t free_bytes(void)
{
	uint64_t pages = (uint64_t)sysconf(_SC_AVPHYS_PAGES);

	return pages / 16 * 15 * (uint64_t)sysconf(_SC_PAGESIZE);
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
		      const struct bench_plan *plan, struct bench_setup setup)
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

static void run(struct bench_report *report, const struct bench_plan *plan)
{
	struct bench_setup setup[BENCH_MAX_SETUPS];
	uint32_t nr = bench_plan_setups(plan, setup), i;
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
	struct bench_setup setup = { .pages = BENCH_GIB_PAGES };

	return (double)bench_metadata_bytes(&setup) / setup.pages;
}

int main(int argc, char **argv)
{
	struct bench_plan plan;
	struct bench_report report;
	int status;

	if (!bench_plan_parse(&plan, argc, argv))
		return 2;
	if (plan.help) {
		fputs(bench_plan_help, stdout);
		return 0;
	}
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
