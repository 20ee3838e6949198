/* SPDX-License-Identifier: GPL-2.0-only */
/* Terms of the administrator's, see terms.c. */
#ifndef HECACHE_KVM_TERMS_H
#define HECACHE_KVM_TERMS_H

#include <linux/types.h>

#include <hecache/hecache.h>

#include "uapi/hecache_control.h"

/* 0, if these terms can be somebody's; else -EINVAL. */
int hec_kvm_terms_check(const struct hecache_control_terms *terms, u32 which);

/* The same as the library has it; they have been checked. */
struct hec_client_change
hec_kvm_terms_change(const struct hecache_control_terms *terms, u32 which);

/* A client's, now. */
struct hecache_control_terms hec_kvm_terms_of(struct hec_client *client);

#endif
