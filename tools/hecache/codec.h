/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a compressed file is decoded by.
 */
#ifndef HECACHE_CODEC_H
#define HECACHE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input;

struct codec {
	const char *name;
	uint8_t magic[6]; /* what a file of it begins with */
	uint8_t magic_bytes;
	bool (*init)(struct input *input); /* sets input->decoder */
	/*
	 * Decodes from raw to data what fits, and keeps input->whole true
	 * exactly at the end of a stream (several may follow each other).
	 */
	bool (*decode)(struct input *input);
	void (*fini)(struct input *input);
};

/* The codec of a file that begins so, or NULL: it is not compressed. */
const struct codec *codec_of(const uint8_t *start, size_t bytes);

#endif
