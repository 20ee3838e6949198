/* SPDX-License-Identifier: GPL-2.0-only */
/* Statistics in sysfs, see stats.c. */
#ifndef HECACHE_KVM_STATS_H
#define HECACHE_KVM_STATS_H

struct attribute_group;

/* The device's groups of attributes, for as long as there is a cache. */
extern const struct attribute_group *hec_kvm_stats_groups[];

#endif
