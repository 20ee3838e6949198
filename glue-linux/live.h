/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the session is to those who work in it: whether it is live, which targets
 * take part, and calls whose answers can end it.  session.c begins it and ends it.
 */
#ifndef HEC_LIVE_H
#define HEC_LIVE_H

#include "guest.h"

extern bool hec_live; /* a session stands; cleared first when it ends */
extern u64 hec_live_features; /* that the hypervisor has, too */
extern struct delayed_work hec_live_work; /* session.c's: looks after it */

int hec_live_add(struct hec_target *t);
void hec_live_remove(struct hec_target *t);
bool hec_live_is_wanted(void);
struct hec_target *hec_live_target(u32 slot);
struct hec_target *hec_live_next(unsigned long *slot);
u64 hec_live_call(u64 cmd, u64 pool, u64 index, u64 arg);
void hec_live_answer(u64 result);
void hec_live_doubt(struct hec_target *t);

/*
 * True while the target may use its pool.  Whoever asks holds rcu_read_lock()
 * (or has interrupts off) until it has used the answer.
 */
static inline bool hec_caching(const struct hec_target *t)
{
	return READ_ONCE(hec_live) && smp_load_acquire(&t->has_pool) &&
	       !READ_ONCE(t->doubted);
}

#endif
