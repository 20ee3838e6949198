/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the policies share: a client's queues of pages, and its past.
 *
 * The newest page of a queue follows the sentinel; the oldest is before it.  The
 * past is lists of ghosts (table/ghost.h).  Their number is limited by the number
 * of pages (HEC_GHOSTS_OF).
 *
 * All of it is under the client's lock, [client].
 */
#ifndef HEC_QUEUES_H
#define HEC_QUEUES_H

#include <hecache/hecache.h>

#include "../base/record.h"
#include "../table/frames.h"
#include "../table/ghost.h"

#define HEC_NR_QUEUES 3
#define HEC_QUEUE_KEPT 2 /* persistent pages, which no policy sees */
/* Records from the ends of one client's queues to those of the next client. */
#define HEC_QUEUE_ENDS (HEC_NR_QUEUES - 1 + HEC_RECORDS_APART)

/*
 * How many ghosts a client of so many pages may have: 3/2 for each page.  More do
 * not fit into 64 bytes of metadata a page.  Where that is not enough, keys that
 * were handed up come first, up to one for each page.  At least 1/2 for each page is
 * left for evicted keys.  A VM needs both if its memory is as large as its part of
 * the cache.
 */
#define HEC_GHOSTS_OF(pages) ((pages) + (pages) / 2)

/* hec_record.queue: which queue, and how often a get that keeps used it. */
#define HEC_QUEUE_MASK 0x0fu
#define HEC_QUEUE_USE 0x10u

struct hec_policy {
	struct hec_record *records; /* [const] */
	struct hec_ghosts *ghosts; /* [const] */
	const struct hec_frames *frames; /* [const] */
	uint32_t end; /* [const] sentinel of queue 0; the others follow it */

	enum hec_policy_kind kind; /* [client]: this and all that follow */
	uint32_t most; /* pages that the client may have; 0: no limit */
	uint64_t target; /* ARC: p, pages * 2^16 */
	/* Pages in each queue.  On another line: misses read the fields above. */
	uint32_t nr[HEC_NR_QUEUES] __attribute__((aligned(64)));
	struct hec_ghost_lists past;
};

/* Pages that the policy sees: all but those that are never evicted. */
static inline uint32_t hec_policy_pages(const struct hec_policy *policy)
{
	return policy->nr[0] + policy->nr[1];
}

/*
 * How many pages the client could hold if nobody else paid: c of the papers.
 * @leaving: 1 if a page is just leaving and still counts, else 0.
 */
static inline uint32_t hec_policy_room(const struct hec_policy *policy,
				       uint32_t leaving)
{
	uint32_t room = hec_policy_pages(policy) + leaving +
			hec_env_peek(policy->frames->nr_free);

	return policy->most && policy->most < room ? policy->most : room;
}

/* Empty queues and no past; the const fields are set. */
void hec_queues_init(struct hec_policy *policy, uint32_t client);

/* True if the counts fit the lists. [client] */
static inline bool hec_queues_are_valid(const struct hec_policy *policy)
{
	uint32_t i;

	for (i = 0; i < HEC_NR_QUEUES; i++)
		if (hec_list_empty(policy->records, HEC_LINK_QUEUE,
				   policy->end + i) != !policy->nr[i])
			return false;
	return true;
}

/* The oldest page of a queue that is not empty. */
static inline uint32_t hec_queue_oldest(const struct hec_policy *policy,
					uint32_t queue)
{
	hec_env_assert_held(policy->past.lock);
	hec_env_assert(policy->nr[queue]);
	return policy->records[policy->end + queue].link[HEC_LINK_QUEUE].prev;
}

/* Makes @n, which is in no queue, the newest of @queue. */
static inline void hec_queue_add(struct hec_policy *policy, uint32_t queue,
				 uint32_t n)
{
	hec_env_assert_held(policy->past.lock);
	hec_env_assert((queue & HEC_QUEUE_MASK) < HEC_NR_QUEUES);
	policy->records[n].queue = (uint8_t)queue;
	hec_env_write_once(policy->nr[queue], policy->nr[queue] + 1);
	hec_list_add(policy->records, HEC_LINK_QUEUE, policy->end + queue, n);
}

static inline void hec_queue_del(struct hec_policy *policy, uint32_t n)
{
	uint32_t *nr = &policy->nr[policy->records[n].queue & HEC_QUEUE_MASK];

	hec_env_assert_held(policy->past.lock);
	hec_env_assert(*nr);
	hec_env_write_once(*nr, *nr - 1);
	hec_list_del(policy->records, HEC_LINK_QUEUE, n);
}

static inline uint32_t hec_past_length(const struct hec_policy *policy)
{
	const uint32_t *nr = policy->past.nr;

	return nr[HEC_GHOST_UP] + nr[HEC_GHOST_OUT1] + nr[HEC_GHOST_OUT2];
}

/*
 * How many ghosts one operation forgets of a list, at the most.  An operation adds
 * one ghost.  So a past that has become too long gets shorter with each operation.
 */
#define HEC_PAST_STEP 2u

/* If a list has more than @most ghosts, forgets some of them. */
void hec_past_shorten(struct hec_policy *policy, enum hec_ghost_kind kind,
		      uint32_t most);

/* A page is leaving.  Forgets some ghosts, if there are more than its room allows. */
void hec_past_forget_some(struct hec_policy *policy);

/* The same.  The usual case does without nr_free, which all processors write. */
static inline void hec_past_trim(struct hec_policy *policy)
{
	uint32_t room = hec_policy_pages(policy) + 1;

	hec_env_assert_held(policy->past.lock);
	if ((policy->most && room > policy->most) ||
	    hec_past_length(policy) > HEC_GHOSTS_OF(room))
		hec_past_forget_some(policy);
}

/* How many ghosts the client has beyond those that its pages allow. */
uint32_t hec_past_excess(const struct hec_policy *policy);

/* Forgets @steps of these at the most. */
void hec_past_forget_excess(struct hec_policy *policy, uint32_t steps);

/*
 * The VM has the key's page now.  Remembers that, and how often the key was used.
 * If there are too many ghosts then, forgets some.
 */
void hec_past_handed_up(struct hec_policy *policy, uint64_t hash,
			uint32_t uses);

#endif
