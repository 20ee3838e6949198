/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VMs that are clients of the cache, see vm.c.
 *
 *     HELLO             the first sign of its end           KVM has no more of it
 *       |                        |                                 |
 *       found by its calls ------+-- pages dropped by a worker ... | freed
 *       linked to KVM's struct kvm and to the VMM's memory --------+
 *
 * One reference is the table's, until the worker has ended the client; one is that of
 * the signs (signs.c), until the VM is gone.
 */
#ifndef HECACHE_KVM_VM_H
#define HECACHE_KVM_VM_H

#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/workqueue.h>

#include <hecache/hecache.h>

#include "compat.h"
#include "events.h"

struct hec_kvm_vm {
	struct hlist_node node; /* [table_lock] of the calls' table */
	struct hec_kvm_who who; /* [const] */
	const struct kvm *kvm; /* [const] compared, never followed */

	struct mutex control; /* held while the administrator has the client */
	struct hec_client *client; /* [control; calls] NULL: ended */
	bool keeps; /* [keep.c] */

	u64 rollbacks; /* [control] of which the monitor has been told */
	unsigned long told; /* [control] when */

	bool linked; /* [signs.c] and the two that follow */
	struct kvm_device device;
	struct mmu_notifier notifier;

	refcount_t refs;
	struct work_struct end;
	struct rcu_head rcu;
};

/*
 * A VM in no table, with two references and no client; or NULL.  It is freed by
 * hec_kvm_vm_free(), or put into the tables when it has a client and signs.
 */
struct hec_kvm_vm *hec_kvm_vm_alloc(const struct kvm *kvm,
				    const struct hec_kvm_who *who);
void hec_kvm_vm_free(struct hec_kvm_vm *vm);
void hec_kvm_vm_publish(struct hec_kvm_vm *vm);

/*
 * The VM of @kvm, or NULL.  Context: a call of one of @kvm's vCPUs, for as long as
 * which it remains, and its client.
 */
struct hec_kvm_vm *hec_kvm_vm_find(const struct kvm *kvm);

/*
 * The VM will not call any more; its pages are dropped soon, and the table's
 * reference with them.  Context: any task.
 */
void hec_kvm_vm_end(struct hec_kvm_vm *vm);

/* Gives a reference back.  Context: may sleep. */
void hec_kvm_vm_put(struct hec_kvm_vm *vm);

/* The VM with the lowest id from @id on, with a reference; or NULL. */
struct hec_kvm_vm *hec_kvm_vm_hold_from(u64 id);

/*
 * The same among those that have a client, which is there until
 * hec_kvm_vm_unlock().  Context: may sleep.
 */
struct hec_kvm_vm *hec_kvm_vm_lock_from(u64 id);
void hec_kvm_vm_unlock(struct hec_kvm_vm *vm);

/* The same of just that id. */
struct hec_kvm_vm *hec_kvm_vm_lock(u64 id);

int hec_kvm_vms_init(void);
/* Waits until all are freed.  Context: none is in the tables, or comes. */
void hec_kvm_vms_fini(void);

#endif
