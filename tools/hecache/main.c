/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hecache: experiments with traces of page requests.  This file finds the
 * command and runs it.
 */
#include <stdio.h>
#include <string.h>

#include "command_replay.h"

static const struct command commands[] = {
	{ "replay", "replays traces through the cache and counts the hits",
	  command_replay },
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *to)
{
	size_t i;

	fputs("Usage: hecache COMMAND [OPTION]...\n\n", to);
	for (i = 0; i < NR_COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", commands[i].name,
			commands[i].purpose);
	fputs("\nhecache COMMAND --help tells more; hecache --version tells "
	      "which this is.\n",
	      to);
}

static enum command_exit run(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "hecache: no such command: %s\n", argv[1]);
	print_help(stderr);
	return COMMAND_BAD_INPUT;
}

int main(int argc, char **argv)
{
	enum command_exit status = COMMAND_OK;

	if (argc < 2) {
		print_help(stderr);
		return COMMAND_BAD_INPUT;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
		print_help(stdout);
	else if (!strcmp(argv[1], "--version"))
		puts("hecache " HECACHE_VERSION);
	else
		status = run(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		perror("hecache: standard output");
		status = COMMAND_FAILED;
	}
	return (int)status;
}
