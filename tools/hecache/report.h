/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a replay counted, for people and for programs.
 */
#ifndef HECACHE_REPORT_H
#define HECACHE_REPORT_H

#include "replay/replay.h"

/* @counts, one for each VM, as one JSON object on standard output. */
void report_json(const struct replay *replay,
		 const struct replay_counts *counts);

/* The same as a table; @paths are those of the traces. */
void report_table(const struct replay *replay,
		  const struct replay_counts *counts, char *const *paths);

#endif
