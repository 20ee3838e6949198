// SPDX-License-Identifier: GPL-2.0-only
/*
 * Persistent pages keep the module loaded.
 *
 * Nothing else has what a VM put into a persistent pool, so removing the module with
 * such pages would lose them.  For each VM that has persistent pages, or a persistent
 * pool and a guarantee, and so may have them any time, the module has a reference:
 * rmmod says that it is in use.  The administrator can give the pages up; then the
 * module goes as ever.
 *
 * Whether it is so can change with what a guest does to its pools and with what the
 * administrator promises; after each of these it is looked at anew.
 */
#include <linux/module.h>
#include <linux/mutex.h>

#include "keep.h"
#include "memory.h"
#include "vm.h"

static DEFINE_MUTEX(lock);
static bool abandoned; /* [lock] */
static unsigned int nr_kept; /* [lock] */

/* Context: @vm's control. */
static bool has_persistent_pool(struct hec_kvm_vm *vm)
{
	struct hec_pool_info info = { .pool = U64_MAX };

	while (!hec_pool_info(hec_kvm_cache, vm->client, info.pool, &info))
		if (info.kind == HEC_POOL_PERSISTENT)
			return true;
	return false;
}

static bool may_have_pages(struct hec_kvm_vm *vm)
{
	struct hec_client_config config;
	struct hec_stats stats;

	if (!vm->client)
		return false;
	hec_client_get(hec_kvm_cache, vm->client, &config);
	hec_client_stats(hec_kvm_cache, vm->client, &stats);
	return stats.persistent_pages ||
	       (config.guaranteed_pages && has_persistent_pool(vm));
}

/* Context: lock. */
static void set_keeps(struct hec_kvm_vm *vm, bool keeps)
{
	if (keeps == vm->keeps || (keeps && !try_module_get(THIS_MODULE)))
		return;
	if (!keeps)
		module_put(THIS_MODULE);
	nr_kept += keeps ? 1 : -1;
	vm->keeps = keeps;
}

void hec_kvm_keep_update(struct hec_kvm_vm *vm)
{
	bool keeps = may_have_pages(vm);

	mutex_lock(&lock);
	set_keeps(vm, keeps && !abandoned);
	mutex_unlock(&lock);
}

void hec_kvm_keep_abandon(bool yes)
{
	mutex_lock(&lock);
	abandoned = yes;
	mutex_unlock(&lock);
}

bool hec_kvm_keep_holds(void)
{
	return READ_ONCE(nr_kept) != 0;
}
