// SPDX-License-Identifier: GPL-2.0-only
/*
 * The session with the hypervisor, and each target's pool in it.
 *
 *               a target is made, or probe_secs passed
 *      none  ------------------------------------------>  live
 *        ^         HELLO, links, tracepoints, pools         |
 *        |                                                  | a call finds the
 *        +-----------------  lost  <------------------------+ cache gone or the
 *            worker: all undone,      at once: every target   pool unknown
 *            everything forgotten     is a pass-through
 *
 * HELLO ends all pools of the virtual machine, so there is one session for all
 * targets.  It begins with the first target that is not turned off and ends with the
 * last; without one the module says nothing to the hypervisor, keeps no table of links
 * and watches no tracepoint, and what it costs is told by `make bench-vm`.
 *
 * A target has a pool while it is resumed: a suspended one may come back to
 * another content of the disk.  Two targets must not be active on one part of
 * a disk, because each would miss the other's writes; that is refused.
 * Others who write to the disk are noticed (beside.c); those who write to what is
 * below it are not.
 *
 * A hibernated machine is resumed by another kernel, which writes to the disk
 * before this one runs again: no session from the freezing to the thaw.
 *
 * Readers of the session (hec_caching()) are in RCU read sections; whatever is
 * taken from them is gone after a grace period.  Whoever has the mutex allocates memory
 * with I/O forbidden, since that I/O may need a target that is suspended, which waits
 * for the mutex to be resumed.
 */
#include "session.h"

#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/suspend.h>
#include <linux/workqueue.h>

#include "beside.h"
#include "call.h"
#include "change.h"
#include "evict.h"
#include "follow.h"
#include "keep.h"
#include "link.h"
#include "live.h"
#include "present.h"
#include "swap.h"

static unsigned int probe_secs = 5;
module_param(probe_secs, uint, 0644);
MODULE_PARM_DESC(probe_secs,
		 "Seconds between looks for a cache while there is none");

#define STEPS_MAX (1u << 18) /* 4 TiB of pages */

static DEFINE_MUTEX(session);
static bool begun; /* [session] there is something to undo */
static bool held; /* [session] no session wanted now: hibernation */
static const char *no_session; /* [session] why; status reads it */
static LIST_HEAD(resumed); /* [session] of struct hec_target */

/* Whoever has the mutex allocates without I/O.  The answer is for unlock(). */
static unsigned int lock(void)
{
	mutex_lock(&session);
	return memalloc_noio_save();
}

static void unlock(unsigned int noio)
{
	memalloc_noio_restore(noio);
	mutex_unlock(&session);
}

/* A call that drops pages, some thousands at a time. */
static u64 call_in_steps(u64 cmd, u64 pool, u64 index)
{
	u32 steps = STEPS_MAX;
	u64 result;

	do {
		result = hec_call(cmd, pool, index, 0);
		cond_resched();
	} while (result == (u64)HEC_EAGAIN && --steps);
	return result;
}

/*
 * A target that gets no pool, because the machine has as many as it may, goes
 * without; the others keep theirs.
 */
static u64 pool_call(struct hec_target *t)
{
	u64 pool = hec_call(HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0);
	const char *why = NULL;

	if (pool == (u64)HEC_EPERM)
		why = "this machine has as many pools as it may have";
	else if (hec_abi_is_err(pool))
		why = "the host makes no pool now";
	WRITE_ONCE(t->no_pool, why);
	if (pool != (u64)HEC_EPERM)
		hec_live_answer(pool);
	return pool;
}

static void pool_new(struct hec_target *t)
{
	u64 pool;

	if (!begun || list_empty(&t->resumed))
		return;
	hec_keep_begin(t);
	if (t->pool_made || !t->wanted || atomic_read(&t->held_off) ||
	    !hec_follow_begin(t))
		return;
	pool = pool_call(t);
	if (hec_abi_is_err(pool))
		return;
	t->pool = pool;
	t->pool_made = true;
	smp_store_release(&t->has_pool, true);
}

static void pool_end(struct hec_target *t)
{
	u64 result;

	if (!t->pool_made)
		return;
	t->pool_made = false;
	WRITE_ONCE(t->has_pool, false);
	synchronize_rcu();
	result = call_in_steps(HEC_CMD_POOL_END, t->pool, 0);
	hec_live_answer(result);
	hec_present_forget(t);
}

/*
 * HELLO, with what the hypervisor knows of the features that help.  A machine that is
 * not admitted may be later: it asks again, as where there is no cache.
 */
static u64 hello(void)
{
	static const u64 wanted[] = {
		HEC_FEATURE_BATCH | HEC_FEATURE_SEQUENCE | HEC_FEATURE_UNASKED,
		HEC_FEATURE_BATCH | HEC_FEATURE_SEQUENCE,
		HEC_FEATURE_BATCH,
		0,
	};
	u64 result = (u64)HEC_EVERSION;
	int i;

	for (i = 0; result == (u64)HEC_EVERSION && i < ARRAY_SIZE(wanted);
	     i++) {
		hec_call_speak(wanted[i]);
		result = call_in_steps(HEC_CMD_HELLO, HEC_ABI_VERSION,
				       wanted[i]);
	}
	hec_live_features = result;
	return result;
}

/* What an answer to HELLO says, in words; NULL: welcome. */
static const char *unwelcome(u64 answer)
{
	if (!hec_abi_is_err(answer))
		return NULL;
	if (answer == (u64)HEC_EPERM)
		return "refused by the host's operator";
	if (answer == (u64)HEC_EVERSION)
		return "the host's cache is of another version";
	if (answer == (u64)HEC_ENOMEM)
		return "the host has no room for another machine";
	return "no cache on this host";
}

static int watch_pages(void)
{
	int error = hec_links_create();

	if (error)
		return error;
	error = hec_evict_register();
	if (error)
		goto fail_evict;
	error = hec_beside_register();
	if (error)
		goto fail_beside;
	error = hec_change_register();
	if (error)
		goto fail_change;
	hec_swap_register();
	return 0;

fail_change:
	hec_beside_unregister();
fail_beside:
	hec_evict_unregister();
fail_evict:
	hec_links_retire();
	synchronize_rcu();
	hec_links_destroy();
	return error;
}

/* Why no session can begin now, or NULL: all is there for it. */
static const char *session_prepare(void)
{
	const char *why = hec_call_impossible();

	if (!why)
		why = unwelcome(hello());
	if (!why && watch_pages())
		why = "this kernel lacks memory or tracepoints";
	return why;
}

static void session_begin(void)
{
	const char *why = session_prepare();

	WRITE_ONCE(no_session, why);
	if (why)
		return;
	begun = true;
	WRITE_ONCE(hec_live, true);
	pr_info("using the hypervisor's cache\n");
}

static void session_end(void)
{
	struct hec_target *t;

	if (!begun)
		return;
	begun = false;
	WRITE_ONCE(no_session, held ? "hibernating" : "the host's cache went");
	WRITE_ONCE(hec_live, false);
	list_for_each_entry(t, &resumed, resumed) {
		WRITE_ONCE(t->has_pool, false);
		t->pool_made = false;
		hec_keep_lose(t);
	}
	hec_links_retire();
	hec_swap_unregister();
	hec_evict_unregister();
	hec_change_unregister();
	hec_beside_unregister();
	synchronize_rcu();
	hec_links_destroy();
	list_for_each_entry(t, &resumed, resumed) {
		hec_present_forget(t);
		hec_follow_end(t);
	}
	pr_info("no cache: passing through\n");
}

/* Makes the pools that are wanted; false if the hypervisor made not all. */
static bool pools_update(void)
{
	struct hec_target *t;
	bool complete = true;

	list_for_each_entry(t, &resumed, resumed) {
		pool_new(t);
		complete = complete && (t->pool_made || !t->wanted);
	}
	return complete;
}

/* There is nothing to look for: no target, or no cache wanted or allowed. */
static bool is_idle(void)
{
	return held || !hec_live_is_wanted();
}

static void links_drop(struct hec_target *t)
{
	hec_links_written(t, 0, t->len);
}

/* The target caches nothing from here on. */
static void forget(struct hec_target *t)
{
	pool_end(t);
	links_drop(t);
	hec_follow_end(t);
}

/* Drops what hec_live_doubt() was told of.  No link is made without a pool. */
static void doubts_end(void)
{
	struct hec_target *t;

	list_for_each_entry(t, &resumed, resumed) {
		if (!READ_ONCE(t->doubted))
			continue;
		pool_end(t);
		smp_store_mb(t->doubted, false);
		links_drop(t);
	}
}

/* Brings the session to where it should be. */
static void session_update(void)
{
	bool complete;

	if (begun && (!READ_ONCE(hec_live) || is_idle()))
		session_end();
	doubts_end();
	if (!begun && !is_idle())
		session_begin();
	complete = begun && pools_update();
	if (!complete && !is_idle())
		schedule_delayed_work(&hec_live_work, max(probe_secs, 1u) * HZ);
}

static void work_fn(struct work_struct *unused)
{
	unsigned int noio = lock();

	session_update();
	unlock(noio);
}

/* A target is made: names it, and looks for a cache if it is the first. */
int hec_session_add(struct hec_target *t)
{
	unsigned int noio;
	int error;

	INIT_LIST_HEAD(&t->resumed);
	t->wanted = true;
	noio = lock();
	error = hec_live_add(t);
	if (!error)
		session_update();
	unlock(noio);
	return error;
}

static void deactivate(struct hec_target *t)
{
	hec_beside_unwatch(t);
	hec_keep_end(t);
	forget(t);
	list_del_init(&t->resumed);
}

/* The target is unmade; its slot may be another's after this. */
void hec_session_remove(struct hec_target *t)
{
	unsigned int noio = lock();

	if (!list_empty(&t->resumed))
		deactivate(t);
	hec_live_remove(t);
	synchronize_rcu();
	hec_beside_forget(t);
	session_update();
	unlock(noio);
}

static bool overlap(const struct hec_target *a, const struct hec_target *b)
{
	sector_t a_start = get_start_sect(a->dev->bdev) + a->start;
	sector_t b_start = get_start_sect(b->dev->bdev) + b->start;

	return a->dev->bdev->bd_disk == b->dev->bdev->bd_disk &&
	       a_start < b_start + b->len && b_start < a_start + a->len;
}

/* What was lost in a target that this one takes the place of, is lost. */
static int inherit(struct hec_target *t)
{
	struct hec_target *other;
	unsigned long slot;
	int error = 0;

	for (slot = 1; !error && (other = hec_live_next(&slot)); slot++)
		if (other != t && hec_keep_count(other) && overlap(t, other))
			error = hec_keep_inherit(t, other);
	return error;
}

int hec_session_resume(struct hec_target *t)
{
	unsigned int noio = lock();
	struct hec_target *other;
	int error = 0;

	list_for_each_entry(other, &resumed, resumed)
		if (other != t && overlap(t, other))
			error = -EBUSY;
	error = error ?: inherit(t);
	if (!error && list_empty(&t->resumed)) {
		list_add(&t->resumed, &resumed);
		hec_beside_watch(t);
		doubts_end();
		pool_new(t);
	}
	unlock(noio);
	return error;
}

void hec_session_suspend(struct hec_target *t)
{
	unsigned int noio = lock();

	if (!list_empty(&t->resumed))
		deactivate(t);
	unlock(noio);
}

/* Turns caching of a target on or off. */
void hec_session_want(struct hec_target *t, bool wanted)
{
	unsigned int noio = lock();

	t->wanted = wanted;
	if (!wanted)
		forget(t);
	session_update();
	unlock(noio);
}

/* Drops all that the cache holds for a target. */
void hec_session_renew_pool(struct hec_target *t)
{
	unsigned int noio = lock();

	pool_end(t);
	pool_new(t);
	unlock(noio);
}

/* In words, why the target does not cache. */
const char *hec_session_why(const struct hec_target *t)
{
	const char *why;

	if (!READ_ONCE(t->wanted))
		return "turned off by a message";
	if (list_empty(&t->resumed))
		return "suspended";
	if (atomic_read(&t->held_off))
		return "others are changing the disk";
	why = READ_ONCE(no_session);
	if (!why)
		why = READ_ONCE(t->no_pool);
	return why ? why : "about to begin or to end";
}

/* Some target has swapped pages that would be gone with the session. */
static bool is_kept(void)
{
	struct hec_target *t;

	list_for_each_entry(t, &resumed, resumed)
		if (hec_keep_count(t))
			return true;
	return false;
}

static int on_power(struct notifier_block *unused, unsigned long event,
		    void *data)
{
	unsigned int noio = lock();

	if (event == PM_HIBERNATION_PREPARE && is_kept()) {
		unlock(noio);
		pr_err("no hibernation: swapped pages live in the cache alone\n");
		return notifier_from_errno(-EBUSY);
	}
	held = event == PM_HIBERNATION_PREPARE || event == PM_RESTORE_PREPARE;
	session_update();
	unlock(noio);
	return NOTIFY_OK;
}

static struct notifier_block power = { .notifier_call = on_power };

int hec_session_init(void)
{
	INIT_DELAYED_WORK(&hec_live_work, work_fn);
	return register_pm_notifier(&power);
}

/* There are no targets any more. */
void hec_session_fini(void)
{
	unregister_pm_notifier(&power);
	cancel_delayed_work_sync(&hec_live_work);
}
