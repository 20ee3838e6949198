/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading a file as bytes or lines, compressed or not, which its first bytes
 * tell, whatever its name.
 *
 * A read that fails says why in input->error; input->line is where.
 */
#ifndef HECACHE_INPUT_H
#define HECACHE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "progress.h"

#define INPUT_BUFFER (1u << 18)
#define INPUT_ERROR_BYTES 240u
#define INPUT_LINE_MAX 4096u /* bytes; a longer line is no trace's */

struct codec;

struct input {
	FILE *file; /* borrowed */
	const struct codec *codec; /* NULL: not compressed */
	void *decoder; /* the codec's state */
	struct progress *progress; /* borrowed; of the bytes of the file */

	uint8_t *raw; /* as in the file: [raw_start, raw_end) is to be decoded */
	size_t raw_start, raw_end;
	bool raw_eof;
	bool whole; /* nothing missing, if the file ends here */

	uint8_t *data; /* decoded: [start, end) is to be read */
	size_t start, end;
	bool eof; /* nothing will follow data[end] */

	uint64_t line; /* the line, or the record, that is being read */
	char error[INPUT_ERROR_BYTES];
	bool no_memory; /* it is not the file's fault */
};

/* Starts reading @file.  false: see input->error; input_fini() in any case. */
bool input_init(struct input *input, FILE *file, struct progress *progress);
void input_fini(struct input *input);

/*
 * Makes @bytes (<= INPUT_BUFFER / 2) readable at data + start, fewer only where
 * the file ends; *@available of them are.
 */
bool input_need(struct input *input, size_t bytes, size_t *available);

/*
 * The next line, without its end (LF or CR LF) and NUL-terminated, valid until
 * the next call; NULL in *@line: there is none.
 */
bool input_line(struct input *input, char **line);

/* Notes an error, in printable characters; returns false. */
bool input_fail(struct input *input, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same: there is no memory. */
bool input_fail_memory(struct input *input);

#endif
