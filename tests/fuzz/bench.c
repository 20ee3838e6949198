/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes the command line of hec-bench.
 *
 * Each line of the input is an argument.  What is accepted must be what the
 * benchmark can do: caches and threads within its limits, as many as it has room
 * for; and the report that was asked for may not be forgotten.
 */
#include "argv.h"
#include "plan.h"

static void check_setup(const struct bench_setup *setup)
{
	REQUIRE(setup->pages && setup->pages <= HEC_MAX_FRAMES);
	REQUIRE(!(setup->pages % (1u << BENCH_CHUNK_SHIFT)));
	REQUIRE(setup->threads >= 1 && setup->threads <= BENCH_MAX_THREADS);
	REQUIRE(setup->policy == HEC_POLICY_S3FIFO ||
		setup->policy == HEC_POLICY_LRU ||
		setup->policy == HEC_POLICY_ARC);
	REQUIRE(setup->content == HEC_CONTENT_NONE ||
		setup->content == HEC_CONTENT_PLAIN ||
		setup->content == HEC_CONTENT_VERIFIED);
}

static void check(const struct bench_plan *plan,
		  const struct command_line *line)
{
	struct bench_setup setup[BENCH_MAX_SETUPS];
	uint32_t nr = bench_plan_setups(plan, setup), i;

	REQUIRE(nr >= 1 && nr <= BENCH_MAX_SETUPS);
	REQUIRE(nr >= plan->sizes.nr + plan->entries.nr);
	for (i = 0; i < nr; i++)
		check_setup(&setup[i]);
	REQUIRE(plan->samples);
	REQUIRE(plan->json || !argv_find(line, "--json="));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct command_line line;
	struct bench_plan plan;

	argv_init(&line, "hec-bench", (const char *)data, size);
	if (bench_plan_parse(&plan, line.argc, line.argv) && !plan.help)
		check(&plan, &line);
	argv_fini(&line);
	return 0;
}
