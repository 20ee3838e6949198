/* SPDX-License-Identifier: GPL-2.0-only */
/* KVM's hypercalls of our number come to us, see hook.c. */
#ifndef HECACHE_KVM_HOOK_H
#define HECACHE_KVM_HOOK_H

int hec_kvm_hook_init(void);
/* Afterwards no call is in flight and none comes. */
void hec_kvm_hook_fini(void);

#endif
