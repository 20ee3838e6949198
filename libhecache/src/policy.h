/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Replacement: which page of a client goes first.
 *
 * A policy keeps a client's pages in queues and its past in ghosts, and returns
 * verdicts; only the cache acts on them.  All of it is under the client's lock.
 *
 * In an exclusive cache a get removes the page, so "a hit moves to the front"
 * does not exist.  What a policy can learn from is what comes back: a key that
 * was handed up (ghost list UP) or evicted (OUT1, OUT2) and is put again.
 * Pools whose get keeps use the published forms of the same policies; a client
 * may have pools of both kinds.
 *
 *   LRU     exclusive: one queue in the order of puts, the oldest goes.  Under
 *           a VM that evicts in LRU order the two are one LRU stack (Lu & Shen,
 *           USENIX ATC 2007).  A get that keeps moves the page to the front.
 *   ARC     arc.c
 *   S3FIFO  s3fifo.c
 */
#ifndef HEC_POLICY_H
#define HEC_POLICY_H

#include <hecache/hecache.h>

#include "frames.h"
#include "ghost.h"
#include "record.h"

#define HEC_NR_QUEUES 3
#define HEC_QUEUE_KEPT 2 /* persistent pages: no policy sees them */
/* From the ends of one client's queues to those of the next. */
#define HEC_QUEUE_ENDS (HEC_NR_QUEUES - 1 + HEC_RECORDS_APART)

/*
 * Ghosts that there is room for, for each page a client may hold: 3/2, which is
 * what 64 bytes of metadata a page leave.  Where that is not enough, keys that
 * were handed up come first, up to one for each page, and evicted ones keep a
 * half: a VM with as much memory as its client has here needs both.
 */
#define HEC_GHOSTS_OF(pages) ((pages) + (pages) / 2)

/* Why a page leaves. */
enum hec_leave {
	HEC_LEAVE_HANDED_UP, /* a get took it: the VM has it now */
	HEC_LEAVE_DROPPED, /* flushed or replaced: its content is void */
	HEC_LEAVE_EVICTED, /* for want of room */
};

/* hec_record.queue: which queue, and how often a get that keeps used it. */
#define HEC_QUEUE_MASK 0x0fu
#define HEC_QUEUE_USE 0x10u

struct hec_policy {
	struct hec_record *records; /* [const] */
	struct hec_ghosts *ghosts; /* [const] */
	const struct hec_frames *frames; /* [const] */
	uint32_t end; /* [const] sentinel of queue 0; the others follow it */

	enum hec_policy_kind kind; /* [client] this and the rest */
	uint32_t most; /* pages that the client may have; 0: no limit */
	/* Pages in each queue.  Misses read the above, with no lock. */
	uint32_t nr[HEC_NR_QUEUES] __attribute__((aligned(64)));
	struct hec_ghost_lists past;
	uint64_t target; /* ARC: p, pages * 2^16 */
};

bool hec_policy_kind_is_valid(enum hec_policy_kind kind);

/* From now on another policy, with the same pages and the same past. */
void hec_policy_switch(struct hec_policy *policy, enum hec_policy_kind kind);

/* Empty queues and no past; the const fields are set. */
void hec_policy_init(struct hec_policy *policy, enum hec_policy_kind kind,
		     uint32_t client);

/* Page @n, whose key hashes to @hash, has been put. */
void hec_policy_admit(struct hec_policy *policy, uint32_t n, uint64_t hash);

/* The same for a page that is never evicted. */
void hec_policy_keep(struct hec_policy *policy, uint32_t n);

/* Page @n was got and stays. */
void hec_policy_use(struct hec_policy *policy, uint32_t n);

/*
 * True if the policy remembers the key: then hec_policy_miss() and
 * hec_policy_forget() have something to do.  Context: any; without the client's
 * lock the answer may be old.
 */
static inline bool hec_policy_remembers(const struct hec_policy *policy,
					uint64_t hash)
{
	return hec_env_peek(policy->kind) != HEC_POLICY_LRU &&
	       hec_ghost_is_there(policy->ghosts, &policy->past, hash);
}

/* A get did not find the key, whose page the VM will have from elsewhere. */
void hec_policy_miss(struct hec_policy *policy, uint64_t hash);

/* Page @n leaves. */
void hec_policy_leave(struct hec_policy *policy, uint32_t n, uint64_t hash,
		      enum hec_leave why);

/* The key's content is void, and no page of it is cached: its past too. */
void hec_policy_forget(struct hec_policy *policy, uint64_t hash);

/* The page that should go, or HEC_NO_RECORD if there is none. */
uint32_t hec_policy_victim(struct hec_policy *policy);

/* For the policies themselves. */

static inline uint32_t hec_policy_pages(const struct hec_policy *policy)
{
	return policy->nr[0] + policy->nr[1];
}

/*
 * What the client could hold without anybody's paying: c of the papers.  A page
 * that is just leaving counts with it (@leaving).
 */
static inline uint32_t hec_policy_room(const struct hec_policy *policy,
				       uint32_t leaving)
{
	uint32_t room = hec_policy_pages(policy) + leaving +
			hec_env_peek(policy->frames->nr_free);

	return policy->most && policy->most < room ? policy->most : room;
}

/* The oldest page of a queue that is not empty. */
static inline uint32_t hec_queue_oldest(const struct hec_policy *policy,
					uint32_t queue)
{
	return policy->records[policy->end + queue].link[HEC_LINK_QUEUE].prev;
}

/* Makes @n, which is in no queue, the newest of @queue. */
void hec_queue_add(struct hec_policy *policy, uint32_t queue, uint32_t n);
void hec_queue_del(struct hec_policy *policy, uint32_t n);

/* s3fifo.c and arc.c: as the functions above. */
void hec_s3fifo_admit(struct hec_policy *policy, uint32_t n, uint64_t hash);
void hec_s3fifo_miss(struct hec_policy *policy, uint64_t hash);
void hec_s3fifo_evicted(struct hec_policy *policy, uint32_t queue,
			uint64_t hash);
uint32_t hec_s3fifo_victim(struct hec_policy *policy);
void hec_arc_admit(struct hec_policy *policy, uint32_t n, uint64_t hash);
void hec_arc_use(struct hec_policy *policy, uint32_t n);
void hec_arc_miss(struct hec_policy *policy, uint64_t hash);
void hec_arc_evicted(struct hec_policy *policy, uint32_t queue, uint64_t hash);
uint32_t hec_arc_victim(struct hec_policy *policy);

/* Forgets what is beyond the room for ghosts; a page has just left. */
void hec_policy_trim_past(struct hec_policy *policy);

/*
 * The VM has the key's page now: remembers that, and how often the key was used,
 * within the room for ghosts.
 */
void hec_policy_handed_up(struct hec_policy *policy, uint64_t hash,
			  uint32_t uses);

#endif
