/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The blocks of a target: which are being written, and puts between writes.
 */
#ifndef HEC_BLOCK_H
#define HEC_BLOCK_H

#include "place.h"

struct hec_link;

/* What a bio that is not a read changes: kept with it while it is in flight. */
struct hec_range {
	sector_t first;
	u64 nr; /* sectors */
	bool is_wide;
	struct list_head wide;
};

int hec_blocks_init(struct hec_target *t);
void hec_blocks_fini(struct hec_target *t);
void hec_blocks_write_begin(struct hec_target *t, struct hec_range *range,
			    bool has_data);
void hec_blocks_write_end(struct hec_target *t, struct hec_range *range);
bool hec_blocks_quiet(struct hec_target *t, u64 place, u32 own);
void hec_blocks_flush(struct hec_target *t, const struct hec_range *range);
void hec_blocks_take(struct hec_target *t, u64 first, u32 nr);
bool hec_blocks_put_begin(struct hec_target *t, struct page *page,
			  const struct hec_link *link);
void hec_blocks_put_end(struct hec_target *t, u64 place, u64 result);

#endif
