/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Statistics, added up.
 */
#ifndef HEC_STATS_H
#define HEC_STATS_H

#include "state.h"

/* Adds @stats to @sum. */
void hec_stats_add(struct hec_stats *sum, const struct hec_stats *stats);

#endif
