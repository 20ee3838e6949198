/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Folios that have left the page cache and are not free yet.
 */
#ifndef HEC_LEAVING_H
#define HEC_LEAVING_H

#include "guest.h"

/* How a folio has left that is being freed. */
enum hec_leaving {
	HEC_LEAVING_NOT, /* it was not in the page cache */
	HEC_LEAVING_EVICTED,
	HEC_LEAVING_OTHERWISE, /* truncated, invalidated */
};

struct hec_frames {
	unsigned long first, nr;
};

struct hec_frames hec_leaving_note(struct folio *folio, bool evicted);
enum hec_leaving hec_leaving_take(unsigned long pfn);
void hec_leaving_forget(void);

#endif
