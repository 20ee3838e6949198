// SPDX-License-Identifier: GPL-2.0-only
/*
 * hecache-kvm.ko: loading and unloading.
 *
 * Going is coming in reverse: first no call can be in flight, then no client is
 * left, then no memory.  Guests that go on calling are answered by KVM itself
 * from then on: -KVM_ENOSYS, there is no cache.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "clients.h"
#include "control.h"
#include "device.h"
#include "hook.h"
#include "memory.h"
#include "rules.h"
#include "symbols.h"
#include "vm.h"

static int __init hec_kvm_init(void)
{
	int err = hec_kvm_symbols_init();

	if (err)
		return err;
	err = hec_kvm_memory_init(hec_kvm_clients_max());
	if (err)
		goto no_memory;
	err = hec_kvm_vms_init();
	if (err)
		goto no_vms;
	err = hec_kvm_device_init();
	if (err)
		goto no_device;
	err = hec_kvm_hook_init();
	if (err)
		goto no_hook;
	hec_kvm_control_init();
	return 0;

no_hook:
	hec_kvm_device_fini();
no_device:
	hec_kvm_clients_fini();
	hec_kvm_vms_fini();
	hec_kvm_rules_fini();
no_vms:
	hec_kvm_memory_fini();
no_memory:
	hec_kvm_symbols_fini();
	return err;
}

static void __exit hec_kvm_exit(void)
{
	hec_kvm_control_fini();
	hec_kvm_hook_fini();
	hec_kvm_device_fini();
	hec_kvm_clients_fini();
	hec_kvm_vms_fini();
	hec_kvm_rules_fini();
	hec_kvm_memory_fini();
	hec_kvm_symbols_fini();
}

module_init(hec_kvm_init);
module_exit(hec_kvm_exit);

MODULE_DESCRIPTION("Exclusive page cache in the host for KVM guests");
MODULE_AUTHOR("HECache");
MODULE_LICENSE("GPL");
MODULE_VERSION(HECACHE_VERSION);
