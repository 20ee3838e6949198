/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether a target's writes are followed, block by block, or only counted.
 */
#ifndef HEC_FOLLOW_H
#define HEC_FOLLOW_H

#include "guest.h"

bool hec_follow_write(struct hec_target *t);
void hec_follow_uncounted(struct hec_target *t);
bool hec_follow_begin(struct hec_target *t);
void hec_follow_end(struct hec_target *t);

#endif
