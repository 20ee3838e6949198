/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands: each reads its arguments and has a host do what they say, or
 * shows what the host says.  docs/hecachectl.1 describes them.
 */
#ifndef HECACHECTL_COMMANDS_H
#define HECACHECTL_COMMANDS_H

#include "host.h"

enum exit_status {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1, /* by the host; or the output was not written */
	EXIT_USAGE = 2,
	EXIT_NO_CACHE = 3,
	EXIT_NO_CLIENT = 4,
};

/* What the arguments say. */
struct request {
	const struct host *host;
	bool json;
	int argc; /* of the command */
	char **argv;
};

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

/* Says that @word is wrong in the arguments: @what.  Returns EXIT_USAGE. */
int command_wrong(const char *what, const char *word);

/* Says that @what went wrong, and why.  Returns the status that fits. */
int command_failed(const struct request *request, const char *what, int err);

/* The commands of admission.c and monitor.c. */
int run_admission(const struct request *request);
int run_admit(const struct request *request);
int run_dismiss(const struct request *request);
int run_abandon(const struct request *request);
int run_monitor(const struct request *request);

#endif
