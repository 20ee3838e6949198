/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi, "FIFO queues are all you need for
 * cache eviction", SOSP 2023), and its exclusive form.
 *
 *     put -----------------> small (10 %) ---+--> evicted, to ghosts OUT1
 *       \                                    |
 *        if it came back --> main (90 %) <---+ if used more than once
 *                             |  ^
 *                             |  +-- if used at all
 *                             +----> evicted
 *
 * Most new keys never come back.  The small queue lets them go before they push
 * out pages that do.  A key has come back if it is a ghost: either it was evicted
 * from the small queue not long ago, or the VM got it from the cache and has now
 * evicted it.
 *
 * In the paper a page counts its hits, up to three, while it stays in its queue.
 * Where a get removes, the count goes with the key.  When the page is handed up,
 * the count, one more now, goes to the ghost in UP.  When the page is put again, it
 * goes into the main queue with that count.  A key that is missed while it is a ghost
 * goes to UP too, with its count: the VM now reads the page from the disk, and may
 * keep it long.  To forget such keys costs most where VM and cache are of like size.
 *
 * Deviations from the paper:
 *  1 The exclusive form, as above.  Where gets keep, it is the paper's.
 *  2 The small queue's share is of what the client holds now, which changes.
 *  3 The caller limits how many pages are looked at for a victim, because others
 *    wait for the lock.  After that many the page that was looked at last goes.
 */
#include "s3fifo.h"

#define SMALL 0
#define MAIN 1
#define SMALL_DIVISOR 10

static void add_to_main(struct hec_policy *policy, uint32_t n, uint32_t uses)
{
	hec_env_assert(uses <= HEC_GHOST_USES_MAX);
	hec_queue_add(policy, MAIN, n);
	policy->records[n].queue = (uint8_t)(MAIN + uses * HEC_QUEUE_USE);
}

void hec_s3fifo_admit(struct hec_policy *policy, uint32_t n, uint64_t hash)
{
	uint32_t uses;
	enum hec_ghost_kind was =
		hec_ghost_take(policy->ghosts, &policy->past, hash, &uses);

	hec_env_assert_held(policy->past.lock);
	if (was == HEC_GHOST_NONE)
		hec_queue_add(policy, SMALL, n);
	else
		add_to_main(policy, n, uses);
}

void hec_s3fifo_use(struct hec_policy *policy, uint32_t n)
{
	struct hec_record *record = &policy->records[n];

	hec_env_assert_held(policy->past.lock);
	if (record->queue / HEC_QUEUE_USE < HEC_GHOST_USES_MAX)
		record->queue = (uint8_t)(record->queue + HEC_QUEUE_USE);
}

void hec_s3fifo_miss(struct hec_policy *policy, uint64_t hash)
{
	uint32_t uses;

	hec_env_assert_held(policy->past.lock);
	if (hec_ghost_take(policy->ghosts, &policy->past, hash, &uses) !=
	    HEC_GHOST_NONE)
		hec_past_handed_up(policy, hash, uses);
}

void hec_s3fifo_evicted(struct hec_policy *policy, uint32_t queue,
			uint64_t hash)
{
	struct hec_ghost_lists *past = &policy->past;
	uint32_t room = hec_policy_room(policy, 1);
	uint32_t most = room - room / SMALL_DIVISOR;

	hec_env_assert_held(policy->past.lock);
	if (queue == SMALL)
		hec_ghost_add(policy->ghosts, past, HEC_GHOST_OUT1, hash, 0);
	hec_past_shorten(policy, HEC_GHOST_OUT1, most);
	hec_past_trim(policy);
}

static bool small_is_due(const struct hec_policy *policy)
{
	uint32_t share = hec_policy_pages(policy) / SMALL_DIVISOR;

	return !policy->nr[MAIN] || policy->nr[SMALL] > share;
}

uint32_t hec_s3fifo_victim(struct hec_policy *policy, uint32_t steps)
{
	uint32_t n;

	hec_env_assert_held(policy->past.lock);
	hec_env_assert(hec_policy_pages(policy));
	do {
		uint32_t queue = small_is_due(policy) ? SMALL : MAIN, uses;

		n = hec_queue_oldest(policy, queue);
		uses = policy->records[n].queue / HEC_QUEUE_USE;
		if (queue == SMALL ? uses <= 1 : !uses)
			break;
		hec_queue_del(policy, n);
		add_to_main(policy, n, queue == MAIN ? uses - 1 : 0);
	} while (--steps);
	return n;
}
