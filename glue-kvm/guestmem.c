// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's pages, for as long as a copy takes.
 *
 * A frame number is the guest's and may be anything.  It is looked up in the
 * VM's memory slots, which kvm->srcu (held by every exit handler) keeps from
 * changing; the address found is one of the VMM's own process, which is the
 * current one.  From there the host's page tables decide: what the process
 * itself may not write, the guest cannot have written.
 *
 * PUT.  The guest's kernel waits with interrupts off, so the page is taken if
 * it is there and can be read at once, or not at all.
 *
 * GET.  The guest can wait: the page is brought in, made private and pinned for
 * writing, as for direct I/O into it.  Behind the write both sides that track
 * dirty pages are told: the host's memory management and the VM's dirty log, so
 * that a migration takes the page along.
 *
 * A VM with a dirty ring has only KVM_DIRTY_RING_RSVD_ENTRIES entries left for
 * what an exit handler may dirty.  A call stops writing before it gets there.
 */
#include <linux/highmem.h>
#include <linux/mm.h>

#include <hecache/hecache.h>

#include "call.h"
#include "symbols.h"

#define RING_WRITES 32 /* pages a call may dirty in a VM with a dirty ring */

static bool may_dirty_more(struct hec_kvm_call *call)
{
	return !call->vcpu->kvm->dirty_ring_size ||
	       call->nr_writes++ < RING_WRITES;
}

static int take_for_read(unsigned long hva, struct page **page)
{
	return get_user_pages_fast_only(hva, 1, 0, page) == 1 ? HEC_OK
							      : HEC_EAGAIN;
}

static int take_for_write(struct hec_kvm_call *call, unsigned long hva,
			  struct page **page)
{
	if (!may_dirty_more(call))
		return HEC_EAGAIN;
	return pin_user_pages_fast(hva, 1, FOLL_WRITE, page) == 1 ? HEC_OK
								  : HEC_EFAULT;
}

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *guest)
{
	struct hec_kvm_call *call = vcpu;
	struct kvm_memslots *slots = kvm_memslots(call->vcpu->kvm);
	struct kvm_memory_slot *slot = __gfn_to_memslot(slots, gfn);
	unsigned long hva;
	int err;

	if (!kvm_is_visible_memslot(slot) || hec_kvm_is_hidden(slot) ||
	    (write && (slot->flags & KVM_MEM_READONLY)))
		return HEC_EFAULT;
	hva = __gfn_to_hva_memslot(slot, gfn);
	err = write ? take_for_write(call, hva, &guest->page)
		    : take_for_read(hva, &guest->page);
	if (err)
		return err;
	guest->va = kmap_local_page(guest->page);
	guest->slot = slot;
	guest->gfn = gfn;
	guest->write = write;
	return HEC_OK;
}

void hec_env_guest_unmap(void *vcpu, struct hec_env_guest_page *guest)
{
	struct hec_kvm_call *call = vcpu;

	kunmap_local(guest->va);
	if (!guest->write) {
		put_page(guest->page);
		return;
	}
	unpin_user_pages_dirty_lock(&guest->page, 1, true);
	hec_kvm_symbols_mark_dirty(call->vcpu->kvm, guest->slot, guest->gfn);
}
