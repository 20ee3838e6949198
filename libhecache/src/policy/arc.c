/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ARC (Megiddo, Modha, "ARC: a self-tuning, low overhead replacement cache",
 * FAST 2003), and its exclusive form.
 *
 * Queue T1 holds pages that have come once, T2 pages that have come back.  Ghosts
 * B1 (OUT1) and B2 (OUT2) remember what was evicted from each.  A miss on a ghost
 * of B1 shows that T1 was too small, so its target p grows.  A miss on a ghost of
 * B2 makes p smaller.
 *
 *     get   in T1, T2: exclusive: removed, key to UP; else: to the head of T2
 *           in B1:     p = min(c, p + max(1, |B2| / |B1|)), key to UP
 *           in B2:     p = max(0, p - max(1, |B1| / |B2|)), key to UP
 *     put   key in UP: T2, else T1
 *     evict T1's oldest to B1 if |T1| > p or T2 is empty, else T2's to B2
 *
 * c is what the client holds; |T1| + |B1| <= c, and all together <= 2c.
 *
 * Deviations from the paper:
 *  1 A ghost that is hit goes to UP, because the VM has the page now.  It stays
 *    there until the page is put.
 *  2 p has a fraction of 16 bits.  With whole steps the results are others.
 *  3 c changes: it is what the client can hold at the moment.
 */
#include "arc.h"

#define T1 0
#define T2 1
#define B1 HEC_GHOST_OUT1
#define B2 HEC_GHOST_OUT2
#define FRACTION 16

void hec_arc_admit(struct hec_policy *policy, uint32_t n, uint64_t hash)
{
	uint32_t uses;
	enum hec_ghost_kind was =
		hec_ghost_take(policy->ghosts, &policy->past, hash, &uses);

	hec_env_assert_held(policy->past.lock);
	hec_queue_add(policy, was == HEC_GHOST_UP ? T2 : T1, n);
	if (policy->past.nr[B1] &&
	    policy->nr[T1] + policy->past.nr[B1] > hec_policy_pages(policy))
		hec_ghost_forget(policy->ghosts, &policy->past, B1);
}

void hec_arc_use(struct hec_policy *policy, uint32_t n)
{
	hec_env_assert_held(policy->past.lock);
	hec_queue_del(policy, n);
	hec_queue_add(policy, T2, n);
}

/* max(1, a / b) as a fixed-point number; b is not 0. */
static uint64_t step(uint32_t a, uint32_t b)
{
	return a <= b ? 1ull << FRACTION : ((uint64_t)a << FRACTION) / b;
}

void hec_arc_miss(struct hec_policy *policy, uint64_t hash)
{
	const uint32_t *nr = policy->past.nr;
	uint32_t b1 = nr[B1], b2 = nr[B2];
	uint64_t most = (uint64_t)hec_policy_room(policy, 0) << FRACTION, by;
	uint32_t uses;
	enum hec_ghost_kind was =
		hec_ghost_take(policy->ghosts, &policy->past, hash, &uses);

	hec_env_assert_held(policy->past.lock);
	if (was == B1) {
		policy->target += step(b2, b1);
		if (policy->target > most)
			policy->target = most;
	} else if (was == B2) {
		by = step(b1, b2);
		policy->target -= by < policy->target ? by : policy->target;
	}
	if (was != HEC_GHOST_NONE)
		hec_past_handed_up(policy, hash, uses);
}

/* How many fit into @all when @others are there. */
static uint32_t up_to(uint32_t all, uint32_t others)
{
	return all > others ? all - others : 0;
}

void hec_arc_evicted(struct hec_policy *policy, uint32_t queue, uint64_t hash)
{
	struct hec_ghost_lists *past = &policy->past;
	uint32_t c = hec_policy_room(policy, 1);

	hec_env_assert_held(policy->past.lock);
	hec_ghost_add(policy->ghosts, past, queue == T1 ? B1 : B2, hash, 0);
	hec_past_shorten(policy, B1, up_to(c, policy->nr[T1]));
	hec_past_shorten(policy, B2, up_to(c, past->nr[B1]));
	hec_past_trim(policy);
}

uint32_t hec_arc_victim(const struct hec_policy *policy)
{
	uint64_t t1 = (uint64_t)policy->nr[T1] << FRACTION;

	hec_env_assert_held(policy->past.lock);
	hec_env_assert(hec_policy_pages(policy));
	if (policy->nr[T1] && (t1 > policy->target || !policy->nr[T2]))
		return hec_queue_oldest(policy, T1);
	return hec_queue_oldest(policy, T2);
}
