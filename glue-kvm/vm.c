// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VMs that are clients of the cache, from their first HELLO to their end.
 *
 * Calls find a VM in a hash table by its struct kvm, an address that is compared; the
 * administrator finds it by its id.  When its end comes, it goes off the hash table
 * at once, and a worker drops its pages, a budget at a time.  That cannot meet a call
 * of the VM: a call is made by a vCPU, which keeps its VM and its memory.
 *
 * LOCKS.  The hash table changes under table_lock, and calls look up under RCU.
 * vm->control (sleeps) keeps a client from being ended; no lock that spins is held
 * while the library works.
 */
#include <linux/hashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "keep.h"
#include "memory.h"
#include "vm.h"

#define DESTROY_BUDGET 1024 /* pages dropped before others get the CPU */

static DEFINE_HASHTABLE(table, 8);
static DEFINE_SPINLOCK(table_lock);

/* All that are not freed, by id. */
static DEFINE_XARRAY(vms);
static atomic_t nr_vms;
static DECLARE_WAIT_QUEUE_HEAD(vms_gone);

static struct workqueue_struct *ending;

struct hec_kvm_vm *hec_kvm_vm_find(const struct kvm *kvm)
{
	struct hec_kvm_vm *vm, *found = NULL;

	rcu_read_lock();
	hash_for_each_possible_rcu(table, vm, node, (unsigned long)kvm) {
		if (vm->kvm == kvm) {
			found = vm;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

/* Coming and going */

static void destroy_client(struct hec_client *client)
{
	while (hec_client_destroy(hec_kvm_cache, client, DESTROY_BUDGET) ==
	       HEC_EAGAIN)
		cond_resched();
}

/* A worker: drops the pages of a VM that is gone, or of which we let go. */
static void end_work(struct work_struct *work)
{
	struct hec_kvm_vm *vm = container_of(work, struct hec_kvm_vm, end);
	struct hec_client *client;

	mutex_lock(&vm->control);
	client = vm->client;
	vm->client = NULL;
	hec_kvm_keep_update(vm);
	mutex_unlock(&vm->control);
	/* Told first: where no client is counted any more, all has been told. */
	hec_kvm_event(HECACHE_EVENT_WENT, &vm->who, 0);
	destroy_client(client);
	hec_kvm_vm_put(vm);
}

struct hec_kvm_vm *hec_kvm_vm_alloc(const struct kvm *kvm,
				    const struct hec_kvm_who *who)
{
	struct hec_kvm_vm *vm = kzalloc(sizeof(*vm), GFP_KERNEL);

	if (!vm)
		return NULL;
	if (xa_reserve(&vms, who->id, GFP_KERNEL)) {
		kfree(vm);
		return NULL;
	}
	vm->who = *who;
	vm->kvm = kvm;
	mutex_init(&vm->control);
	refcount_set(&vm->refs, 2); /* the table's and the signs' */
	INIT_WORK(&vm->end, end_work);
	return vm;
}

void hec_kvm_vm_free(struct hec_kvm_vm *vm)
{
	if (vm->client)
		destroy_client(vm->client);
	xa_release(&vms, vm->who.id);
	kfree(vm);
}

void hec_kvm_vm_publish(struct hec_kvm_vm *vm)
{
	atomic_inc(&nr_vms);
	hec_kvm_event(HECACHE_EVENT_CAME, &vm->who, 0);
	xa_store(&vms, vm->who.id, vm, 0); /* reserved: needs no memory */
	spin_lock(&table_lock);
	hash_add_rcu(table, &vm->node, (unsigned long)vm->kvm);
	spin_unlock(&table_lock);
}

void hec_kvm_vm_end(struct hec_kvm_vm *vm)
{
	spin_lock(&table_lock);
	if (!hlist_unhashed(&vm->node)) {
		hash_del_rcu(&vm->node);
		queue_work(ending, &vm->end);
	}
	spin_unlock(&table_lock);
}

void hec_kvm_vm_put(struct hec_kvm_vm *vm)
{
	if (!refcount_dec_and_test(&vm->refs))
		return;
	mmu_notifier_unregister(&vm->notifier, vm->notifier.mm);
	xa_erase(&vms, vm->who.id);
	kfree_rcu(vm, rcu);
	if (atomic_dec_and_test(&nr_vms))
		wake_up(&vms_gone);
}

/* The administrator's */

struct hec_kvm_vm *hec_kvm_vm_hold_from(u64 id)
{
	unsigned long at = id;
	struct hec_kvm_vm *vm;

	rcu_read_lock();
	do
		vm = xa_find(&vms, &at, ULONG_MAX, XA_PRESENT);
	while (vm && !refcount_inc_not_zero(&vm->refs) && ++at);
	rcu_read_unlock();
	return vm;
}

struct hec_kvm_vm *hec_kvm_vm_lock_from(u64 id)
{
	struct hec_kvm_vm *vm;

	while ((vm = hec_kvm_vm_hold_from(id))) {
		mutex_lock(&vm->control);
		if (vm->client)
			break;
		id = vm->who.id + 1;
		hec_kvm_vm_unlock(vm);
	}
	return vm;
}

void hec_kvm_vm_unlock(struct hec_kvm_vm *vm)
{
	mutex_unlock(&vm->control);
	hec_kvm_vm_put(vm);
}

struct hec_kvm_vm *hec_kvm_vm_lock(u64 id)
{
	struct hec_kvm_vm *vm = hec_kvm_vm_lock_from(id);

	if (vm && vm->who.id != id) {
		hec_kvm_vm_unlock(vm);
		vm = NULL;
	}
	return vm;
}

/* The module's */

int hec_kvm_vms_init(void)
{
	ending = alloc_workqueue("hecache", WQ_UNBOUND, 0);
	return ending ? 0 : -ENOMEM;
}

/*
 * Whoever gave the last reference back may be on its way out of this module still:
 * all tasks are waited for until they have scheduled by their own will.
 */
void hec_kvm_vms_fini(void)
{
	wait_event(vms_gone, !atomic_read(&nr_vms));
	synchronize_rcu_tasks();
	destroy_workqueue(ending);
	xa_destroy(&vms);
}
