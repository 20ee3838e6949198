/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes the command line of hecache replay.
 *
 * Each line of the input is an argument.  What is accepted must be what the
 * replay can do: numbers within the library's limits, at least one trace.
 */
#include <string.h>

#include "arguments.h"
#include "fuzz.h"

#define MAX_ARGUMENTS 40

static char name[] = "replay";

/* Each argument in memory of its own, so that no reading beyond it goes well. */
static int split(const char *data, size_t size, char **argv)
{
	int argc = 0;

	argv[argc++] = name;
	while (size && argc < MAX_ARGUMENTS) {
		const char *end = memchr(data, '\n', size);
		size_t length = end ? (size_t)(end - data) : size;

		argv[argc] = strndup(data, length);
		REQUIRE(argv[argc++]);
		data += length + !!end;
		size -= length + !!end;
	}
	argv[argc] = NULL;
	return argc;
}

static bool is_one_of(char **path, char **argv, int argc)
{
	int i;

	for (i = 1; i < argc; i++)
		if (*path == argv[i])
			return true;
	return false;
}

static void check(const struct arguments *arguments, char **argv, int argc)
{
	const struct replay *replay = &arguments->replay;
	uint32_t shards = arguments->shards, i;

	REQUIRE(replay->nr_vms >= 1 && replay->nr_vms < (uint32_t)argc);
	for (i = 0; i < replay->nr_vms; i++)
		REQUIRE(is_one_of(&arguments->paths[i], argv, argc));
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
	char *argv[MAX_ARGUMENTS + 1], *all[MAX_ARGUMENTS + 1];
	struct arguments arguments;
	int argc, i;

	argc = split((const char *)data, size, argv);
	memcpy(all, argv, sizeof(argv));
	if (arguments_parse(&arguments, argc, argv) && !arguments.help)
		check(&arguments, all, argc);
	for (i = 1; i < argc; i++)
		free(all[i]);
	return 0;
}
