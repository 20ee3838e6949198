/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the tracker keeps: tracker.c says how its parts hang together.
 */
#ifndef HEC_PAIRS_H
#define HEC_PAIRS_H

#include <hecache/hecache.h>
#include <hecache/tracker.h>

#define HEC_NO_PAIR 0xffffffffu

enum hec_side {
	HEC_SIDE_PAGE,
	HEC_SIDE_BLOCK,
	HEC_NR_SIDES
};

struct hec_pair {
	uint64_t place[HEC_NR_SIDES];
	uint32_t device;
	uint32_t next[HEC_NR_SIDES]; /* in the chain */
	uint32_t older, newer; /* ring; newer: also the stack of free ones */
	bool settled;
};

_Static_assert(sizeof(struct hec_pair) == 40,
	       "the size that the header states");

struct hec_tracker {
	uint64_t key[3]; /* [const] */
	uint32_t max_pairs; /* [const] also the number of the ring's sentinel */
	uint32_t head_mask; /* [const] */
	uint32_t counter_mask; /* [const] */
	uint32_t *head[HEC_NR_SIDES]; /* [const] */
	uint32_t *busy; /* [const] I/Os in flight to the places of that hash */
	struct hec_pair *pairs; /* [const] */
	uint32_t wide; /* wide ranges in flight */
	uint32_t free; /* the top of the stack */
	struct hec_tracker_stats stats;
};

#endif
