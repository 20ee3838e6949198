/* SPDX-License-Identifier: GPL-2.0-only */
/* The signs of a VM's end, see signs.c. */
#ifndef HECACHE_KVM_SIGNS_H
#define HECACHE_KVM_SIGNS_H

#include <linux/types.h>

struct hec_kvm_vm;
struct kvm;

/*
 * One HELLO of @kvm's at a time is behind this.  False: KVM is busy with the VM.
 * Context: a HELLO of @kvm's; may sleep, some milliseconds.
 */
bool hec_kvm_signs_lock(struct kvm *kvm);
void hec_kvm_signs_unlock(struct kvm *kvm);

/*
 * From now on each sign calls hec_kvm_vm_end(), and the last gives back a reference.
 * HEC_ENOMEM: nothing is watched.  Context: hec_kvm_signs_lock().
 */
int hec_kvm_signs_watch(struct hec_kvm_vm *vm, struct kvm *kvm);

/*
 * Gives the reference of the signs back, now or when KVM has done what it is doing
 * with the VM.  Context: unloading.
 */
void hec_kvm_signs_unwatch(struct hec_kvm_vm *vm);

#endif
