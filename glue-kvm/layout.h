/* SPDX-License-Identifier: GPL-2.0-only */
/* Is KVM the one whose headers this module was built with?  See layout.c. */
#ifndef HECACHE_KVM_LAYOUT_H
#define HECACHE_KVM_LAYOUT_H

#include "compat.h"

/* Context: a call of @vcpu's. */
bool hec_kvm_layout_fits(const struct kvm_vcpu *vcpu);

#endif
