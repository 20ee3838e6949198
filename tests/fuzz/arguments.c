/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes the command line of hecache replay.
 *
 * Each line of the input is an argument.  What is accepted must be what the
 * replay can do: numbers within the library's limits, at least one trace.
 */
#include <ctype.h>

#include "argv.h"
#include "arguments.h"
#include "format/formats.h"

static void check_reading(const struct reading_options *reading)
{
	uint32_t bytes = reading->block_bytes;

	REQUIRE(bytes <= 1u << 20 && !(bytes & (bytes - 1)));
	REQUIRE(!isalnum((unsigned char)reading->delimiter));
	REQUIRE(!reading->columns || reading->format == format_named("csv"));
	REQUIRE(!reading->delimiter || reading->format == format_named("csv"));
}

static void check(const struct arguments *arguments,
		  const struct command_line *line)
{
	const struct replay *replay = &arguments->replay;
	uint32_t shards = arguments->shards, i;

	REQUIRE(replay->nr_traces >= 1);
	REQUIRE(replay->nr_traces < (uint32_t)line->argc);
	for (i = 0; i < replay->nr_traces; i++)
		REQUIRE(argv_has(line, arguments->paths[i]));
	check_reading(&arguments->reading);
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
