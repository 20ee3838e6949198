// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signs of a VM's end.
 *
 * A struct kvm that is freed may be the next VM's, which would inherit pages and
 * terms of the one before.  So the end of a VM must not be missed, and probes can be
 * switched off (kernel.ftrace_enabled, kprobes/enabled in debugfs).  There are two
 * signs that cannot:
 *
 *     KVM's list of devices   A VM has one, and destroys each device in it before
 *                             the struct kvm is freed.  One of ours is in it, which
 *                             has no file and does nothing.
 *     the VMM's memory        An mmu_notifier on it: released when the process ends.
 *                             No vCPU runs then, though others may hold the VM's
 *                             files for long.
 *
 * Whichever comes first ends the client.  After the first of these signs struct
 * hec_kvm_vm remains, as it is linked there, until KVM has destroyed its device.
 *
 * LOCKS.  KVM changes its list under kvm->lock, which is outside of a vCPU's mutex
 * and of kvm->srcu; a HELLO is inside of both and only tries to take it.
 *
 * UNLOADING takes the devices off the lists of VMs that live on.  Whoever destroys a
 * VM goes through its list with no lock, once no user of the VM is left.  So ours is
 * taken off while all processors stand still, if the VM has users then; if not, its
 * device is destroyed soon.
 */
#include <linux/delay.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/stop_machine.h>

#include "signs.h"
#include "vm.h"

#define LOCK_TRIES 50 /* of 100 to 200 microseconds */

/* KVM destroys the VM.  Context: may sleep. */
static void vm_destroyed(struct kvm_device *device)
{
	struct hec_kvm_vm *vm = container_of(device, struct hec_kvm_vm, device);

	WRITE_ONCE(vm->linked, false);
	hec_kvm_vm_end(vm);
	hec_kvm_vm_put(vm);
}

static const struct kvm_device_ops device_ops = {
	.name = "hecache",
	.destroy = vm_destroyed,
};

/* The VMM's process has ended. */
static void memory_released(struct mmu_notifier *notifier, struct mm_struct *mm)
{
	hec_kvm_vm_end(container_of(notifier, struct hec_kvm_vm, notifier));
}

static const struct mmu_notifier_ops notifier_ops = {
	.release = memory_released,
};

bool hec_kvm_signs_lock(struct kvm *kvm)
{
	unsigned int i;

	for (i = 0; i < LOCK_TRIES; i++) {
		if (mutex_trylock(&kvm->lock))
			return true;
		usleep_range(100, 200);
	}
	return false;
}

void hec_kvm_signs_unlock(struct kvm *kvm)
{
	mutex_unlock(&kvm->lock);
}

int hec_kvm_signs_watch(struct hec_kvm_vm *vm, struct kvm *kvm)
{
	vm->notifier.ops = &notifier_ops;
	if (mmu_notifier_register(&vm->notifier, kvm->mm))
		return HEC_ENOMEM;
	vm->device.ops = &device_ops;
	vm->device.kvm = kvm;
	vm->linked = true;
	list_add(&vm->device.vm_node, &kvm->devices);
	return HEC_OK;
}

/*
 * 0: it is off the list; -EAGAIN: somebody is at the list; -EBUSY: the VM is being
 * destroyed.  Context: nobody else runs.
 */
static int unlink_device(void *arg)
{
	struct hec_kvm_vm *vm = arg;
	struct kvm *kvm = vm->device.kvm;

	if (!vm->linked || !refcount_read(&kvm->users_count))
		return -EBUSY;
	if (mutex_is_locked(&kvm->lock))
		return -EAGAIN;
	list_del(&vm->device.vm_node);
	vm->linked = false;
	return 0;
}

void hec_kvm_signs_unwatch(struct hec_kvm_vm *vm)
{
	int err;

	while ((err = stop_machine(unlink_device, vm, NULL)) == -EAGAIN)
		msleep(1);
	if (!err)
		hec_kvm_vm_put(vm);
}
