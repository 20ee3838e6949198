/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The most hits that any policy could have, knowing the future: "min".
 */
#ifndef HECACHE_CEILING_H
#define HECACHE_CEILING_H

#include "replay.h"

/* As replay_run(), over the best cache there could be.  false: no memory. */
bool ceiling_run(const struct replay *replay, struct progress *progress,
		 struct replay_counts *counts);

#endif
