/* SPDX-License-Identifier: GPL-2.0-only */
/* How a VM becomes a client, see clients.c. */
#ifndef HECACHE_KVM_CLIENTS_H
#define HECACHE_KVM_CLIENTS_H

struct kvm;
struct hec_kvm_vm;

/*
 * Makes the VM a client, unless it is one already.  HEC_EPERM: it is not admitted;
 * HEC_ENOMEM: there is no memory, max_clients are there, its guarantee cannot be
 * kept, or KVM is busy with the VM.  Context: a HELLO of @kvm's; may sleep.
 */
int hec_kvm_clients_admit(struct kvm *kvm, struct hec_kvm_vm **vm);

/* How many there can be at once. */
unsigned int hec_kvm_clients_max(void);

/* Ends every client.  Context: unloading, no calls. */
void hec_kvm_clients_fini(void);

#endif
