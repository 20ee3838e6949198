/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Work, counted and not timed.  The core is compiled so that it calls a function at
 * the start of every basic block (-fsanitize-coverage=trace-pc), and the linker
 * leads that call and those of the locks here (--wrap).  So a count is the same on
 * every machine, and the core needs no change.
 *
 * What memcpy and memset do is not counted.
 *
 * Everything runs in one thread.  Others are played by a rival: it is called at each
 * unlock that leaves no lock held, as if another processor had been faster.
 */
#ifndef TESTS_WORK_H
#define TESTS_WORK_H

#include <stdbool.h>
#include <stdint.h>

/* The worst of all calls between a work_begin() and the work_end() after it. */
struct work {
	uint64_t call; /* blocks of a call */
	uint64_t held; /* blocks of one holding of a lock, others' in it */
	const void *lock; /* that one */
	uint64_t began; /* the counter's */
	struct work *outer; /* what is counted around it */
};

void work_begin(struct work *work);
void work_end(struct work *work);

/* False: it does not want to be called again. */
typedef bool work_rival(void *arg);

/*
 * From now on @rival is called, until it has had enough; NULL: nobody is.  Its work
 * counts for nobody but a work_begin() of its own.  While it runs there is no rival
 * but one that it sets.
 */
void work_against(work_rival *rival, void *arg);

/* Locks that are held now. */
uint32_t work_locks_held(void);

#endif
