/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The program's commands, and how each ends.
 */
#ifndef HECACHE_COMMAND_H
#define HECACHE_COMMAND_H

enum command_exit {
	COMMAND_OK = 0,
	COMMAND_FAILED = 1, /* out of memory, output not written */
	COMMAND_BAD_INPUT = 2, /* arguments or files */
};

struct command {
	const char *name;
	const char *purpose; /* one line for --help */
	/* @argv[0] is the command's name. */
	enum command_exit (*run)(int argc, char **argv);
};

#endif
