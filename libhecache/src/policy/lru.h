/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * LRU: the steps of policy.h, for a client of this policy. [client]
 */
#ifndef HEC_LRU_H
#define HEC_LRU_H

#include "queues.h"

void hec_lru_admit(struct hec_policy *policy, uint32_t n);
void hec_lru_use(struct hec_policy *policy, uint32_t n);

/* There is at least one page. */
uint32_t hec_lru_victim(const struct hec_policy *policy);

#endif
