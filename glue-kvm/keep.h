/* SPDX-License-Identifier: GPL-2.0-only */
/* Persistent pages keep the module loaded, see keep.c. */
#ifndef HECACHE_KVM_KEEP_H
#define HECACHE_KVM_KEEP_H

#include <linux/types.h>

struct hec_kvm_vm;

/*
 * After what may change whether @vm has such pages, and when its client is no more.
 * Context: @vm's control; may sleep.
 */
void hec_kvm_keep_update(struct hec_kvm_vm *vm);

/*
 * The administrator gives them up, or does not any more; hec_kvm_keep_update() of each
 * VM follows.
 */
void hec_kvm_keep_abandon(bool yes);

/* True if the module is kept. */
bool hec_kvm_keep_holds(void);

#endif
