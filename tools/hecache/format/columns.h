/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the columns of a table of requests mean: where a request is, how much it
 * is for, when it came and for which volume.
 */
#ifndef HECACHE_COLUMNS_H
#define HECACHE_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include "input/input.h"

#define COLUMNS_MAX 64u

enum column {
	COLUMN_IGNORED,
	COLUMN_TIME,
	COLUMN_VOLUME, /* if there are several, they name it together */
	COLUMN_READ_WRITE, /* a word that begins with R or W */
	COLUMN_IS_WRITE, /* 0 or 1 */
	/* Where: one of these */
	COLUMN_BLOCK,
	COLUMN_SECTOR,
	COLUMN_OFFSET, /* in bytes */
	/* How much: one of these, or none */
	COLUMN_BLOCKS,
	COLUMN_SECTORS,
	COLUMN_SIZE, /* in bytes */
};

struct columns {
	uint8_t kind[COLUMNS_MAX]; /* enum column */
	unsigned int nr;
	bool or_more; /* fields may follow, which are ignored */
	enum column position; /* COLUMN_BLOCK, _SECTOR or _OFFSET */
	enum column length; /* COLUMN_BLOCKS, _SECTORS, _SIZE or _IGNORED */
};

/* A list as --columns takes it. */
bool columns_parse(struct input *input, const char *list,
		   struct columns *columns);

/* A line of names as traces have it; it is cut up. */
bool columns_of_names(struct input *input, char *names, char delimiter,
		      struct columns *columns);

#endif
