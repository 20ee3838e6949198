/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A page's place in a target: where it begins, in sectors.
 *
 * As a rule that is a multiple of 4 KiB, but not where a file system begins beside
 * one, nor where its blocks are smaller.  Such pages are cached as any other.  There
 * are eight planes of places, for the eight sectors within 4 KiB where a page can
 * begin:
 *
 *     sector    0       8       16      24
 *     plane 0   |   0   |   1   |   2   |
 *     plane 2     |   0   |   1   |   2   |
 *
 *              47    45 44                    0
 *             +--------+-----------------------+
 *     place   | plane  |  4 KiB from its start |    the page's index in the pool
 *             +--------+-----------------------+
 *
 * Pages that follow each other on the disk are neighbours in their plane.  Whoever
 * writes makes places in all planes out of date; those that no page was ever in are
 * left out (struct hec_target, planes).
 */
#ifndef HEC_PLACE_H
#define HEC_PLACE_H

#include "guest.h"

#define HEC_PLACE_SHIFT 45

static inline u64 hec_place(sector_t sector)
{
	return (sector % HEC_PLANES) << HEC_PLACE_SHIFT | sector / HEC_PLANES;
}

static inline u32 hec_place_plane(u64 place)
{
	return place >> HEC_PLACE_SHIFT;
}

/* The block that the page begins in. */
static inline u64 hec_place_block(u64 place)
{
	return place & ((1ull << HEC_PLACE_SHIFT) - 1);
}

/* The sector that it begins at. */
static inline u64 hec_place_sector(u64 place)
{
	return hec_place_block(place) * HEC_PLANES + hec_place_plane(place);
}

/* Places of one plane, from first up to end. */
struct hec_span {
	u64 first, end;
};

/* The places in @plane of the pages that have a part in the sectors. */
static inline struct hec_span hec_span(u32 plane, sector_t first, u64 nr)
{
	u64 base = (u64)plane << HEC_PLACE_SHIFT;
	u64 end = first + nr;

	return (struct hec_span){
		.first = base +
			 (first > plane ? (first - plane) / HEC_PLANES : 0),
		.end = base +
		       (end > plane ? DIV_ROUND_UP_ULL(end - plane, HEC_PLANES)
				    : 0),
	};
}

#endif
