/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ARC: the steps of policy.h, for a client of this policy. [client]
 */
#ifndef HEC_ARC_H
#define HEC_ARC_H

#include "queues.h"

void hec_arc_admit(struct hec_policy *policy, uint32_t n, uint64_t hash);
void hec_arc_use(struct hec_policy *policy, uint32_t n);
void hec_arc_miss(struct hec_policy *policy, uint64_t hash);

/* The page under @hash has been evicted from queue @queue. */
void hec_arc_evicted(struct hec_policy *policy, uint32_t queue, uint64_t hash);

/* There is at least one page. */
uint32_t hec_arc_victim(const struct hec_policy *policy);

#endif
