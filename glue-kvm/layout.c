// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is KVM the one whose headers this module was built with?
 *
 * A KVM that was built from other sources may have the kernel's version still, and other
 * structures.  The loader would find that out for a module that is linked to KVM; for
 * this one it is found out before a VM is a client, from what must be so of a VM that is
 * running.  The fields that are used lie among those that are looked at.
 *
 * A field that is not where it was could hold anything; so nothing is followed before
 * what it points to is known, or else it is read in a way that may fail.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/sched.h>
#include <linux/uaccess.h>

#include "layout.h"

#define USERS_MAX (1 << 20) /* more files than a process opens */

static bool is_list(const struct list_head *list)
{
	struct list_head *back;

	return !get_kernel_nofault(back, &list->next->prev) && back == list &&
	       !get_kernel_nofault(back, &list->prev->next) && back == list;
}

static bool kvm_fits(const struct kvm *kvm)
{
	const struct kvm_memslots *slots = rcu_access_pointer(kvm->memslots[0]);
	unsigned int users = refcount_read(&kvm->users_count);

	return (slots == &kvm->__memslots[0][0] ||
		slots == &kvm->__memslots[0][1]) &&
	       users && users < USERS_MAX && is_list(&kvm->devices) &&
	       (!kvm->dirty_ring_size || is_power_of_2(kvm->dirty_ring_size));
}

static bool vcpu_fits(const struct kvm_vcpu *vcpu)
{
	return vcpu->vcpu_idx < KVM_MAX_VCPUS &&
	       xa_load(&vcpu->kvm->vcpu_array, vcpu->vcpu_idx) == vcpu;
}

/* The VMM's process is the current one. */
bool hec_kvm_layout_fits(const struct kvm_vcpu *vcpu)
{
	struct mm_struct *mm;
	bool fits = !get_kernel_nofault(mm, &vcpu->kvm->mm) &&
		    mm == current->mm && kvm_fits(vcpu->kvm) && vcpu_fits(vcpu);

	if (!fits)
		pr_err_once("KVM is another than this module was built for: "
			    "no VM has a cache; build it anew\n");
	return fits;
}
