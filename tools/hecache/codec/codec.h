/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What decodes a compressed file: one codec for each way to compress.
 *
 * A codec knows nothing of files.  It is handed bytes and a place for what
 * becomes of them, as often as there are some.
 */
#ifndef HECACHE_CODEC_H
#define HECACHE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum codec_result {
	CODEC_OK,
	CODEC_BAD, /* the bytes are not what they should be */
	CODEC_NO_MEMORY,
};

/* One step of decoding: takes from @in, appends to @out, and moves both on. */
struct codec_step {
	const uint8_t *in;
	size_t in_bytes;
	bool in_ends; /* nothing follows @in */
	uint8_t *out;
	size_t out_bytes; /* that there is room for */
	/*
	 * Every stream that began has ended.  Kept from step to step; a new
	 * stream may follow.
	 */
	bool whole;
	const char *error; /* why the bytes are bad */
};

struct codec {
	const char *name;
	/* Does a file of @start's @bytes bytes, or more, look like its own? */
	bool (*begins)(const uint8_t *start, size_t bytes);
	void *(*open)(void); /* returns owned; NULL: no memory */
	enum codec_result (*decode)(void *state, struct codec_step *step);
	void (*close)(void *state); /* takes it */
};

#endif
