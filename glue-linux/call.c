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
 *
 * Calls are numbered, if the hypervisor wants that, with one counter for all
 * processors: so it sees that this machine was reverted to a snapshot.  A call
 * follows its number at once, because a snapshot in between may hide one call from
 * that (docs/SPEC.md).
 */
#include "call.h"

#include <linux/cc_platform.h>
#include <linux/kvm_para.h>

static u64
	spoken; /* features of the session; written while no call is under way */
static atomic64_t number;
static DEFINE_PER_CPU(u32, unasked); /* pages, see hec_call_unasked() */

static bool is_encrypted(void)
{
	return cc_platform_has(CC_ATTR_MEM_ENCRYPT) ||
	       cc_platform_has(CC_ATTR_GUEST_MEM_ENCRYPT);
}

/* In words, why no hypervisor can be asked for a cache; NULL: one can. */
const char *hec_call_impossible(void)
{
	if (!xen_domain() && !kvm_para_available())
		return "neither KVM nor Xen is below";
	if (is_encrypted())
		return "this machine's memory is encrypted";
	return NULL;
}

/* Calls have what these features add, from here on; no other is under way. */
void hec_call_speak(u64 features)
{
	spoken = features;
}

/* @pages are read from a disk, because it is known that the cache has them not. */
void hec_call_unasked(u32 pages)
{
	this_cpu_add(unasked, pages);
}

/* What this processor has not reported yet, for the next call's last word. */
static u64 take_unasked(void)
{
	u32 pages = this_cpu_xchg(unasked, 0);

	if (pages > HEC_ABI_UNASKED_MAX) {
		this_cpu_add(unasked, pages - HEC_ABI_UNASKED_MAX);
		pages = HEC_ABI_UNASKED_MAX;
	}
	return (u64)pages << HEC_ABI_UNASKED_SHIFT;
}

static u64 call(u64 word, u64 pool, u64 index, u64 arg)
{
	if (xen_domain())
		return hec_xen_call(word, pool, index, arg);
	return kvm_hypercall4(HEC_KVM_HYPERCALL, word, pool, index, arg);
}

u64 hec_call(u64 cmd, u64 pool, u64 index, u64 arg)
{
	u64 result;

	preempt_disable();
	if ((spoken & HEC_FEATURE_UNASKED) && cmd != HEC_CMD_HELLO)
		arg |= take_unasked();
	if (spoken & HEC_FEATURE_SEQUENCE)
		cmd |= (u64)atomic64_inc_return(&number) << HEC_ABI_SEQ_SHIFT;
	result = call(cmd, pool, index, arg);
	preempt_enable();
	return result;
}
