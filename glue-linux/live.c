// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live session.
 *
 * Any call may find that the session is over: the hypervisor has no cache any
 * more, or does not know the pool, because this machine is another one's copy or
 * the cache was made anew.  From that answer on every target is a pass-through;
 * what there is to undo is left to session.c, for it has to wait.
 */
#include "live.h"

#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "call.h"

bool hec_live;
u64 hec_live_features;
struct delayed_work hec_live_work;

static DEFINE_XARRAY_ALLOC(targets); /* [session mutex, read with RCU] by slot */

/* Gives the target the slot by which links name it. */
int hec_live_add(struct hec_target *t)
{
	return xa_alloc(&targets, &t->slot, t, XA_LIMIT(1, HEC_SLOT_MAX),
			GFP_KERNEL);
}

/* The slot may be another's after a grace period. */
void hec_live_remove(struct hec_target *t)
{
	xa_erase(&targets, t->slot);
}

/* There is a target that wants to cache.  The caller has the session's mutex. */
bool hec_live_is_wanted(void)
{
	struct hec_target *t;
	unsigned long slot;

	xa_for_each(&targets, slot, t)
		if (t->wanted)
			return true;
	return false;
}

struct hec_target *hec_live_target(u32 slot)
{
	return xa_load(&targets, slot);
}

/* The first target from @slot on, which is then its slot; NULL: none. */
struct hec_target *hec_live_next(unsigned long *slot)
{
	return xa_find(&targets, slot, HEC_SLOT_MAX, XA_PRESENT);
}

static bool ends_session(u64 result)
{
	return hec_abi_absent(result) || result == (u64)HEC_ESTALE ||
	       result == (u64)HEC_EPERM;
}

/* An answer in the session.  Called anywhere, interrupts off included. */
void hec_live_answer(u64 result)
{
	if (likely(!ends_session(result)))
		return;
	WRITE_ONCE(hec_live, false);
	mod_delayed_work(system_wq, &hec_live_work, 0);
}

/*
 * What the target's pool and links tell may not be so any more.  The pool is not
 * used from here on; session.c drops both, and makes another one.  Called anywhere.
 */
void hec_live_doubt(struct hec_target *t)
{
	smp_store_mb(t->doubted, true);
	mod_delayed_work(system_wq, &hec_live_work, 0);
}

/* A call that belongs to the session: an answer from another one ends it. */
u64 hec_live_call(u64 cmd, u64 pool, u64 index, u64 arg)
{
	u64 result = hec_call(cmd, pool, index, arg);

	hec_live_answer(result);
	return result;
}
