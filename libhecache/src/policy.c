/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the policies share: the queues, LRU, and the choice between policies.
 * A queue's newest page is behind the sentinel, its oldest before it.
 *
 * The choice is a switch and not a table of functions: indirect calls are slow
 * where they must be guarded against speculation.
 */
#include "policy.h"

bool hec_policy_kind_is_valid(enum hec_policy_kind kind)
{
	return kind == HEC_POLICY_S3FIFO || kind == HEC_POLICY_LRU ||
	       kind == HEC_POLICY_ARC;
}

void hec_policy_init(struct hec_policy *policy, enum hec_policy_kind kind,
		     uint32_t client)
{
	uint32_t i;

	policy->kind = kind;
	policy->target = 0;
	for (i = 0; i < HEC_NR_QUEUES; i++) {
		policy->nr[i] = 0;
		hec_list_init(policy->records, HEC_LINK_QUEUE, policy->end + i);
	}
	hec_ghost_lists_init(&policy->past, client);
}

void hec_policy_switch(struct hec_policy *policy, enum hec_policy_kind kind)
{
	if (policy->kind == kind)
		return;
	policy->kind = kind;
	policy->target = 0;
}

void hec_queue_add(struct hec_policy *policy, uint32_t queue, uint32_t n)
{
	policy->records[n].queue = (uint8_t)queue;
	policy->nr[queue]++;
	hec_list_add(policy->records, HEC_LINK_QUEUE, policy->end + queue, n);
}

void hec_queue_del(struct hec_policy *policy, uint32_t n)
{
	policy->nr[policy->records[n].queue & HEC_QUEUE_MASK]--;
	hec_list_del(policy->records, HEC_LINK_QUEUE, n);
}

void hec_policy_trim_past(struct hec_policy *policy)
{
	struct hec_ghost_lists *past = &policy->past;
	const uint32_t *nr = past->nr;
	uint32_t room = hec_policy_pages(policy) + 1;

	/* As a rule; and the free frames' count is every processor's. */
	if ((!policy->most || room <= policy->most) &&
	    nr[HEC_GHOST_UP] + nr[HEC_GHOST_OUT1] + nr[HEC_GHOST_OUT2] <=
		    HEC_GHOSTS_OF(room))
		return;
	room = hec_policy_room(policy, 1);
	while (nr[HEC_GHOST_UP] + nr[HEC_GHOST_OUT1] + nr[HEC_GHOST_OUT2] >
	       HEC_GHOSTS_OF(room)) {
		enum hec_ghost_kind kind = HEC_GHOST_UP;

		if (nr[HEC_GHOST_OUT1] + nr[HEC_GHOST_OUT2] > room / 2)
			kind = nr[HEC_GHOST_OUT1] >= nr[HEC_GHOST_OUT2]
				       ? HEC_GHOST_OUT1
				       : HEC_GHOST_OUT2;
		hec_ghost_forget(policy->ghosts, past, kind);
	}
}

void hec_policy_handed_up(struct hec_policy *policy, uint64_t hash,
			  uint32_t uses)
{
	hec_ghost_add(policy->ghosts, &policy->past, HEC_GHOST_UP, hash, uses);
	hec_policy_trim_past(policy);
}

void hec_policy_admit(struct hec_policy *policy, uint32_t n, uint64_t hash)
{
	switch (policy->kind) {
	case HEC_POLICY_S3FIFO:
		hec_s3fifo_admit(policy, n, hash);
		break;
	case HEC_POLICY_LRU:
		hec_queue_add(policy, 0, n);
		break;
	case HEC_POLICY_ARC:
		hec_arc_admit(policy, n, hash);
		break;
	}
}

void hec_policy_keep(struct hec_policy *policy, uint32_t n)
{
	hec_queue_add(policy, HEC_QUEUE_KEPT, n);
}

void hec_policy_use(struct hec_policy *policy, uint32_t n)
{
	struct hec_record *record = &policy->records[n];

	if (record->queue == HEC_QUEUE_KEPT)
		return;
	switch (policy->kind) {
	case HEC_POLICY_S3FIFO:
		if (record->queue / HEC_QUEUE_USE < HEC_GHOST_USES_MAX)
			record->queue =
				(uint8_t)(record->queue + HEC_QUEUE_USE);
		break;
	case HEC_POLICY_LRU:
		hec_queue_del(policy, n);
		hec_queue_add(policy, 0, n);
		break;
	case HEC_POLICY_ARC:
		hec_queue_del(policy, n);
		hec_queue_add(policy, 1, n);
		break;
	}
}

void hec_policy_miss(struct hec_policy *policy, uint64_t hash)
{
	switch (policy->kind) {
	case HEC_POLICY_S3FIFO:
		hec_s3fifo_miss(policy, hash);
		break;
	case HEC_POLICY_LRU:
		break;
	case HEC_POLICY_ARC:
		hec_arc_miss(policy, hash);
		break;
	}
}

/* Forgets a little of what another policy has left behind. */
static void forget_other(struct hec_policy *policy)
{
	static const uint32_t used[] = {
		[HEC_POLICY_S3FIFO] = 1u << HEC_GHOST_UP | 1u << HEC_GHOST_OUT1,
		[HEC_POLICY_LRU] = 0,
		[HEC_POLICY_ARC] = (1u << HEC_NR_GHOSTS) - 1,
	};
	uint32_t kind;

	for (kind = 0; kind < HEC_NR_GHOSTS; kind++)
		if (!(used[policy->kind] >> kind & 1) && policy->past.nr[kind])
			hec_ghost_forget(policy->ghosts, &policy->past,
					 (enum hec_ghost_kind)kind);
}

static void evicted(struct hec_policy *policy, uint32_t queue, uint64_t hash)
{
	forget_other(policy);
	switch (policy->kind) {
	case HEC_POLICY_S3FIFO:
		hec_s3fifo_evicted(policy, queue, hash);
		break;
	case HEC_POLICY_LRU:
		break;
	case HEC_POLICY_ARC:
		hec_arc_evicted(policy, queue, hash);
		break;
	}
}

void hec_policy_leave(struct hec_policy *policy, uint32_t n, uint64_t hash,
		      enum hec_leave why)
{
	uint32_t queue = policy->records[n].queue & HEC_QUEUE_MASK;
	uint32_t uses = policy->records[n].queue / HEC_QUEUE_USE;

	hec_queue_del(policy, n);
	if (queue == HEC_QUEUE_KEPT)
		return;
	if (why == HEC_LEAVE_EVICTED)
		evicted(policy, queue, hash);
	else if (why == HEC_LEAVE_HANDED_UP && policy->kind != HEC_POLICY_LRU)
		hec_policy_handed_up(policy, hash,
				     uses < HEC_GHOST_USES_MAX ? uses + 1
							       : uses);
}

void hec_policy_forget(struct hec_policy *policy, uint64_t hash)
{
	uint32_t uses;

	hec_ghost_take(policy->ghosts, &policy->past, hash, &uses);
}

uint32_t hec_policy_victim(struct hec_policy *policy)
{
	if (!hec_policy_pages(policy))
		return HEC_NO_RECORD;
	switch (policy->kind) {
	case HEC_POLICY_S3FIFO:
		return hec_s3fifo_victim(policy);
	case HEC_POLICY_ARC:
		return hec_arc_victim(policy);
	case HEC_POLICY_LRU:
		break;
	}
	/* Queue 1 is what another policy has left behind. */
	return hec_queue_oldest(policy, policy->nr[1] ? 1 : 0);
}
