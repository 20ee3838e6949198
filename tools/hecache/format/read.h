/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading a file into a trace.
 */
#ifndef HECACHE_READ_H
#define HECACHE_READ_H

#include <stdio.h>

#include "reading.h"

struct read_report {
	char error[INPUT_ERROR_BYTES + 24]; /* "LINE: what" */
	bool no_memory; /* it is not the file's fault */
	const struct format *format; /* NULL: not recognised */
	uint64_t nr_backward, nr_empty; /* that --lenient let pass */
};

/*
 * Reads @file into @trace, which is empty.  false: the report says why.
 */
bool read_trace(struct trace *trace, FILE *file,
		const struct reading_options *options,
		struct progress *progress, struct read_report *report);

#endif
