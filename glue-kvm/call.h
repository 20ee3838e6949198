/* SPDX-License-Identifier: GPL-2.0-only */
/* One hypercall, see call.c. */
#ifndef HECACHE_KVM_CALL_H
#define HECACHE_KVM_CALL_H

#include <hecache/abi.h>

#include "compat.h"

struct hec_kvm_vm;

/* A hypercall on its way; the library hands it on as its "vcpu". */
struct hec_kvm_call {
	struct kvm_vcpu *vcpu;
	struct hec_kvm_vm *vm; /* NULL: no client yet */
	unsigned int nr_writes; /* pages mapped for writing so far */
};

/* In place of kvm_emulate_hypercall(), for our number. */
int hec_kvm_call_emulate(struct kvm_vcpu *vcpu);

/* Calls answered with @error; HEC_OK: all calls. */
u64 hec_kvm_calls(enum hec_err error);

#endif
