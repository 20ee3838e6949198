/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of hecache.ko share: the structure of a target.  And a map of the
 * files:
 *
 *      main.c
 *         |
 *      target.c        the device-mapper target: table, status (its words: why.c),
 *       |     \        message
 *       |   session.c  one with the hypervisor, a pool for each target
 *       |        \
 *      io.c    evict.c a bio comes or completes (follow.c: whether a write is
 *      /  \       |    followed; later.c: with interrupts on); the kernel evicts,
 *     |    |      |    frees or dirties a folio (leaving.c: evicted, and not free
 *     |    |      |    yet; swap.c: swapped; keep.c: swap that the disk has not)
 *  read.c write.c |    beside.c: others write to the disk; change.c: it becomes
 *      \  /       |    another; command.c: by which commands; pending.c:
 *       \/        |    what they have not completed
 *      bio.c    put.c  a bio's pages; many pages are put with one call
 *         |     /
 *      block.c         writes and puts in flight
 *       |     \        (present.c: presence; place.h: where a page lies)
 *    live.c  link.c    the live session; page -> block, proven by seal.c
 *       |
 *     call.c           the hypercall (xen.c: on Xen)
 *
 * Each needs only what is below it.
 *
 * There is one rule: what the cache holds for a block equals the disk.  When a page
 * is put, two things are checked:
 *
 *  1. The block's content has a known seal.  A link (link.c) keeps that seal; a write
 *     to the block ends the link.  And no write to the block comes while the page is
 *     being put (block.c).
 *  2. The page that is evicted has the same seal (seal.c).
 *
 * Nothing else is trusted.  The page's flags and its file only decide whether a link
 * is worth making.
 *
 * Locks, from the outside in: the mutex of session.c; the locks of buckets and of the
 * wide ranges (block.c); the lock of a chain (link.c); that of an xarray (present.c).
 * All but the first are taken with interrupts off, for a few steps.  No page is sealed,
 * and the hypervisor is not called, while one of these is held, or interrupts are off;
 * but for swap that the disk has not (keep.c), a page with each call.
 */
#ifndef HEC_GUEST_H
#define HEC_GUEST_H

#include "compat.h"

#undef pr_fmt
#define pr_fmt(fmt) "hecache: " fmt

#include <linux/bio.h>
#include <linux/device-mapper.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include <hecache/abi.h>

#define HEC_BLOCK_SECTORS_SHIFT (HEC_ABI_PAGE_SHIFT - SECTOR_SHIFT)
#define HEC_BLOCK_SECTORS (1u << HEC_BLOCK_SECTORS_SHIFT)
#define HEC_PLANES HEC_BLOCK_SECTORS /* see place.h */

#define HEC_SLOT_MAX 0x7fffu /* the 16th bit marks unconfirmed links */

_Static_assert(HEC_ABI_PAGE_SIZE == PAGE_SIZE, "a block is a page");

enum hec_stat {
	HEC_STAT_HITS, /* blocks read from the cache */
	HEC_STAT_MISSES, /* whole blocks read from the disk while caching */
	HEC_STAT_PUTS, /* pages that the cache took */
	HEC_STAT_PUTS_REFUSED, /* pages that the hypervisor did not take */
	HEC_STAT_FLUSHES, /* flush calls */
	HEC_STAT_LINKS, /* links made */
	HEC_STAT_CHANGED, /* evicted with another content than the link's */
	HEC_STAT_OVERTAKEN, /* evicted while the block was being written */
	HEC_STAT_SKIPPED, /* evicted, but freed where nothing can be put */
	HEC_STAT_GETS_FAILED, /* runs of present blocks read from the disk */
	HEC_STAT_PIECES, /* parts of pages read: no page, or on no block */
	HEC_STAT_FOREIGN, /* whole blocks read, but not into the page cache */
	HEC_STAT_BESIDE, /* writes of others to the target's part of the disk */
	HEC_STAT_LOOKS, /* places where a write looked for what it outdates */
	HEC_NR_STATS,
};

struct hec_stats {
	u64 count[HEC_NR_STATS];
};

struct hec_bucket;

struct hec_target {
	struct dm_dev *dev; /* [const] */
	sector_t start; /* [const] where the target begins on dev */
	sector_t len; /* [const] */
	u64 nr_blocks; /* [const] whole blocks of the target */
	u32 slot; /* [const] names the target in a link, 1 to HEC_SLOT_MAX */

	/* session.c */
	struct list_head resumed; /* [session mutex] in the list, or empty */
	bool wanted; /* [session mutex] not turned off by a message */
	const char
		*no_pool; /* [session mutex] why it has none: status reads it */
	bool has_pool; /* set under the session mutex, read with RCU */
	bool pool_made; /* [session mutex] the hypervisor has one of ours */
	u64 pool; /* valid while pool_made */

	/* follow.c */
	bool followed; /* [session mutex] writes are; read with RCU */
	atomic_t unfollowed; /* writes in flight that are only counted */

	/* beside.c, live.c */
	struct hlist_node beside; /* [session mutex, RCU] in its disk's list */
	bool doubted; /* what pool and links tell may be untrue */
	atomic_t held_off; /* reasons in flight for having no pool */

	/* link.c */
	unsigned long planes; /* [atomic bits] in which links were announced */

	/* present.c */
	struct xarray present[HEC_PLANES]; /* the cache may hold the place */

	/* keep.c */
	bool persistent; /* [const] swap may live in the cache alone */
	bool has_kept_pool; /* as has_pool */
	u64 kept_pool; /* valid while has_kept_pool */
	struct xarray kept; /* by block: what is there alone, its swap slot */
	u64 nr_kept; /* [its lock] entries in it */
	unsigned long kept_pause; /* jiffies before which the host is not asked */
	struct page *spare; /* [its lock, or suspended] if persistent */

	/* block.c */
	struct hec_bucket *buckets;
	u64 bucket_mask; /* [const] */
	rwlock_t wide_lock;
	struct list_head wide; /* [wide_lock] ranges in flight */
	u32 nr_wide; /* [wide_lock] in the list; looked at without */
	atomic_t puts; /* [wide_lock, shared] under way */
	bool spoilt; /* [wide_lock] a wide write came while puts were */

	struct hec_stats __percpu *stats;
};

static inline void hec_count(struct hec_target *t, enum hec_stat stat, u64 n)
{
	this_cpu_add(t->stats->count[stat], n);
}

#endif
