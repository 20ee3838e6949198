/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every format does with the requests that it finds: checks them, cuts
 * them into pages, and adds these to the trace.
 *
 * Functions return true, or false with the reason in reading->input->error.
 */
#ifndef HECACHE_READING_H
#define HECACHE_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "input/input.h"
#include "trace/trace.h"

#define PAGE_BYTES 4096u
#define SECTOR_BYTES 512u

struct format;

struct reading_options {
	const struct format *format; /* NULL: as the file looks */
	uint32_t block_bytes; /* of a block of the trace's; 0: not told */
	const char *columns; /* of the format csv, or NULL: the file has names */
	char delimiter; /* of the format csv; 0: a comma */
	bool one_volume; /* all volumes of the trace are one */
	bool lenient; /* what is odd is counted in place of refused */
};

struct reading {
	struct trace *trace; /* borrowed, as all of these */
	struct input *input;
	const struct reading_options *options;
	const struct format *format;
	/*
	 * How long a block is; 0: not known, and each block counts as one page,
	 * whatever the size of the request.
	 */
	uint32_t block_bytes;
	uint64_t seconds; /* the time of the last request, in whatever unit */
	uint32_t fraction;
	uint64_t nr_backward, nr_empty; /* that were let pass, if lenient */
};

/* The next request came at @seconds + @fraction / 10^9: not before the last. */
bool reading_time(struct reading *reading, uint64_t seconds, uint32_t fraction);

/*
 * A request for @bytes bytes from @offset on, of the volume called @volume: "",
 * if the trace does not tell volumes.
 */
bool reading_bytes(struct reading *reading, const char *volume, uint64_t offset,
		   uint64_t bytes);

/* @number units of @unit bytes, in bytes. */
bool reading_scale(struct reading *reading, uint64_t number, uint32_t unit,
		   uint64_t *bytes);

/* A request for @bytes bytes from the sector @sector on. */
bool reading_sector(struct reading *reading, const char *volume,
		    uint64_t sector, uint64_t bytes);

/*
 * A request for @count blocks from @block on; of pages, if a block's length is
 * not known.
 */
bool reading_blocks(struct reading *reading, const char *volume, uint64_t block,
		    uint64_t count);

/* A request that says it is for nothing. */
bool reading_empty(struct reading *reading);

#endif
