/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * LRU: one queue in the order of puts; the oldest page goes.
 *
 * If the VM evicts in LRU order, its memory and the cache are one LRU stack (Lu
 * and Shen, USENIX ATC 2007).  A get that keeps moves the page to the front.  Queue 1
 * has pages only if another policy has left them there; they go first.
 */
#include "lru.h"

void hec_lru_admit(struct hec_policy *policy, uint32_t n)
{
	hec_env_assert_held(policy->past.lock);
	hec_queue_add(policy, 0, n);
}

void hec_lru_use(struct hec_policy *policy, uint32_t n)
{
	hec_env_assert_held(policy->past.lock);
	hec_queue_del(policy, n);
	hec_queue_add(policy, 0, n);
}

uint32_t hec_lru_victim(const struct hec_policy *policy)
{
	hec_env_assert_held(policy->past.lock);
	hec_env_assert(hec_policy_pages(policy));
	return hec_queue_oldest(policy, policy->nr[1] ? 1 : 0);
}
