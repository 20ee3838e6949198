/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of hecache.ko share.
 *
 *      target.c   the device-mapper target: table, status, message
 *         |
 *        io.c     a bio comes, a bio completes
 *       /    \
 *  read.c    write.c      evict.c   the kernel evicts or dirties a page
 *       \    /    \       /
 *      block.c    link.c, seal.c
 *      presence,  page -> block, proven
 *      writes
 *          \      /
 *         session.c       one with the hypervisor, a pool for each target
 *             |
 *          call.c         the hypercall
 *
 * The one rule is that what the cache holds for a block equals the disk.  It
 * rests on two statements, each checked when a page is put:
 *
 *  1. The block holds a content with this seal: a link (link.c) says so, which
 *     dies when the block is written, and no write to it is in flight
 *     (block.c).
 *  2. The page that is evicted has the same seal (seal.c).
 *
 * Nothing else is trusted: neither the page's flags nor what file it belongs
 * to.  Those only decide whether a link is worth making.
 *
 * Locks, from the outside in: session.c's mutex; a bucket's lock (block.c),
 * under which a put makes its hypercall; a chain's lock (link.c).  The last two
 * are taken with interrupts off.
 */
#ifndef HEC_GUEST_H
#define HEC_GUEST_H

#undef pr_fmt
#define pr_fmt(fmt) "hecache: " fmt

#include <linux/bio.h>
#include <linux/device-mapper.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/percpu.h>
#include <linux/types.h>

#include <xen/xen.h>

#include <hecache/abi.h>

#define HEC_BLOCK_SECTORS_SHIFT (HEC_ABI_PAGE_SHIFT - SECTOR_SHIFT)
#define HEC_BLOCK_SECTORS (1u << HEC_BLOCK_SECTORS_SHIFT)

_Static_assert(HEC_ABI_PAGE_SIZE == PAGE_SIZE, "a block is a page");

enum hec_stat {
	HEC_STAT_HITS, /* blocks read from the cache */
	HEC_STAT_MISSES, /* whole blocks read from the disk while caching */
	HEC_STAT_PUTS, /* pages that the cache took */
	HEC_STAT_PUTS_REFUSED, /* pages that the hypervisor did not take */
	HEC_STAT_FLUSHES, /* flush calls */
	HEC_STAT_LINKS, /* links made */
	HEC_STAT_CHANGED, /* evicted with another content than linked */
	HEC_STAT_OVERTAKEN, /* evicted while the block was being written */
	HEC_STAT_GETS_FAILED, /* runs of present blocks read from the disk */
	HEC_NR_STATS,
};

struct hec_stats {
	u64 count[HEC_NR_STATS];
};

/* The writes to the blocks that share a bucket: see block.c. */
struct hec_bucket {
	spinlock_t lock;
	u32 inflight; /* [lock] writes submitted and not completed */
};

struct hec_link;

struct hec_target {
	struct dm_dev *dev; /* [const] */
	sector_t start; /* [const] where the target begins on dev */
	sector_t len; /* [const] */
	u64 nr_blocks; /* [const] whole blocks of the target */
	u32 slot; /* [const] names the target in a link, never 0 */

	/* session.c */
	struct list_head resumed; /* [session mutex] in the list, or empty */
	bool wanted; /* [session mutex] not turned off by a message */
	bool has_pool; /* written under the session mutex, read with RCU */
	u64 pool; /* valid while has_pool */

	/* block.c */
	unsigned long *present; /* [atomic bits] the cache may hold the block */
	struct hec_bucket *buckets;
	u64 bucket_mask; /* [const] */

	struct hec_stats __percpu *stats;
};

static inline void hec_count(struct hec_target *t, enum hec_stat stat, u64 n)
{
	this_cpu_add(t->stats->count[stat], n);
}

/* A bio on its way to the disk: dm's per-bio data. */
enum hec_io_kind {
	HEC_IO_PLAIN, /* nothing to do when it completes */
	HEC_IO_READ, /* its pages can be linked */
	HEC_IO_WRITE, /* its blocks wait for the end of the write */
};

struct hec_io {
	enum hec_io_kind kind;
	bool links; /* it has announced links */
	struct bvec_iter iter; /* as submitted: the block layer consumes it */
	sector_t sector; /* where it begins in the target */
};

static inline u64 hec_first_block(sector_t sector)
{
	return sector >> HEC_BLOCK_SECTORS_SHIFT;
}

/* io.c: calls @fn for each page that is whole and lies on a whole block. */
typedef void hec_page_fn(struct hec_target *t, struct hec_io *io,
			 struct page *page, u64 block);
void hec_for_each_page(struct hec_target *t, struct bio *bio, struct hec_io *io,
		       hec_page_fn *fn);
int hec_map(struct dm_target *ti, struct bio *bio);
int hec_end_io(struct dm_target *ti, struct bio *bio, blk_status_t *error);

/* read.c */
bool hec_read_begin(struct hec_target *t, struct bio *bio, struct hec_io *io);
void hec_read_end(struct hec_target *t, struct bio *bio, struct hec_io *io,
		  bool failed);
int hec_read_init(void);
void hec_read_fini(void);

/* write.c */
void hec_write_begin(struct hec_target *t, struct bio *bio, struct hec_io *io);
void hec_write_end(struct hec_target *t, struct bio *bio, struct hec_io *io,
		   bool failed);

/* block.c */
int hec_blocks_init(struct hec_target *t);
void hec_blocks_fini(struct hec_target *t);
void hec_blocks_forget(struct hec_target *t);
void hec_blocks_write_begin(struct hec_target *t, u64 first, u64 nr);
void hec_blocks_write_end(struct hec_target *t, u64 first, u64 nr);
bool hec_blocks_quiet(struct hec_target *t, u64 block, u32 own);
void hec_blocks_flush(struct hec_target *t, u64 first, u64 nr);
u32 hec_blocks_run(struct hec_target *t, u64 first, u32 nr, bool *present);
void hec_blocks_take(struct hec_target *t, u64 first, u32 nr);
void hec_blocks_put(struct hec_target *t, struct page *page,
		    const struct hec_link *link);

/* link.c */
struct hec_link {
	u64 where; /* slot and block, or 0: no link */
	u64 seal; /* of the block's content */
};

static inline u64 hec_where(const struct hec_target *t, u64 block)
{
	return (u64)t->slot << 48 | block;
}

static inline u32 hec_where_slot(u64 where)
{
	return where >> 48;
}

static inline u64 hec_where_block(u64 where)
{
	return where & ((1ull << 48) - 1);
}

#define HEC_SLOT_MAX 0x7fffu /* the 16th bit tells unconfirmed links */

int hec_links_create(void);
void hec_links_retire(void);
void hec_links_destroy(void);
void hec_links_written(u64 first, u64 nr);
bool hec_link_announce(unsigned long pfn, const struct hec_link *link);
bool hec_link_confirm(unsigned long pfn, u64 where, const u64 *seal);
bool hec_link_look(unsigned long pfn, struct hec_link *link);
bool hec_link_take(unsigned long pfn, const struct hec_link *link);
void hec_link_drop(unsigned long pfn);

/*
 * The file that a page belongs to, or NULL: not one of the page cache, but
 * anonymous, swapped, or the kernel's own.
 */
static inline struct address_space *hec_file_mapping(struct folio *folio)
{
	return folio_test_swapcache(folio) ? NULL : folio_mapping(folio);
}

/* seal.c */
void hec_seal_init(void);
u64 hec_seal(struct page *page);

/* evict.c */
int hec_evict_register(void);
void hec_evict_unregister(void);

/* session.c */
extern bool hec_session_live;
extern u64 hec_session_features;

int hec_session_add(struct hec_target *t);
void hec_session_remove(struct hec_target *t);
int hec_session_resume(struct hec_target *t);
void hec_session_suspend(struct hec_target *t);
void hec_session_want(struct hec_target *t, bool wanted);
void hec_session_renew_pool(struct hec_target *t);
struct hec_target *hec_session_target(u32 slot);
u64 hec_session_call(u64 cmd, u64 pool, u64 index, u64 arg);
int hec_session_init(void);
void hec_session_fini(void);

/*
 * True while the target may use its pool.  Whoever asks holds rcu_read_lock()
 * (or has interrupts off) until it has used the answer.
 */
static inline bool hec_caching(const struct hec_target *t)
{
	return READ_ONCE(hec_session_live) && smp_load_acquire(&t->has_pool);
}

/* call.c */
bool hec_call_find(void);
void hec_call_number(bool on);
u64 hec_call(u64 cmd, u64 pool, u64 index, u64 arg);

/* xen.c */
u64 hec_xen_call(u64 cmd, u64 pool, u64 index, u64 arg);
u64 hec_xen_frame(struct page *page);

/* A page's frame number as the hypervisor knows it. */
static inline u64 hec_call_frame(struct page *page)
{
	return xen_domain() ? hec_xen_frame(page) : page_to_pfn(page);
}

/* target.c */
extern struct target_type hec_target_type;

#endif
