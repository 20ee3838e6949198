/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Control of the page cache of a Linux KVM host: /dev/hecache.
 *
 * Requests are ioctls, each with a structure of its own; read() and poll() tell
 * what happens.  Who may open the device for reading may look, who may open it for
 * writing may change: permissions are those of the device node.
 *
 * Every structure begins with the version of this interface, HECACHE_CONTROL_VERSION.
 * Reserved fields are zero.  Fields marked "out" may hold anything on the way in.
 *
 *     -EPROTONOSUPPORT  @version is not one that the module speaks
 *     -ENOTTY           no such request, or a structure of another size
 *     -EACCES           the device is not open for that: reading, or writing
 *     -EINVAL           a field is out of range, or a reserved one not zero
 *     -ESRCH            no such client: it never was, or its VM has gone
 *     -EFAULT           the structure is not in the caller's memory
 *
 * and what is said of each request.  A request that fails has changed nothing,
 * unless it says otherwise.
 */
#ifndef HECACHE_CONTROL_H
#define HECACHE_CONTROL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define HECACHE_CONTROL_VERSION 1u

/* Counts since loading or RESET; the last five are levels. */
struct hecache_control_stats {
	__u64 puts;
	__u64 puts_refused;
	__u64 hits;
	__u64 misses;
	__u64 flushes;
	__u64 evictions;
	__u64 corrupt;
	__u64 rollbacks;
	__u64 unasked; /* misses that the VM knew of, as it says itself */
	__u64 pages;
	__u64 zero_pages;
	__u64 persistent_pages;
	__u64 frames;
	__u64 pools;
};

/* Orders of replacement. */
#define HECACHE_POLICY_S3FIFO 0
#define HECACHE_POLICY_LRU 1
#define HECACHE_POLICY_ARC 2

/*
 * What a client is promised and allowed, and bits that name some of it.  In a request
 * that has such bits, terms that they do not name are zero.
 */
struct hecache_control_terms {
	__u32 guaranteed_pages; /* that nobody else can take from it */
	__u32 max_pages; /* that it may have; 0: no limit */
	__u32 weight; /* of its share of the rest, to 65535; 0: 100 */
	__u32 policy; /* HECACHE_POLICY_* */
	__u32 max_pools; /* that it may have, to 1024; 0: 64 */
	__u32 frozen; /* 1: its puts are refused; else 0 */
};

#define HECACHE_TERM_GUARANTEED 0x01u
#define HECACHE_TERM_MAX 0x02u
#define HECACHE_TERM_WEIGHT 0x04u
#define HECACHE_TERM_POOLS 0x08u
#define HECACHE_TERM_POLICY 0x10u
#define HECACHE_TERM_FROZEN 0x20u
#define HECACHE_TERM_ALL 0x3fu

/* INFO: the cache as a whole. */
struct hecache_control_info {
	__u32 version;
	__u32 reserved;
	__u64 frames; /* out, and all the rest */
	__u64 frames_free;
	__u64 frames_max; /* the limit of RESIZE */
	__u64 metadata_bytes;
	__u64 refused; /* HELLOs of VMs that are not admitted */
	__u32 clients;
	__u32 chunks;
	__u32 idle_tax; /* percent */
	__u32 admission; /* HECACHE_ADMISSION_* */
	__u32 rules; /* of admission */
	__u32 kept; /* 1: persistent pages keep the module loaded */
	struct hecache_control_stats stats; /* of clients that are gone, too */
};

/* CLIENT: the first client whose id is above @id; -ESRCH: there is none. */
struct hecache_control_client {
	__u32 version;
	__u32 pid; /* out: of the process that made the VM a client */
	__u64 id; /* in and out: never used again */
	__u64 cgroup; /* out: that process's, then */
	struct hecache_control_terms terms; /* out */
	struct hecache_control_stats stats; /* out */
};

/* Kinds of pools. */
#define HECACHE_POOL_EPHEMERAL 0 /* a get removes */
#define HECACHE_POOL_INCLUSIVE 1 /* a get keeps */
#define HECACHE_POOL_PERSISTENT 2 /* nothing is dropped */

/*
 * POOL: the newest of a client's pools that is older than @pool; ~0: of all.
 * -ENOENT: there is none.
 */
struct hecache_control_pool {
	__u32 version;
	__u32 kind; /* out: HECACHE_POOL_* */
	__u64 client;
	__u64 pool; /* in and out: never used again */
	__u64 pages; /* out */
};

/*
 * SET: those of @terms that @which names, all of them or none.  -ENOSPC: all
 * clients' guarantees together would be more than the cache can have.
 */
struct hecache_control_set {
	__u32 version;
	__u32 which; /* HECACHE_TERM_*, one at least */
	__u64 client;
	struct hecache_control_terms terms;
};

/*
 * FLUSH: drops the pages that a client has now, but persistent ones; a signal ends
 * it early (-EINTR).  RESET: a client's counts, but not the levels, to zero.
 */
struct hecache_control_one {
	__u32 version;
	__u32 reserved;
	__u64 client;
};

/*
 * RESIZE: to @value MiB, rounded up to 2.  -ENOMEM, -ENOSPC (what is left is full
 * of persistent pages), -EAGAIN (guests keep it busy): it goes on by itself, and
 * has the size that it got to.  TAX: on idle memory, @value percent.  ADMISSION:
 * @value is HECACHE_ADMISSION_*.  ABANDON: @value is 1, and the module may be
 * removed though there are persistent pages, or 0.
 */
struct hecache_control_value {
	__u32 version;
	__u32 value;
};

#define HECACHE_ADMISSION_OPEN 0 /* every VM may use the cache */
#define HECACHE_ADMISSION_NAMED 1 /* those that a rule names */

/*
 * Rules of admission.  One names a process, or a control group (v2) and all below
 * it, and the terms that its VMs begin with.  The process goes before groups, an
 * inner group before an outer one.
 *
 * ADMIT: makes a rule, instead of an older one of that subject.  -ESRCH: no such
 * process; -ENOSPC: 1024 rules are there.  DISMISS: the end of a rule, for VMs to
 * come; @which and @terms are zero; -ESRCH: there is none.
 * RULE: the first rule of @kind whose subject is not below @subject; -ESRCH: none.
 */
struct hecache_control_rule {
	__u32 version;
	__u32 kind; /* HECACHE_RULE_* */
	__u64 subject; /* the process's id; the group's, its inode's number */
	__u32 which; /* HECACHE_TERM_* */
	__u32 reserved;
	struct hecache_control_terms terms;
};

#define HECACHE_RULE_PROCESS 0
#define HECACHE_RULE_CGROUP 1

#define HECACHE_CONTROL_TYPE 0xec
#define HECACHE_CONTROL_IO(nr, type) _IOWR(HECACHE_CONTROL_TYPE, nr, type)

/* Looking: all of these are answered in their structure. */
#define HECACHE_INFO HECACHE_CONTROL_IO(0x40, struct hecache_control_info)
#define HECACHE_CLIENT HECACHE_CONTROL_IO(0x41, struct hecache_control_client)
#define HECACHE_POOL HECACHE_CONTROL_IO(0x42, struct hecache_control_pool)
#define HECACHE_RULE HECACHE_CONTROL_IO(0x43, struct hecache_control_rule)

/* Changing. */
#define HECACHE_SET HECACHE_CONTROL_IO(0x50, struct hecache_control_set)
#define HECACHE_FLUSH HECACHE_CONTROL_IO(0x51, struct hecache_control_one)
#define HECACHE_RESET HECACHE_CONTROL_IO(0x52, struct hecache_control_one)
#define HECACHE_RESIZE HECACHE_CONTROL_IO(0x53, struct hecache_control_value)
#define HECACHE_TAX HECACHE_CONTROL_IO(0x54, struct hecache_control_value)
#define HECACHE_ADMISSION HECACHE_CONTROL_IO(0x55, struct hecache_control_value)
#define HECACHE_ABANDON HECACHE_CONTROL_IO(0x56, struct hecache_control_value)
#define HECACHE_ADMIT HECACHE_CONTROL_IO(0x57, struct hecache_control_rule)
#define HECACHE_DISMISS HECACHE_CONTROL_IO(0x58, struct hecache_control_rule)

/*
 * read() gives whole events, as many as fit (-EINVAL: not one), that came since
 * the device was opened; it waits for the first, or fails with -EAGAIN where the
 * device is open with O_NONBLOCK.  256 are kept: who is slower is told how many
 * are lost.
 */
struct hecache_control_event {
	__u32 version;
	__u32 kind; /* HECACHE_EVENT_* */
	__u64 time_ns; /* since the host was started: CLOCK_BOOTTIME */
	__u64 client; /* its id; 0: no client's */
	__u64 cgroup; /* that process's; 0: no client's */
	__u32 pid; /* 0: no client's */
	__u32 reserved;
	__u64 value;
};

#define HECACHE_EVENT_CAME 0 /* a VM is a client from now on */
#define HECACHE_EVENT_WENT 1 /* a VM has gone; its pages are going */
#define HECACHE_EVENT_REVERTED 2 /* a VM was; @value: times so far */
#define HECACHE_EVENT_GAVE 3 /* @value pages to the host, under pressure */
#define HECACHE_EVENT_REFUSED \
	4 /* a VM: @value is 0, or an errno: not by rule */
#define HECACHE_EVENT_LOST 5 /* @value events that were not read in time */

/* No padding that is not seen: the last field is where it should be, and ends it. */
#define HECACHE_CONTROL_LAYOUT(name, last, offset, bytes)                 \
	_Static_assert(                                                   \
		sizeof(struct hecache_control_##name) == (bytes) &&       \
			__builtin_offsetof(struct hecache_control_##name, \
					   last) == (offset),             \
		"layout of " #name)

HECACHE_CONTROL_LAYOUT(stats, pools, 104, 112);
HECACHE_CONTROL_LAYOUT(terms, frozen, 20, 24);
HECACHE_CONTROL_LAYOUT(info, stats, 72, 184);
HECACHE_CONTROL_LAYOUT(client, stats, 48, 160);
HECACHE_CONTROL_LAYOUT(pool, pages, 24, 32);
HECACHE_CONTROL_LAYOUT(set, terms, 16, 40);
HECACHE_CONTROL_LAYOUT(one, client, 8, 16);
HECACHE_CONTROL_LAYOUT(value, value, 4, 8);
HECACHE_CONTROL_LAYOUT(rule, terms, 24, 48);
HECACHE_CONTROL_LAYOUT(event, value, 40, 48);

#endif
