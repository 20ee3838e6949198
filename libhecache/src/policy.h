/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Replacement: which page of a client goes first.
 *
 * A policy keeps a client's pages in queues and returns verdicts; only the
 * cache acts on them.  Everything here is under the client's lock.
 *
 * In an exclusive cache a get removes the page, so there is no "hit moves to
 * the front": what a policy learns from is what comes in, and what had been
 * handed up and comes back.
 *
 *   LRU   E-LRU: one queue, ordered by put; the oldest goes.  Below a VM that
 *         evicts in LRU order the two are one LRU stack (Lu & Shen, 2007).
 */
#ifndef HEC_POLICY_H
#define HEC_POLICY_H

#include <hecache/hecache.h>

#include "record.h"

#define HEC_NR_QUEUES 2 /* the most that a policy uses */

/* Why a page leaves. */
enum hec_leave {
	HEC_LEAVE_HANDED_UP, /* a get took it: the VM has it now */
	HEC_LEAVE_DROPPED, /* flushed or replaced: its content is void */
	HEC_LEAVE_EVICTED, /* for want of room */
};

/* All [client]. */
struct hec_policy {
	enum hec_policy_kind kind;
	uint32_t end; /* sentinel of queue 0; the others follow it */
	uint32_t nr[HEC_NR_QUEUES]; /* pages in each queue */
};

bool hec_policy_kind_is_valid(enum hec_policy_kind kind);

/* Empty queues, whose sentinels are records @end and following. */
void hec_policy_init(struct hec_policy *policy, struct hec_record *records,
		     enum hec_policy_kind kind, uint32_t end);

/* Page @n has been put. */
void hec_policy_admit(struct hec_policy *policy, struct hec_record *records,
		      uint32_t n);

/* Page @n leaves. */
void hec_policy_leave(struct hec_policy *policy, struct hec_record *records,
		      uint32_t n, enum hec_leave why);

/* The page that should go, or HEC_NO_RECORD if there is none. */
uint32_t hec_policy_victim(const struct hec_policy *policy,
			   const struct hec_record *records);

#endif
