/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A format of traces.
 */
#ifndef HECACHE_FORMAT_H
#define HECACHE_FORMAT_H

#include "reading.h"

struct format {
	const char *name;
	bool is_text;
	/* Reads all of reading->input; false: input->error, at input->line. */
	bool (*read)(struct reading *reading);
	/* --block-size says something here; else lengths are known anyway. */
	bool counts_blocks;
	uint32_t block_bytes; /* if --block-size is not given; 0: not known */
	/* Of a table that has no line of names, or always the same: */
	const char *columns; /* what they are, as --columns has it */
	const char *names; /* the line, where a trace has it nevertheless */
	uint64_t first_time; /* such traces are of this time, or a later one */
};

#endif
