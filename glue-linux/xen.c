// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hypercall on Xen, for PV, PVH and HVM guests alike.
 *
 * Under PV the frames that Xen knows are the machine's, not those that this
 * kernel counts; xen_page_to_gfn() tells them, and leaves all others as they
 * are.  A domain that was saved and restored has other machine frames, but the
 * hypervisor that could have been told an old one does not know the pool any
 * more and refuses the call.
 */
#include "xen.h"

#include <asm/xen/hypercall.h>
#include <xen/page.h>

u64 hec_xen_call(u64 cmd, u64 pool, u64 index, u64 arg)
{
	return xen_single_call(HEC_XEN_HYPERCALL, cmd, pool, index, arg, 0);
}

u64 hec_xen_frame(struct page *page)
{
	return xen_page_to_gfn(page);
}
