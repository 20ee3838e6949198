/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace of block requests, whole in memory, its blocks numbered from 0 on.
 */
#ifndef HECACHE_TRACE_H
#define HECACHE_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "dense.h"
#include "progress.h"

/* More would not fit into memory; it also stops a few bytes that ask for it. */
#define TRACE_MAX_REQUESTS (1u << 30)

struct input;

struct trace {
	uint32_t *pages; /* of each request, the number of its block */
	uint32_t nr_requests, max_requests;
	uint32_t nr_pages; /* blocks, each counted once */

	uint32_t room; /* requests that pages[] has memory for */
	struct dense dense; /* while it is being read */
};

struct trace_format {
	const char *name;
	/* Reads all of @input; false: input->error, about input->line. */
	bool (*read)(struct trace *trace, struct input *input);
};

/* The format called @name, or NULL. */
const struct trace_format *trace_format_named(const char *name);

enum trace_result {
	TRACE_READ,
	TRACE_BAD, /* not a trace, or not a whole one */
	TRACE_NO_MEMORY,
};

/*
 * Reads @file, in the @format given, or as its contents look if that is NULL.
 * If it cannot, @error (of @error_bytes) says "LINE: what"; trace_fini() in any
 * case.
 */
enum trace_result trace_read(struct trace *trace, FILE *file,
			     const struct trace_format *format,
			     uint32_t max_requests, struct progress *progress,
			     char *error, size_t error_bytes);
void trace_fini(struct trace *trace);

/* For the formats. */

/* Appends requests for @count blocks from @block on. */
bool trace_add(struct trace *trace, struct input *input, uint64_t block,
	       uint64_t count);

/*
 * Reads a decimal number at *@text and moves *@text behind it; @what it is, is
 * for the error.
 */
bool trace_number(struct input *input, char **text, const char *what,
		  uint64_t *number);

bool trace_read_lis(struct trace *trace, struct input *input);
bool trace_read_blocks(struct trace *trace, struct input *input);
bool trace_read_oracle(struct trace *trace, struct input *input);
bool trace_read_csv(struct trace *trace, struct input *input);

#endif
