/* SPDX-License-Identifier: GPL-2.0-only */
/* What the arguments say, and how the program ends. */
#ifndef HECACHECTL_REQUEST_H
#define HECACHECTL_REQUEST_H

#include "host.h"

enum exit_status {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1, /* by the host; or the output was not written */
	EXIT_USAGE = 2,
	EXIT_NO_CACHE = 3,
	EXIT_NO_CLIENT = 4,
};

struct request {
	const struct host *host;
	bool json;
	int argc; /* of the command */
	char **argv;
};

#endif
