// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a VM becomes a client of the cache: with its first HELLO, if it is admitted.
 *
 *     rules.c   may it, and what does it begin with?
 *     vm.c      memory for what is known of it
 *     library   a client
 *     signs.c   its end will not be missed
 *     vm.c      now its calls, and the administrator, find it
 *
 * What fails undoes what came before, so that a refused HELLO leaves nothing but a
 * count.  One HELLO of a VM at a time makes it a client: of two vCPUs' the second finds
 * what the first has made.  VMs do not wait for each other here, since the process of
 * one may make its own HELLO wait.
 */
#include <linux/atomic.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "clients.h"
#include "events.h"
#include "memory.h"
#include "rules.h"
#include "signs.h"
#include "vm.h"

static unsigned int max_clients = 256;
module_param(max_clients, uint, 0444);
MODULE_PARM_DESC(max_clients, "VMs that can use the cache at once (1-1024)");

static atomic64_t last_id;

unsigned int hec_kvm_clients_max(void)
{
	return max_clients;
}

static int make_client(struct hec_kvm_vm *vm, struct kvm *kvm,
		       const struct hec_kvm_start *start)
{
	if (hec_client_create(hec_kvm_cache, &start->config, &vm->client))
		return HEC_ENOMEM;
	hec_client_freeze(hec_kvm_cache, vm->client, start->frozen);
	return hec_kvm_signs_watch(vm, kvm);
}

/* Context: hec_kvm_signs_lock(). */
static int make_vm(struct kvm *kvm, const struct hec_kvm_who *who,
		   const struct hec_kvm_start *start, struct hec_kvm_vm **made)
{
	struct hec_kvm_vm *vm = hec_kvm_vm_alloc(kvm, who);
	int err;

	if (!vm)
		return HEC_ENOMEM;
	err = make_client(vm, kvm, start);
	if (err) {
		hec_kvm_vm_free(vm);
		return err;
	}
	hec_kvm_vm_publish(vm);
	*made = vm;
	return HEC_OK;
}

/* The VM of @kvm, which another vCPU of it may have made meanwhile. */
static int get_vm(struct kvm *kvm, struct hec_kvm_who *who,
		  const struct hec_kvm_start *start, struct hec_kvm_vm **vm)
{
	int err = HEC_OK;

	if (!hec_kvm_signs_lock(kvm))
		return HEC_ENOMEM;
	*vm = hec_kvm_vm_find(kvm);
	if (!*vm) {
		who->id = atomic64_inc_return(&last_id);
		err = make_vm(kvm, who, start, vm);
	}
	hec_kvm_signs_unlock(kvm);
	return err;
}

int hec_kvm_clients_admit(struct kvm *kvm, struct hec_kvm_vm **vm)
{
	struct hec_kvm_who who = { .pid = task_tgid_nr(current) };
	struct hec_kvm_start start;
	int err = hec_kvm_rules_apply(&who, &start);

	if (!err)
		err = get_vm(kvm, &who, &start, vm);
	if (err)
		hec_kvm_event_refused(&who, err);
	return err;
}

void hec_kvm_clients_fini(void)
{
	struct hec_kvm_vm *vm;
	u64 id = 0;

	while ((vm = hec_kvm_vm_hold_from(id))) {
		id = vm->who.id + 1;
		hec_kvm_signs_unwatch(vm);
		hec_kvm_vm_end(vm);
		hec_kvm_vm_put(vm);
	}
}
