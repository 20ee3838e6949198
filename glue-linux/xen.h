/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hypercall on Xen; hec_xen_frame() is for a domain of Xen only.
 */
#ifndef HEC_XEN_H
#define HEC_XEN_H

#include "guest.h"

u64 hec_xen_call(u64 cmd, u64 pool, u64 index, u64 arg);
u64 hec_xen_frame(struct page *page);

#endif
