/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may use the cache, and on which terms: see rules.c. */
#ifndef HECACHE_KVM_RULES_H
#define HECACHE_KVM_RULES_H

#include <linux/types.h>

#include <hecache/hecache.h>

#include "uapi/hecache_control.h"

struct hec_kvm_who;

/* What a VM begins with. */
struct hec_kvm_start {
	struct hec_client_config config;
	bool frozen;
};

/*
 * Whether a VM of the current process, @who, may use the cache, and with what it
 * begins; or HEC_EPERM.  Sets @who's control group.  Context: may sleep.
 */
int hec_kvm_rules_apply(struct hec_kvm_who *who, struct hec_kvm_start *start);

/* The requests of uapi/hecache_control.h: 0 or a negative errno. */
int hec_kvm_rules_admit(const struct hecache_control_rule *rule);
int hec_kvm_rules_dismiss(const struct hecache_control_rule *rule);
int hec_kvm_rules_find(struct hecache_control_rule *rule);
int hec_kvm_rules_set_admission(u32 admission);
u32 hec_kvm_rules_admission(void);
u32 hec_kvm_rules_number(void);

/* Drops all. */
void hec_kvm_rules_fini(void);

#endif
