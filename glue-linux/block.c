// SPDX-License-Identifier: GPL-2.0-only
/*
 * The blocks of a target: when each was written last, and puts between writes.
 *
 * Presence (present.c).  A bit a place: set when a put succeeded, cleared by a get,
 * a write and a failed put.  Only a place whose bit is set is ever asked for.  So the
 * bits alone keep what is out of date from being read; the flush calls merely
 * give the hypervisor its memory back, and one that fails loses nothing.  (A
 * page left behind under a place cannot come back: the next put there
 * replaces it, or fails and drops it.)
 *
 * Writes.  Everything that is not a read counts: discards and write-zeroes too.
 * A bucket (block modulo buckets) counts the writes in flight to its blocks, and the
 * puts.  Collisions make blocks look busy that are not: that loses a chance.  A page
 * that begins within a block has a part in two, and looks at both.
 *
 *     write:  enter the buckets, spoil puts in them -> drop the links -> flush
 *             ... disk ... leave
 *     put:    { nobody in, none spoilt, take the link, enter } -> hypercall
 *             -> { spoilt?  else set the presence bit; leave }
 *     link:   announce -> nobody in the bucket? ... disk ... still announced?
 *
 * What is in braces is done under the bucket's lock.  The hypercall is not, so that
 * interrupts come in and many pages can be put with one.
 *
 * A put has set its bit before a write enters, and is flushed by it; or is spoilt by
 * it, and sets none; or finds it in the bucket; or, if that has left again, finds its
 * link gone.  While a spoilt put is under way no other begins in its bucket, because
 * nobody knows which of the two pages the hypervisor would have in the end.  Puts of
 * one place that are not spoilt have the same content: no write came between.
 *
 * A link that is announced before a write drops the links is dropped; one that is
 * announced later finds the write in the bucket, or else began after its end.
 *
 * A wide write, a discard of more than a MiB, enters a list in place of buckets, so
 * that its cost is not by its length.  A put looks at the list as at its bucket.  A
 * wide write spoils all puts of the target that are under way.  With many wide
 * writes in flight all blocks count as being written.
 *
 * That costs a write two short locks a block, where there may be a pool (follow.c).
 */
#include "block.h"

#include <linux/log2.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "call.h"
#include "link.h"
#include "live.h"
#include "present.h"

#define BUCKETS_MAX 16384u
#define WIDE_BLOCKS 256u
#define WIDE_MAX 64u /* ranges in flight that are told apart */
#define FLUSH_ATTEMPTS 64

/* The writes and puts of the blocks that share a bucket. */
struct hec_bucket {
	spinlock_t lock;
	u32 inflight; /* [lock] writes submitted and not completed */
	u32 puts : 31; /* [lock] under way */
	u32 spoilt : 1; /* [lock] a write came while they were */
};

static void buckets_init(struct hec_target *t)
{
	u64 i;

	for (i = 0; i <= t->bucket_mask; i++)
		spin_lock_init(&t->buckets[i].lock);
}

int hec_blocks_init(struct hec_target *t)
{
	u64 nr_buckets =
		roundup_pow_of_two(clamp_t(u64, t->nr_blocks, 1, BUCKETS_MAX));

	t->planes = 1; /* most pages are in the first */
	hec_present_init(t);
	rwlock_init(&t->wide_lock);
	INIT_LIST_HEAD(&t->wide);
	t->buckets = kvcalloc(nr_buckets, sizeof(*t->buckets), GFP_KERNEL);
	t->bucket_mask = nr_buckets - 1;
	if (!t->buckets)
		return -ENOMEM;
	buckets_init(t);
	return 0;
}

void hec_blocks_fini(struct hec_target *t)
{
	if (t->buckets)
		hec_present_forget(t);
	kvfree(t->buckets);
}

static struct hec_bucket *bucket_of(struct hec_target *t, u64 block)
{
	return &t->buckets[block & t->bucket_mask];
}

/* A range longer than the table enters each bucket once. */
static u64 buckets_of_range(struct hec_target *t, u64 nr)
{
	return min(nr, t->bucket_mask + 1);
}

/* Writes enter, +1, or leave, -1. */
static void buckets_add(struct hec_target *t, const struct hec_range *range,
			int writes)
{
	u64 first = range->first / HEC_BLOCK_SECTORS;
	u64 last = (range->first + range->nr - 1) / HEC_BLOCK_SECTORS;
	u64 end = first + buckets_of_range(t, last - first + 1);
	struct hec_bucket *bucket;
	unsigned long flags;

	for (; first < end; first++) {
		bucket = bucket_of(t, first);
		spin_lock_irqsave(&bucket->lock, flags);
		bucket->inflight += writes;
		if (writes > 0 && bucket->puts)
			bucket->spoilt = true;
		spin_unlock_irqrestore(&bucket->lock, flags);
	}
	if (writes > 0)
		hec_count(t, HEC_STAT_LOOKS, end - first);
}

static void wide_enter(struct hec_target *t, struct hec_range *range)
{
	unsigned long flags;

	write_lock_irqsave(&t->wide_lock, flags);
	list_add(&range->wide, &t->wide);
	t->spoilt = t->spoilt || atomic_read(&t->puts);
	WRITE_ONCE(t->nr_wide, t->nr_wide + 1);
	write_unlock_irqrestore(&t->wide_lock, flags);
	hec_count(t, HEC_STAT_LOOKS, 1);
}

static void wide_leave(struct hec_target *t, struct hec_range *range)
{
	unsigned long flags;

	write_lock_irqsave(&t->wide_lock, flags);
	list_del(&range->wide);
	WRITE_ONCE(t->nr_wide, t->nr_wide - 1);
	write_unlock_irqrestore(&t->wide_lock, flags);
}

/*
 * Before a write is passed on; no put of a page that has a part in the range
 * begins from here on, nor does one set its bit.  Only a write that brings no data may
 * be wide: the pages of others ask for themselves (hec_blocks_quiet()).
 */
void hec_blocks_write_begin(struct hec_target *t, struct hec_range *range,
			    bool has_data)
{
	range->is_wide =
		!has_data && range->nr > WIDE_BLOCKS * HEC_BLOCK_SECTORS;
	if (range->is_wide)
		wide_enter(t, range);
	else
		buckets_add(t, range, 1);
}

void hec_blocks_write_end(struct hec_target *t, struct hec_range *range)
{
	if (range->is_wide)
		wide_leave(t, range);
	else
		buckets_add(t, range, -1);
}

/* True if no wide write touches the page.  The list's lock is held. */
static bool is_clear_of_wide(struct hec_target *t, u64 place)
{
	u64 sector = hec_place_sector(place);
	struct hec_range *range;

	if (t->nr_wide > WIDE_MAX)
		return false;
	list_for_each_entry(range, &t->wide, wide)
		if (sector + HEC_BLOCK_SECTORS > range->first &&
		    sector < range->first + range->nr)
			return false;
	return true;
}

static bool wide_is_quiet(struct hec_target *t, u64 place)
{
	unsigned long flags;
	bool quiet;

	if (!READ_ONCE(t->nr_wide))
		return true;
	read_lock_irqsave(&t->wide_lock, flags);
	quiet = is_clear_of_wide(t, place);
	read_unlock_irqrestore(&t->wide_lock, flags);
	return quiet;
}

/* The buckets of a page's blocks: twice the same if it begins where one does. */
struct bucket_pair {
	struct hec_bucket *low, *high; /* in the order of their locks */
};

static struct bucket_pair buckets_of_page(struct hec_target *t, u64 place)
{
	u64 block = hec_place_block(place);
	struct hec_bucket *a = bucket_of(t, block);
	struct hec_bucket *b =
		hec_place_plane(place) ? bucket_of(t, block + 1) : a;

	return (struct bucket_pair){ .low = min(a, b), .high = max(a, b) };
}

static void pair_lock(const struct bucket_pair *pair)
{
	spin_lock(&pair->low->lock);
	if (pair->high != pair->low)
		spin_lock_nested(&pair->high->lock, SINGLE_DEPTH_NESTING);
}

static void pair_unlock(const struct bucket_pair *pair)
{
	if (pair->high != pair->low)
		spin_unlock(&pair->high->lock);
	spin_unlock(&pair->low->lock);
}

/* A page's buckets and the list of wide writes, for its put; returns the flags. */
static unsigned long put_lock(struct hec_target *t,
			      const struct bucket_pair *pair)
{
	unsigned long flags;

	local_irq_save(flags);
	pair_lock(pair);
	read_lock(&t->wide_lock);
	return flags;
}

static void put_unlock(struct hec_target *t, const struct bucket_pair *pair,
		       unsigned long flags)
{
	read_unlock(&t->wide_lock);
	pair_unlock(pair);
	local_irq_restore(flags);
}

static bool is_spoilt(const struct hec_target *t,
		      const struct bucket_pair *pair)
{
	return pair->low->spoilt || pair->high->spoilt || READ_ONCE(t->spoilt);
}

static void put_enter(struct hec_target *t, const struct bucket_pair *pair)
{
	pair->low->puts++;
	if (pair->high != pair->low)
		pair->high->puts++;
	atomic_inc(&t->puts);
}

static void put_leave_bucket(struct hec_bucket *bucket)
{
	bucket->puts--;
	if (!bucket->puts)
		bucket->spoilt = false;
}

/* The last one takes the spoilt state along: until then no put enters. */
static void put_leave(struct hec_target *t, const struct bucket_pair *pair)
{
	put_leave_bucket(pair->low);
	if (pair->high != pair->low)
		put_leave_bucket(pair->high);
	if (atomic_dec_and_test(&t->puts))
		WRITE_ONCE(t->spoilt, false);
}

/* True if no write to the page's blocks is in flight but the asker's @own. */
bool hec_blocks_quiet(struct hec_target *t, u64 place, u32 own)
{
	struct bucket_pair pair = buckets_of_page(t, place);
	unsigned long flags;
	bool quiet;

	local_irq_save(flags);
	pair_lock(&pair);
	quiet = pair.low->inflight == own && pair.high->inflight == own;
	pair_unlock(&pair);
	local_irq_restore(flags);
	return quiet && wide_is_quiet(t, place);
}

static void flush_call(struct hec_target *t, u64 first, u64 nr)
{
	u64 result;
	int i;

	for (i = 0; i < FLUSH_ATTEMPTS; i++) {
		hec_count(t, HEC_STAT_FLUSHES, 1);
		if (nr == 1)
			result =
				hec_live_call(HEC_CMD_FLUSH, t->pool, first, 0);
		else
			result = hec_live_call(HEC_CMD_FLUSH_RANGE, t->pool,
					       first, nr);
		if (result != (u64)HEC_EAGAIN)
			break;
	}
}

/* Drops what the cache holds of a plane's places. */
static void flush_span(struct hec_target *t, struct hec_span span)
{
	u64 first = span.first, last;

	while (first < span.end &&
	       (first = hec_present_next(t, first, span.end)) < span.end) {
		last = hec_present_clear(
			t, first, min(span.end, first + HEC_ABI_RANGE_MAX));
		hec_count(t, HEC_STAT_LOOKS, 1);
		if (last > first)
			flush_call(t, first, last - first);
		first = max(last, first + 1);
	}
}

/*
 * Drops what the cache holds of a range in which writes are in flight, so that
 * no bit in it can be set meanwhile.  The caller has found hec_caching().
 */
void hec_blocks_flush(struct hec_target *t, const struct hec_range *range)
{
	u32 plane;

	for_each_set_bit(plane, &t->planes, HEC_PLANES)
		flush_span(t, hec_span(plane, range->first, range->nr));
}

/* They are about to be got: the cache holds them no longer. */
void hec_blocks_take(struct hec_target *t, u64 first, u32 nr)
{
	hec_present_clear(t, first, first + nr);
}

/* True if no put of the page may begin.  The locks are held. */
static bool is_overtaken(struct hec_target *t, const struct bucket_pair *pair,
			 u64 place)
{
	return pair->low->inflight || pair->high->inflight ||
	       is_spoilt(t, pair) || !is_clear_of_wide(t, place);
}

/*
 * Begins to put the page, which has the content that @link tells of: false if the
 * link does not stand or the page's blocks are being written.  What has begun must
 * end soon, in the same RCU section.  Called anywhere.
 */
bool hec_blocks_put_begin(struct hec_target *t, struct page *page,
			  const struct hec_link *link)
{
	u64 place = hec_where_place(link->where);
	struct bucket_pair pair = buckets_of_page(t, place);
	unsigned long flags;
	bool begun;

	flags = put_lock(t, &pair);
	begun = hec_link_take(page_to_pfn(page), link) &&
		!is_overtaken(t, &pair, place);
	if (begun)
		put_enter(t, &pair);
	put_unlock(t, &pair, flags);
	if (!begun)
		hec_count(t, HEC_STAT_OVERTAKEN, 1);
	return begun;
}

/*
 * The hypervisor has answered to the put with @result.  A page that it took, but
 * which is never asked for, need not be kept.
 */
void hec_blocks_put_end(struct hec_target *t, u64 place, u64 result)
{
	struct bucket_pair pair = buckets_of_page(t, place);
	enum hec_stat stat = HEC_STAT_PUTS_REFUSED;
	unsigned long flags;

	flags = put_lock(t, &pair);
	if (is_spoilt(t, &pair))
		stat = HEC_STAT_OVERTAKEN;
	else if (result == HEC_OK && hec_present_set(t, place))
		stat = HEC_STAT_PUTS;
	if (stat != HEC_STAT_PUTS)
		hec_present_clear(t, place, place + 1);
	put_leave(t, &pair);
	put_unlock(t, &pair, flags);
	if (result == HEC_OK && stat != HEC_STAT_PUTS)
		flush_call(t, place, 1);
	hec_count(t, stat, 1);
}
