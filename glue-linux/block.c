// SPDX-License-Identifier: GPL-2.0-only
/*
 * The blocks of a target: which ones the cache may hold, and when each was
 * written last.
 *
 * Presence.  A bit a block: set when a put succeeded, cleared by a get, a write
 * and a failed put.  Only a block whose bit is set is ever asked for.  So the
 * bits alone keep what is out of date from being read; the flush calls merely
 * give the hypervisor its memory back, and one that fails loses nothing.  (A
 * page left behind under a block cannot come back: the next put of that block
 * replaces it, or fails and drops it.)
 *
 * Writes.  Everything that is not a read counts: discards and write-zeroes too.
 * A clock ticks at each submission and at each completion of a write.  A block
 * falls into a bucket, block modulo buckets, where
 *
 *     inflight   writes to its blocks that were submitted and not completed
 *     last       the latest tick of a write to its blocks
 *
 * Collisions make blocks look written that are not: that loses a chance.
 *
 *     disk holds X       write begins                write ends
 *     at stamp s         tick w, inflight++          tick e, inflight--
 *   -----+-------------------+---------------------------+----------> time
 *      put of X allowed      | refused: inflight != 0    | refused: e > s
 *
 * A put looks at both and makes its hypercall under the bucket's lock, and a
 * write enters all its buckets before it clears the presence bits.  So a put is
 * either over before, and is flushed, or finds inflight != 0.
 *
 * A write is followed whether there is a cache or not, because it may still be
 * in flight when one appears.  That costs two short locks a block.
 */
#include "guest.h"

#include <linux/bitmap.h>
#include <linux/log2.h>
#include <linux/vmalloc.h>

#define BUCKETS_MAX 16384u
#define FLUSH_ATTEMPTS 64

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

	t->present = vzalloc(BITS_TO_LONGS(t->nr_blocks + 1) * sizeof(long));
	t->buckets = kvcalloc(nr_buckets, sizeof(*t->buckets), GFP_KERNEL);
	t->bucket_mask = nr_buckets - 1;
	if (!t->present || !t->buckets)
		return -ENOMEM;
	buckets_init(t);
	return 0;
}

void hec_blocks_fini(struct hec_target *t)
{
	kvfree(t->buckets);
	vfree(t->present);
}

/* Nobody may be caching. */
void hec_blocks_forget(struct hec_target *t)
{
	bitmap_zero(t->present, t->nr_blocks);
}

/*
 * The time, for a read: what it will find on the disk was there at this stamp
 * or came with a write that ticks later.
 */
u64 hec_blocks_now(struct hec_target *t)
{
	return atomic64_read_acquire(&t->clock);
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

/* Ticks can reach a bucket out of order. */
static void bucket_tick(struct hec_bucket *bucket, int inflight, u64 stamp)
{
	unsigned long flags;

	spin_lock_irqsave(&bucket->lock, flags);
	bucket->inflight += inflight;
	bucket->last = max(bucket->last, stamp);
	spin_unlock_irqrestore(&bucket->lock, flags);
}

/* Before a write is passed on; no put of its blocks succeeds from here on. */
u64 hec_blocks_write_begin(struct hec_target *t, u64 first, u64 nr)
{
	u64 stamp = atomic64_inc_return(&t->clock);
	u64 i, nr_buckets = buckets_of_range(t, nr);

	for (i = 0; i < nr_buckets; i++)
		bucket_tick(bucket_of(t, first + i), 1, stamp);
	return stamp;
}

/* The tick of a completion: taken first, entered by hec_blocks_write_end(). */
u64 hec_blocks_write_stamp(struct hec_target *t)
{
	return atomic64_inc_return(&t->clock);
}

/*
 * True if no other write touched the bucket since the one that began at @stamp,
 * which has not ended.  One that begins later than this question ends with a
 * tick later than the asker's, if that was taken before.
 */
bool hec_blocks_write_alone(struct hec_target *t, u64 block, u64 stamp)
{
	struct hec_bucket *bucket = bucket_of(t, block);
	unsigned long flags;
	bool alone;

	spin_lock_irqsave(&bucket->lock, flags);
	alone = bucket->inflight == 1 && bucket->last == stamp;
	spin_unlock_irqrestore(&bucket->lock, flags);
	return alone;
}

void hec_blocks_write_end(struct hec_target *t, u64 first, u64 nr, u64 stamp)
{
	u64 i, nr_buckets = buckets_of_range(t, nr);

	for (i = 0; i < nr_buckets; i++)
		bucket_tick(bucket_of(t, first + i), -1, stamp);
}

static void flush_call(struct hec_target *t, u64 first, u64 nr)
{
	u64 result;
	int i;

	for (i = 0; i < FLUSH_ATTEMPTS; i++) {
		hec_count(t, HEC_STAT_FLUSHES, 1);
		if (nr == 1)
			result = hec_session_call(HEC_CMD_FLUSH, t->pool, first,
						  0);
		else
			result = hec_session_call(HEC_CMD_FLUSH_RANGE, t->pool,
						  first, nr);
		if (result != (u64)HEC_EAGAIN)
			break;
	}
}

/* Clears the bits from @first to @end, and returns the end of the last one. */
static u64 clear_present(struct hec_target *t, u64 first, u64 end)
{
	u64 last = first;
	u64 block;

	for (block = find_next_bit(t->present, end, first); block < end;
	     block = find_next_bit(t->present, end, block + 1)) {
		clear_bit(block, t->present);
		last = block + 1;
	}
	return last;
}

/*
 * Drops what the cache holds of a range in which writes are in flight, so that
 * no bit in it can be set meanwhile.  The caller has found hec_caching().
 */
void hec_blocks_flush(struct hec_target *t, u64 first, u64 nr)
{
	u64 end = min(first + nr, t->nr_blocks);
	u64 next;

	while ((first = find_next_bit(t->present, end, first)) < end) {
		next = clear_present(t, first,
				     min(end, first + HEC_ABI_RANGE_MAX));
		if (next > first)
			flush_call(t, first, next - first);
		first = max(next, first + 1);
	}
}

/*
 * How many blocks from @first on, @nr at most, are like the first one: present
 * or not.
 */
u32 hec_blocks_run(struct hec_target *t, u64 first, u32 nr, bool *present)
{
	u64 end = first + nr;

	*present = test_bit(first, t->present);
	if (*present)
		return find_next_zero_bit(t->present, end, first) - first;
	return find_next_bit(t->present, end, first) - first;
}

/* They are about to be got: the cache holds them no longer. */
void hec_blocks_take(struct hec_target *t, u64 first, u32 nr)
{
	u64 end = first + nr;

	for (; first < end; first++)
		clear_bit(first, t->present);
}

static void put_call(struct hec_target *t, u64 block, u64 gfn)
{
	u64 result = hec_session_call(HEC_CMD_PUT, t->pool, block, gfn);

	if (result == HEC_OK) {
		set_bit(block, t->present);
		hec_count(t, HEC_STAT_PUTS, 1);
	} else {
		clear_bit(block, t->present);
		hec_count(t, HEC_STAT_PUTS_REFUSED, 1);
	}
}

/*
 * Puts the frame, which holds what the block held at @stamp, unless the block
 * may have been written since.  Interrupts are off.
 */
void hec_blocks_put(struct hec_target *t, u64 block, u64 stamp, u64 gfn)
{
	struct hec_bucket *bucket = bucket_of(t, block);

	spin_lock(&bucket->lock);
	if (!bucket->inflight && bucket->last <= stamp)
		put_call(t, block, gfn);
	else
		hec_count(t, HEC_STAT_OVERTAKEN, 1);
	spin_unlock(&bucket->lock);
}
