/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The policies as their definitions have them, with nothing in mind but to be
 * plain: lists are arrays, and numbers are not rounded to anything.
 *
 *   E-LRU      get: removes.  put: as the newest.  Full: the oldest goes.
 *   E-ARC      queues T1, T2; ghosts B1, B2, UP; see policy/arc.c
 *   E-S3-FIFO  queues small, main; ghosts OUT, UP; see policy/s3fifo.c
 *
 * In each a page that is got leaves, and its key goes to UP.  All ghosts together
 * are 3/2 of c, the pages that there is room for: OUT, or B1 and B2, make way first,
 * down to a half of c.
 */
#ifndef TESTS_NAIVE_H
#define TESTS_NAIVE_H

#include "fixture.h"

#define NAIVE_KEYS 65536u

enum naive_list {
	NAIVE_NONE,
	NAIVE_Q0, /* small; T1; all pages of LRU */
	NAIVE_Q1, /* main; T2 */
	NAIVE_UP,
	NAIVE_OUT, /* B1 */
	NAIVE_OUT2, /* B2 */
	NAIVE_LISTS
};

struct naive {
	enum hec_policy_kind kind;
	uint32_t c;
	double p; /* E-ARC's target */
	uint32_t nr[NAIVE_LISTS];
	uint32_t key[NAIVE_LISTS][NAIVE_KEYS]; /* oldest first */
	uint8_t where[NAIVE_KEYS]; /* of each key: its list */
	uint8_t uses[NAIVE_KEYS];
};

struct naive *naive_make(enum hec_policy_kind kind, uint32_t c);

/* True: a hit. */
bool naive_get(struct naive *n, uint32_t key);
void naive_put(struct naive *n, uint32_t key);

#endif
