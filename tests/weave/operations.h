/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The calls that are woven: every public one, and every command of a guest's.
 */
#ifndef TESTS_OPERATIONS_H
#define TESTS_OPERATIONS_H

#include "world.h"

enum trait {
	READS = 1, /* changes nothing that another call could see */
	ALONE = 2, /* must not run while the same call is under way */
	LIMITLESS = 4, /* its caller asked for no limit */
	BULK = 8, /* may drop as many pages as a guest's call may */
};

struct operation {
	const char *name;
	void (*run)(struct actor *actor);
	uint32_t traits;
};

extern const struct operation operations[];
extern const uint32_t nr_operations;

#endif
