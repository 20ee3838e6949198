// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a target's writes are followed.
 *
 * A write that is in flight must be known to whoever makes a link or puts a page
 * (block.c).  While a target has no pool nobody does either, and then a write costs
 * no more than to be counted.  But it may still be in flight when a pool is to be had.
 * So the session first has all writes followed that begin from then on, and makes the
 * pool when none is left of those that were only counted.
 *
 *     session:  followed = true -> grace period -> none counted? -> pool
 *     write:    RCU { followed? else count } ... disk ... uncount
 *
 * The last one that is uncounted calls the session, which did not wait.
 */
#include "follow.h"

#include <linux/workqueue.h>

#include "live.h"

/* A write begins: true if it is to be followed, else it is counted. */
bool hec_follow_write(struct hec_target *t)
{
	bool followed;

	rcu_read_lock();
	followed = READ_ONCE(t->followed);
	if (!followed)
		atomic_inc(&t->unfollowed);
	rcu_read_unlock();
	return followed;
}

/* A write that was counted has completed.  Often in an interrupt. */
void hec_follow_uncounted(struct hec_target *t)
{
	if (atomic_dec_and_test(&t->unfollowed) && READ_ONCE(t->followed))
		mod_delayed_work(system_wq, &hec_live_work, 0);
}

/*
 * Every write that begins from here on is followed; true if every one in flight is.
 * The caller has the session's mutex, here and below.
 */
bool hec_follow_begin(struct hec_target *t)
{
	if (!t->followed) {
		WRITE_ONCE(t->followed, true);
		synchronize_rcu();
	}
	return !atomic_read(&t->unfollowed);
}

/* The target has no pool, and no reader believes so; it has no link either. */
void hec_follow_end(struct hec_target *t)
{
	WRITE_ONCE(t->followed, false);
}
