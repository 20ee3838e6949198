/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Replacement: which page of a client goes first.
 *
 * A policy keeps a client's pages in queues and its past in ghosts.  It says which
 * page should go; the cache then does it.  All of it is under the client's lock.
 *
 * In an exclusive cache a get removes the page, so no hit can move it to the
 * front.  A policy learns from keys that come back instead: a key was handed up
 * (ghost list UP) or evicted (OUT1, OUT2), and is put again.  Where gets keep, the
 * policies have their published forms.  A client may have pools of both kinds.
 *
 * Each policy has a file: lru.c, arc.c, s3fifo.c.
 */
#ifndef HEC_POLICY_H
#define HEC_POLICY_H

#include "queues.h"

/* Why a page leaves. */
enum hec_leave {
	HEC_LEAVE_HANDED_UP, /* a get took it: the VM has it now */
	HEC_LEAVE_DROPPED, /* flushed or replaced: its content is not valid */
	HEC_LEAVE_EVICTED, /* there was no room for it */
};

/* Changes the policy; pages and past stay as they are. */
void hec_policy_switch(struct hec_policy *policy, enum hec_policy_kind kind);

/* Empty queues and no past.  The const fields must be set already. */
void hec_policy_init(struct hec_policy *policy, enum hec_policy_kind kind,
		     uint32_t client);

/* Page @n, whose key hashes to @hash, has been put. */
void hec_policy_admit(struct hec_policy *policy, uint32_t n, uint64_t hash);

/* The same, for a page that is never evicted. */
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

/* A get missed the key.  The VM will read the page from its disk. */
void hec_policy_miss(struct hec_policy *policy, uint64_t hash);

/* Page @n leaves. */
void hec_policy_leave(struct hec_policy *policy, uint32_t n, uint64_t hash,
		      enum hec_leave why);

/* Forgets a key whose content is not valid any more.  It has no page here. */
void hec_policy_forget(struct hec_policy *policy, uint64_t hash);

/*
 * The page that should go, or HEC_NO_RECORD: there is none.  Bound: @steps pages,
 * at least one, are looked at.  If none of them should go, the last of them does.
 */
uint32_t hec_policy_victim(struct hec_policy *policy, uint32_t steps);

#endif
