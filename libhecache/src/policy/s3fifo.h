/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * S3-FIFO: the steps of policy.h, for a client of this policy. [client]
 */
#ifndef HEC_S3FIFO_H
#define HEC_S3FIFO_H

#include "queues.h"

void hec_s3fifo_admit(struct hec_policy *policy, uint32_t n, uint64_t hash);
void hec_s3fifo_use(struct hec_policy *policy, uint32_t n);
void hec_s3fifo_miss(struct hec_policy *policy, uint64_t hash);

/* The page under @hash has been evicted from queue @queue. */
void hec_s3fifo_evicted(struct hec_policy *policy, uint32_t queue,
			uint64_t hash);

/* There is at least one page.  Bound: @steps pages, at least one, are looked at. */
uint32_t hec_s3fifo_victim(struct hec_policy *policy, uint32_t steps);

#endif
