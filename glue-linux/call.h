/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypercall, and which hypervisor is below.
 */
#ifndef HEC_CALL_H
#define HEC_CALL_H

#include "guest.h"

#include <xen/xen.h>

#include "xen.h"

const char *hec_call_impossible(void);
void hec_call_speak(u64 features);
void hec_call_unasked(u32 pages);
u64 hec_call(u64 cmd, u64 pool, u64 index, u64 arg);

/* A page's frame number as the hypervisor knows it. */
static inline u64 hec_call_frame(struct page *page)
{
	return xen_domain() ? hec_xen_frame(page) : page_to_pfn(page);
}

#endif
