/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Links: which block a guest frame holds, and with what content.
 */
#ifndef HEC_LINK_H
#define HEC_LINK_H

#include "place.h"

struct hec_link {
	u64 where; /* slot and place, or 0: no link */
	u64 seal; /* of the place's content */
};

static inline u64 hec_where(const struct hec_target *t, u64 place)
{
	return (u64)t->slot << 48 | place;
}

static inline u32 hec_where_slot(u64 where)
{
	return where >> 48;
}

static inline u64 hec_where_place(u64 where)
{
	return where & ((1ull << 48) - 1);
}

int hec_links_create(void);
void hec_links_retire(void);
void hec_links_destroy(void);
u64 hec_links_written(struct hec_target *t, sector_t first, u64 nr);
bool hec_link_announce(struct hec_target *t, unsigned long pfn,
		       const struct hec_link *link);
bool hec_link_confirm(unsigned long pfn, u64 where, const u64 *seal);
bool hec_link_look(unsigned long pfn, struct hec_link *link);
bool hec_link_take(unsigned long pfn, const struct hec_link *link);
void hec_link_drop(unsigned long pfn);
void hec_links_drop(unsigned long pfn, unsigned long nr);

#endif
