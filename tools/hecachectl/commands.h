/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands: each reads its arguments and has a host do what they say, or
 * shows what the host says.  docs/hecachectl.1 describes them.
 */
#ifndef HECACHECTL_COMMANDS_H
#define HECACHECTL_COMMANDS_H

#include "request.h"

struct command {
	const char *name;
	const char *arguments;
	const char *purpose;
	int min_args;
	int max_args;
	int (*run)(const struct request *request); /* an exit status */
};

extern const struct command commands[];
extern const size_t nr_commands;

#endif
