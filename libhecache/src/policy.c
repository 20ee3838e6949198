/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The policies, see policy.h.  A queue's newest page is behind the sentinel,
 * its oldest before it.
 */
#include "policy.h"

bool hec_policy_kind_is_valid(enum hec_policy_kind kind)
{
	return kind == HEC_POLICY_LRU;
}

void hec_policy_init(struct hec_policy *policy, struct hec_record *records,
		     enum hec_policy_kind kind, uint32_t end)
{
	uint32_t i;

	policy->kind = kind;
	policy->end = end;
	for (i = 0; i < HEC_NR_QUEUES; i++) {
		policy->nr[i] = 0;
		hec_list_init(records, HEC_LINK_QUEUE, end + i);
	}
}

void hec_policy_admit(struct hec_policy *policy, struct hec_record *records,
		      uint32_t n)
{
	records[n].queue = 0;
	policy->nr[0]++;
	hec_list_add(records, HEC_LINK_QUEUE, policy->end, n);
}

void hec_policy_leave(struct hec_policy *policy, struct hec_record *records,
		      uint32_t n, enum hec_leave why)
{
	(void)why;
	policy->nr[records[n].queue]--;
	hec_list_del(records, HEC_LINK_QUEUE, n);
}

uint32_t hec_policy_victim(const struct hec_policy *policy,
			   const struct hec_record *records)
{
	if (!policy->nr[0])
		return HEC_NO_RECORD;
	return records[policy->end].link[HEC_LINK_QUEUE].prev;
}
