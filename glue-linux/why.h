/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words for the user: what a target's counters say about why it caches nothing.
 */
#ifndef HEC_WHY_H
#define HEC_WHY_H

#include "guest.h"

const char *hec_why_counted(const struct hec_stats *sum);

#endif
