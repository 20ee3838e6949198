/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Swap: pages that leave the kernel's swap cache, and slots that are freed.
 */
#ifndef HEC_SWAP_H
#define HEC_SWAP_H

#include "guest.h"

void hec_swap_written(struct hec_target *t, struct page *page, u64 place);
void hec_swap_register(void);
void hec_swap_unregister(void);

#endif
