/* SPDX-License-Identifier: GPL-2.0-only */
/* What happens, for a monitor: see events.c. */
#ifndef HECACHE_KVM_EVENTS_H
#define HECACHE_KVM_EVENTS_H

#include <linux/poll.h>
#include <linux/types.h>

#include "uapi/hecache_control.h"

/* Who is meant: a VM, by the process that said HELLO for it. */
struct hec_kvm_who {
	u64 id; /* the client's, never used again */
	u64 cgroup; /* the process's then */
	pid_t pid;
};

/* Tells all readers.  @who: NULL for what is nobody's.  Context: any. */
void hec_kvm_event(u32 kind, const struct hec_kvm_who *who, u64 value);

/*
 * Counts a refused HELLO, and tells of it unless there are many.  @err is the
 * library's.
 */
void hec_kvm_event_refused(const struct hec_kvm_who *who, int err);
u64 hec_kvm_events_refused(void);

/* The number of the next event, for a reader to begin with. */
u64 hec_kvm_events_next(void);

/*
 * The event *@next, which then is one more; false: there is none yet.  If that event
 * is lost, how many are, and *@next is the oldest that is there.
 */
bool hec_kvm_events_take(u64 *next, struct hecache_control_event *event);

/* Waits for an event *@next: 0, or -ERESTARTSYS. */
int hec_kvm_events_wait(u64 next);
__poll_t hec_kvm_events_poll(struct file *file, poll_table *table, u64 next);

#endif
