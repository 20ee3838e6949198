/* SPDX-License-Identifier: GPL-2.0-only */
/* KVM's functions, found by their names, see symbols.c. */
#ifndef HECACHE_KVM_SYMBOLS_H
#define HECACHE_KVM_SYMBOLS_H

#include "compat.h"

/* Where kvm_emulate_hypercall() begins; for the hook. */
unsigned long hec_kvm_symbols_hypercall(void);

/* KVM's own kvm_emulate_hypercall() and mark_page_dirty_in_slot(). */
int hec_kvm_symbols_emulate(struct kvm_vcpu *vcpu);
void hec_kvm_symbols_mark_dirty(struct kvm *kvm,
				const struct kvm_memory_slot *slot, gfn_t gfn);

/* Finds them; KVM stays loaded until hec_kvm_symbols_fini(). */
int hec_kvm_symbols_init(void);
void hec_kvm_symbols_fini(void);

#endif
