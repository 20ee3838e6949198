/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers the pages of a trace 0, 1, 2, ... in the order in which they first
 * come, so that everything about a block can be kept in an array.
 */
#ifndef HECACHE_DENSE_H
#define HECACHE_DENSE_H

#include <stdbool.h>
#include <stdint.h>

#define DENSE_MAX (UINT32_MAX - 1) /* numbers there are */

struct dense {
	uint64_t *blocks; /* open addressing, at most half full */
	uint32_t *numbers; /* of blocks[i], plus 1; 0: the slot is free */
	uint64_t mask; /* slots - 1 */
	uint32_t nr; /* numbers given so far */
};

/* All zero is an empty one. */
void dense_fini(struct dense *dense);

/* The number of @block; false: out of memory, or of numbers. */
bool dense_number(struct dense *dense, uint64_t block, uint32_t *number);

#endif
