/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a replay puts evicted pages into and gets missed pages from.
 */
#ifndef HECACHE_SECOND_H
#define HECACHE_SECOND_H

#include <stdbool.h>
#include <stdint.h>

struct second {
	void *context;
	/* True if VM @vm gets @page: a hit. */
	bool (*get)(void *context, uint32_t vm, uint32_t page);
	void (*put)(void *context, uint32_t vm, uint32_t page);
};

#endif
