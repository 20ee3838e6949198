/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Queues of pages and the past of a client, see queues.h.
 */
#include "queues.h"

void hec_queues_init(struct hec_policy *policy, uint32_t client)
{
	uint32_t i;

	for (i = 0; i < HEC_NR_QUEUES; i++) {
		hec_env_write_once(policy->nr[i], 0);
		hec_list_init(policy->records, HEC_LINK_QUEUE, policy->end + i);
	}
	hec_ghost_lists_init(&policy->past, client);
}

/* The list that should lose a ghost, when @room pages are what counts. */
static enum hec_ghost_kind longest(const struct hec_policy *policy,
				   uint32_t room)
{
	const uint32_t *nr = policy->past.nr;

	hec_env_assert_held(policy->past.lock);
	if (nr[HEC_GHOST_OUT1] + nr[HEC_GHOST_OUT2] <= room / 2)
		return HEC_GHOST_UP;
	return nr[HEC_GHOST_OUT1] >= nr[HEC_GHOST_OUT2] ? HEC_GHOST_OUT1
							: HEC_GHOST_OUT2;
}

/* Forgets ghosts beyond those that @room pages allow; @steps at the most. */
static void forget_beyond(struct hec_policy *policy, uint32_t room,
			  uint32_t steps)
{
	hec_env_assert_held(policy->past.lock);
	while (steps-- && hec_past_length(policy) > HEC_GHOSTS_OF(room))
		hec_ghost_forget(policy->ghosts, &policy->past,
				 longest(policy, room));
}

void hec_past_shorten(struct hec_policy *policy, enum hec_ghost_kind kind,
		      uint32_t most)
{
	uint32_t steps = HEC_PAST_STEP;

	hec_env_assert_held(policy->past.lock);
	while (steps-- && policy->past.nr[kind] > most)
		hec_ghost_forget(policy->ghosts, &policy->past, kind);
}

void hec_past_forget_some(struct hec_policy *policy)
{
	forget_beyond(policy, hec_policy_room(policy, 1), HEC_PAST_STEP);
}

uint32_t hec_past_excess(const struct hec_policy *policy)
{
	const uint32_t *nr = policy->past.nr;
	uint32_t ghosts = hec_env_peek(nr[HEC_GHOST_UP]) +
			  hec_env_peek(nr[HEC_GHOST_OUT1]) +
			  hec_env_peek(nr[HEC_GHOST_OUT2]);
	uint32_t pages =
		hec_env_peek(policy->nr[0]) + hec_env_peek(policy->nr[1]);

	return ghosts > HEC_GHOSTS_OF(pages) ? ghosts - HEC_GHOSTS_OF(pages)
					     : 0;
}

void hec_past_forget_excess(struct hec_policy *policy, uint32_t steps)
{
	forget_beyond(policy, hec_policy_pages(policy), steps);
}

void hec_past_handed_up(struct hec_policy *policy, uint64_t hash, uint32_t uses)
{
	hec_env_assert_held(policy->past.lock);
	hec_ghost_add(policy->ghosts, &policy->past, HEC_GHOST_UP, hash, uses);
	hec_past_trim(policy);
}
