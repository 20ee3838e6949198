/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes the command line of hecache replay.
 *
 * Each line of the input is an argument.  What is accepted must be what the
 * replay can do: numbers within the library's limits, at least one trace.
 */
#include "argv.h"
#include "arguments.h"

static void check(const struct arguments *arguments,
		  const struct command_line *line)
{
	const struct replay *replay = &arguments->replay;
	uint32_t shards = arguments->shards, i;

	REQUIRE(replay->nr_vms >= 1 && replay->nr_vms < (uint32_t)line->argc);
	for (i = 0; i < replay->nr_vms; i++)
		REQUIRE(argv_has(line, arguments->paths[i]));
	REQUIRE(arguments->has_cache_pages);
	REQUIRE(replay->cache_pages <= HEC_MAX_FRAMES);
	REQUIRE(replay->vm_pages < UINT32_MAX);
	REQUIRE(replay->mode == REPLAY_EXCLUSIVE ||
		replay->mode == REPLAY_INCLUSIVE);
	REQUIRE(shards <= HEC_MAX_SHARDS && !(shards & (shards - 1)));
	REQUIRE(arguments->policy == HEC_POLICY_S3FIFO ||
		arguments->policy == HEC_POLICY_LRU ||
		arguments->policy == HEC_POLICY_ARC);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arguments arguments;
	struct command_line line;

	argv_init(&line, "replay", (const char *)data, size);
	if (arguments_parse(&arguments, line.argc, line.argv) &&
	    !arguments.help)
		check(&arguments, &line);
	argv_fini(&line);
	return 0;
}
