/* SPDX-License-Identifier: GPL-2.0-only */
/* /dev/hecache, see device.c. */
#ifndef HECACHE_KVM_DEVICE_H
#define HECACHE_KVM_DEVICE_H

int hec_kvm_device_init(void);
/* Context: unloading, so that nobody has it open. */
void hec_kvm_device_fini(void);

#endif
