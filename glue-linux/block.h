/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The blocks of a target: which ones the cache may hold, and which are being
 * written.
 */
#ifndef HEC_BLOCK_H
#define HEC_BLOCK_H

#include "guest.h"

struct hec_link;

int hec_blocks_init(struct hec_target *t);
void hec_blocks_fini(struct hec_target *t);
void hec_blocks_forget(struct hec_target *t);
void hec_blocks_write_begin(struct hec_target *t, u64 first, u64 nr);
void hec_blocks_write_end(struct hec_target *t, u64 first, u64 nr);
bool hec_blocks_quiet(struct hec_target *t, u64 block, u32 own);
void hec_blocks_flush(struct hec_target *t, u64 first, u64 nr);
u32 hec_blocks_run(struct hec_target *t, u64 first, u32 nr, bool *present);
void hec_blocks_take(struct hec_target *t, u64 first, u32 nr);
void hec_blocks_put(struct hec_target *t, struct page *page,
		    const struct hec_link *link);

#endif
