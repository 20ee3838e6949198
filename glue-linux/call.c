// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hypercall, and which hypervisor is below: KVM, here, or Xen (xen.c).
 *
 * A hypervisor must be recognised before it is called, because the instruction
 * is undefined on a bare machine.  Xen is asked for first: it can offer guests
 * what looks like another hypervisor, too.
 *
 * An encrypted guest gets no cache: what the host could copy is the cipher text
 * at one address, which is another text at any other.
 */
#include "guest.h"

#include <linux/cc_platform.h>
#include <linux/kvm_para.h>

static bool is_encrypted(void)
{
	return cc_platform_has(CC_ATTR_MEM_ENCRYPT) ||
	       cc_platform_has(CC_ATTR_GUEST_MEM_ENCRYPT);
}

/* True if there is a hypervisor that can be asked for a cache. */
bool hec_call_find(void)
{
	return (xen_domain() || kvm_para_available()) && !is_encrypted();
}

u64 hec_call(u64 cmd, u64 pool, u64 index, u64 arg)
{
	if (xen_domain())
		return hec_xen_call(cmd, pool, index, arg);
	return kvm_hypercall4(HEC_KVM_HYPERCALL, cmd, pool, index, arg);
}
