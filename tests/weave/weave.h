/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Weaving two calls: the outer one runs, and at its n-th point the inner one, as
 * another processor would run it meanwhile.  Where the inner one wants a lock that
 * the outer one holds, the outer one goes on until it lets go of that lock.
 *
 *     outer   ----+      +--+  unlock  +------------
 *                 |      |  |          |
 *     inner       +------+  +..waits...+---- (here it ran on, and ended)
 *
 * So for every n one order of the two is tried that threads meet only by chance.
 */
#ifndef TESTS_WEAVE_H
#define TESTS_WEAVE_H

#include <hec_env.h>

enum weave_verdict {
	WEAVE_ENDED,
	WEAVE_BUG, /* the core found a broken invariant */
	WEAVE_DEADLOCK, /* each waits for the other, or one for itself */
	WEAVE_ENDLESS /* the outer call took more than allowed */
};

struct weave {
	void (*outer)(void);
	void (*inner)(void);
	/* What calls share: accesses elsewhere are no points. */
	const void *shared;
	size_t shared_bytes;
	bool unlocks_only; /* nothing but letting go of a lock is a point */
	/* The point of the outer call at which the inner one runs, from 1 on; 0:
	 * after each lock that the outer one lets go of, again and again. */
	uint32_t at;
	uint32_t most_unlocks; /* that the outer call may need */
	uint32_t most_points; /* the same */

	/* What came of it. */
	uint32_t points, unlocks; /* of the outer call */
	uint32_t runs; /* of the inner one */
	const char *bug; /* what the core said */
};

/* Weaves; where the verdict is not WEAVE_ENDED, the two ended half-way. */
enum weave_verdict weave_run(struct weave *weave);

#endif
