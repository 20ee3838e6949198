/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Presence: which places of a target the cache may hold.
 */
#ifndef HEC_PRESENT_H
#define HEC_PRESENT_H

#include "place.h"

void hec_present_init(struct hec_target *t);
void hec_present_forget(struct hec_target *t);
bool hec_present_set(struct hec_target *t, u64 place);
u64 hec_present_clear(struct hec_target *t, u64 first, u64 end);
u64 hec_present_next(struct hec_target *t, u64 first, u64 end);
u32 hec_present_run(struct hec_target *t, u64 first, u32 nr, bool *present);

#endif
