/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A progress bar on standard error, if that is a terminal.
 */
#ifndef HECACHE_PROGRESS_H
#define HECACHE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what; /* borrowed */
	uint64_t done, total; /* total 0: not known, and no bar */
	unsigned int shown; /* per cent */
	bool on;
};

/* @progress may be NULL in all of these: then nothing is shown. */
void progress_start(struct progress *progress, const char *what,
		    uint64_t total);
void progress_add(struct progress *progress, uint64_t more);
void progress_end(struct progress *progress);

#endif
