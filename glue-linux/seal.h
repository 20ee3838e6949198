/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A page's seal: 64 bits that stand for its content.
 */
#ifndef HEC_SEAL_H
#define HEC_SEAL_H

#include "guest.h"

void hec_seal_init(void);
u64 hec_seal(struct page *page);

#endif
