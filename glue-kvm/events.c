// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens, for a monitor: a VM came, went, was reverted, was refused; memory
 * was given back.
 *
 * Events are numbered.  A ring keeps the last ones, and each reader has the number of
 * its next; one who is slower is told how many it has missed.  So an event costs the
 * same whoever reads, and needs no memory: it may happen in reclaim.
 *
 * Guests can cause events.  How often a single VM can, is bounded where the event
 * comes from; of HELLOs that are refused, some a second are told, and all counted.
 */
#include <linux/atomic.h>
#include <linux/ratelimit.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/wait.h>

#include <hecache/abi.h>

#include "events.h"

#define RING_SIZE 256

static DEFINE_SPINLOCK(ring_lock);
static DECLARE_WAIT_QUEUE_HEAD(readers);
static struct hecache_control_event ring[RING_SIZE]; /* [ring_lock] */
static u64 ring_next; /* [ring_lock] number of the next event */

static atomic64_t refused;
static DEFINE_RATELIMIT_STATE(refused_told, 5 * HZ, 20);

void hec_kvm_event(u32 kind, const struct hec_kvm_who *who, u64 value)
{
	struct hecache_control_event event = {
		.version = HECACHE_CONTROL_VERSION,
		.kind = kind,
		.time_ns = ktime_get_boottime_ns(),
		.value = value,
	};
	unsigned long flags;

	if (who) {
		event.client = who->id;
		event.cgroup = who->cgroup;
		event.pid = who->pid;
	}
	spin_lock_irqsave(&ring_lock, flags);
	ring[ring_next % RING_SIZE] = event;
	WRITE_ONCE(ring_next, ring_next + 1);
	spin_unlock_irqrestore(&ring_lock, flags);
	wake_up_interruptible(&readers);
}

void hec_kvm_event_refused(const struct hec_kvm_who *who, int err)
{
	struct hec_kvm_who nobody = { .pid = who->pid, .cgroup = who->cgroup };

	atomic64_inc(&refused);
	ratelimit_set_flags(&refused_told, RATELIMIT_MSG_ON_RELEASE);
	if (__ratelimit(&refused_told))
		hec_kvm_event(HECACHE_EVENT_REFUSED, &nobody,
			      err == HEC_EPERM ? 0 : ENOMEM);
}

u64 hec_kvm_events_refused(void)
{
	return atomic64_read(&refused);
}

u64 hec_kvm_events_next(void)
{
	return READ_ONCE(ring_next);
}

static struct hecache_control_event lost(u64 number)
{
	return (struct hecache_control_event){
		.version = HECACHE_CONTROL_VERSION,
		.kind = HECACHE_EVENT_LOST,
		.time_ns = ktime_get_boottime_ns(),
		.value = number,
	};
}

bool hec_kvm_events_take(u64 *next, struct hecache_control_event *event)
{
	bool is_there;
	u64 oldest;

	spin_lock_irq(&ring_lock);
	oldest = ring_next > RING_SIZE ? ring_next - RING_SIZE : 0;
	is_there = *next < ring_next;
	if (*next < oldest) {
		*event = lost(oldest - *next);
		*next = oldest;
	} else if (is_there) {
		*event = ring[(*next)++ % RING_SIZE];
	}
	spin_unlock_irq(&ring_lock);
	return is_there;
}

int hec_kvm_events_wait(u64 next)
{
	return wait_event_interruptible(readers, next < READ_ONCE(ring_next));
}

__poll_t hec_kvm_events_poll(struct file *file, poll_table *table, u64 next)
{
	poll_wait(file, &readers, table);
	return next < READ_ONCE(ring_next) ? EPOLLIN | EPOLLRDNORM : 0;
}
