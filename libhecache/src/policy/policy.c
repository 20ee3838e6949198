/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The choice between the policies.
 *
 * It is a switch and not a table of functions: indirect calls are slow where
 * they must be guarded against speculation.  The last case is the default too, so
 * that there is no way past a switch that does nothing.
 */
#include "policy.h"

#include "arc.h"
#include "lru.h"
#include "s3fifo.h"

void hec_policy_init(struct hec_policy *policy, enum hec_policy_kind kind,
		     uint32_t client)
{
	hec_env_write_once(policy->kind, kind);
	policy->target = 0;
	hec_queues_init(policy, client);
}

void hec_policy_switch(struct hec_policy *policy, enum hec_policy_kind kind)
{
	hec_env_assert_held(policy->past.lock);
	if (policy->kind == kind)
		return;
	hec_env_write_once(policy->kind, kind);
	policy->target = 0;
}

void hec_policy_admit(struct hec_policy *policy, uint32_t n, uint64_t hash)
{
	hec_env_assert_held(policy->past.lock);
	hec_env_assert(hec_queues_are_valid(policy));
	switch (policy->kind) {
	case HEC_POLICY_S3FIFO:
		hec_s3fifo_admit(policy, n, hash);
		break;
	case HEC_POLICY_LRU:
		hec_lru_admit(policy, n);
		break;
	case HEC_POLICY_ARC:
	default:
		hec_arc_admit(policy, n, hash);
		break;
	}
}

void hec_policy_keep(struct hec_policy *policy, uint32_t n)
{
	hec_env_assert_held(policy->past.lock);
	hec_env_assert(hec_queues_are_valid(policy));
	hec_queue_add(policy, HEC_QUEUE_KEPT, n);
}

void hec_policy_use(struct hec_policy *policy, uint32_t n)
{
	hec_env_assert_held(policy->past.lock);
	hec_env_assert(hec_queues_are_valid(policy));
	if (policy->records[n].queue == HEC_QUEUE_KEPT)
		return;
	switch (policy->kind) {
	case HEC_POLICY_S3FIFO:
		hec_s3fifo_use(policy, n);
		break;
	case HEC_POLICY_LRU:
		hec_lru_use(policy, n);
		break;
	case HEC_POLICY_ARC:
	default:
		hec_arc_use(policy, n);
		break;
	}
}

void hec_policy_miss(struct hec_policy *policy, uint64_t hash)
{
	hec_env_assert_held(policy->past.lock);
	switch (policy->kind) {
	case HEC_POLICY_S3FIFO:
		hec_s3fifo_miss(policy, hash);
		break;
	case HEC_POLICY_LRU:
		break;
	case HEC_POLICY_ARC:
	default:
		hec_arc_miss(policy, hash);
		break;
	}
}

/* Forgets a few ghosts that another policy has left behind. */
static void forget_other(struct hec_policy *policy)
{
	static const uint32_t used[] = {
		[HEC_POLICY_S3FIFO] = 1u << HEC_GHOST_UP | 1u << HEC_GHOST_OUT1,
		[HEC_POLICY_LRU] = 0,
		[HEC_POLICY_ARC] = (1u << HEC_NR_GHOSTS) - 1,
	};
	uint32_t kind;

	hec_env_assert_held(policy->past.lock);
	for (kind = 0; kind < HEC_NR_GHOSTS; kind++)
		if (!(used[policy->kind] >> kind & 1) && policy->past.nr[kind])
			hec_ghost_forget(policy->ghosts, &policy->past,
					 (enum hec_ghost_kind)kind);
}

static void evicted(struct hec_policy *policy, uint32_t queue, uint64_t hash)
{
	hec_env_assert_held(policy->past.lock);
	forget_other(policy);
	switch (policy->kind) {
	case HEC_POLICY_S3FIFO:
		hec_s3fifo_evicted(policy, queue, hash);
		break;
	case HEC_POLICY_LRU:
		break;
	case HEC_POLICY_ARC:
	default:
		hec_arc_evicted(policy, queue, hash);
		break;
	}
}

void hec_policy_leave(struct hec_policy *policy, uint32_t n, uint64_t hash,
		      enum hec_leave why)
{
	uint32_t queue = policy->records[n].queue & HEC_QUEUE_MASK;
	uint32_t uses = policy->records[n].queue / HEC_QUEUE_USE;

	hec_env_assert_held(policy->past.lock);
	hec_env_assert(hec_queues_are_valid(policy));
	hec_queue_del(policy, n);
	if (queue == HEC_QUEUE_KEPT)
		return;
	if (why == HEC_LEAVE_EVICTED)
		evicted(policy, queue, hash);
	else if (why == HEC_LEAVE_HANDED_UP && policy->kind != HEC_POLICY_LRU)
		hec_past_handed_up(policy, hash,
				   uses < HEC_GHOST_USES_MAX ? uses + 1 : uses);
}

void hec_policy_forget(struct hec_policy *policy, uint64_t hash)
{
	uint32_t uses;

	hec_env_assert_held(policy->past.lock);
	hec_ghost_take(policy->ghosts, &policy->past, hash, &uses);
}

uint32_t hec_policy_victim(struct hec_policy *policy, uint32_t steps)
{
	hec_env_assert_held(policy->past.lock);
	if (!hec_policy_pages(policy))
		return HEC_NO_RECORD;
	switch (policy->kind) {
	case HEC_POLICY_S3FIFO:
		return hec_s3fifo_victim(policy, steps);
	case HEC_POLICY_LRU:
		return hec_lru_victim(policy);
	case HEC_POLICY_ARC:
	default:
		return hec_arc_victim(policy);
	}
}
