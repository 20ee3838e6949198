/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The bounds of every call, in basic blocks (work.h): of the whole call, and of any
 * one holding of a lock in it.  They hold for every size of cache and whatever others
 * do meanwhile.  Where the clients are looked at, each of those that the cache is made
 * for may cost so much more.  All are within a factor of about two of the worst that
 * the tests reach.
 */
#ifndef TESTS_LIMITS_H
#define TESTS_LIMITS_H

#include <stdint.h>

enum bounded {
	BOUND_HELLO,
	BOUND_POOL_NEW,
	BOUND_POOL_END,
	BOUND_PUT,
	BOUND_GET,
	BOUND_FLUSH,
	BOUND_FLUSH_RANGE,
	BOUND_FLUSH_POOL,
	BOUND_BATCH,
	BOUND_SKIP, /* comes to the others, where numbers are skipped */
	/* The host's. */
	BOUND_SHRINK, /* of a chunk of 512 frames */
	BOUND_GROW, /* of a chunk of 65536 frames */
	BOUND_CREATE,
	BOUND_DESTROY, /* with a budget of 4096 */
	BOUND_INFO,
	BOUND_STATS, /* of 1024 clients */
	BOUND_BULK, /* the holdings alone: as long as there are pages */
	NR_BOUNDED
};

struct limit {
	const char *name;
	uint64_t call, held;
	uint64_t each_client; /* comes to call, for each */
};

extern const struct limit limits[NR_BOUNDED];

#endif
