/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line as a whole: options, a command, its arguments.
 */
#ifndef HECACHECTL_COMMAND_LINE_H
#define HECACHECTL_COMMAND_LINE_H

#include "host.h"

/* The host that this machine is, or NULL.  @root goes before its files. */
typedef const struct host *host_finder(const char *root);

/* Does what it says and returns the exit status; @argv is permuted. */
int command_line_run(int argc, char **argv, host_finder *find_host);

#endif
