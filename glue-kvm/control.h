/* SPDX-License-Identifier: GPL-2.0-only */
/* What the administrator's requests do, see control.c. */
#ifndef HECACHE_KVM_CONTROL_H
#define HECACHE_KVM_CONTROL_H

#include <linux/types.h>

#include "uapi/hecache_control.h"

/* Any request's structure. */
union hec_kvm_op {
	__u32 version;
	struct hecache_control_info info;
	struct hecache_control_client client;
	struct hecache_control_pool pool;
	struct hecache_control_rule rule;
	struct hecache_control_set set;
	struct hecache_control_one one;
	struct hecache_control_value value;
};

struct hec_kvm_request {
	unsigned int number;
	fmode_t mode; /* how the device must be open: for looking, or changing */
	long (*run)(union hec_kvm_op *op); /* 0 or a negative errno; may sleep */
};

/* The request of that number, or NULL. */
const struct hec_kvm_request *hec_kvm_request_find(unsigned int number);

/* The tax on idle memory, a parameter of the module too. */
void hec_kvm_control_init(void);
void hec_kvm_control_fini(void);

#endif
