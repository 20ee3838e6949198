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
 * A bucket (block modulo buckets) counts the writes in flight to its blocks.
 * Collisions make blocks look busy that are not: that loses a chance.
 *
 *     write:  enter the buckets -> drop the links -> flush ... disk ... leave
 *     put:    under the bucket's lock { nobody in, take the link, hypercall }
 *     link:   announce -> nobody in the bucket? ... disk ... still announced?
 *
 * A put is over before a write enters, and is flushed by it; or finds it in the
 * bucket; or, if that has left again, finds its link gone.  A link that is
 * announced before a write drops the links is dropped; one that is announced
 * later finds the write in the bucket, or else began after its end.
 *
 * Writes are followed whether there is a cache or not, because they may still
 * be in flight when one appears.  That costs two short locks a block.
 */
#include "block.h"

#include <linux/bitmap.h>
#include <linux/log2.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include "call.h"
#include "link.h"
#include "live.h"

#define BUCKETS_MAX 16384u
#define FLUSH_ATTEMPTS 64

/* The writes to the blocks that share a bucket. */
struct hec_bucket {
	spinlock_t lock;
	u32 inflight; /* [lock] writes submitted and not completed */
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

static struct hec_bucket *bucket_of(struct hec_target *t, u64 block)
{
	return &t->buckets[block & t->bucket_mask];
}

/* A range longer than the table enters each bucket once. */
static u64 buckets_of_range(struct hec_target *t, u64 nr)
{
	return min(nr, t->bucket_mask + 1);
}

static void bucket_add(struct hec_bucket *bucket, int writes)
{
	unsigned long flags;

	spin_lock_irqsave(&bucket->lock, flags);
	bucket->inflight += writes;
	spin_unlock_irqrestore(&bucket->lock, flags);
}

/* Before a write is passed on; no put of its blocks succeeds from here on. */
void hec_blocks_write_begin(struct hec_target *t, u64 first, u64 nr)
{
	u64 i, nr_buckets = buckets_of_range(t, nr);

	for (i = 0; i < nr_buckets; i++)
		bucket_add(bucket_of(t, first + i), 1);
}

void hec_blocks_write_end(struct hec_target *t, u64 first, u64 nr)
{
	u64 i, nr_buckets = buckets_of_range(t, nr);

	for (i = 0; i < nr_buckets; i++)
		bucket_add(bucket_of(t, first + i), -1);
}

/* True if no write to the block is in flight but the asker's @own. */
bool hec_blocks_quiet(struct hec_target *t, u64 block, u32 own)
{
	struct hec_bucket *bucket = bucket_of(t, block);
	unsigned long flags;
	bool quiet;

	spin_lock_irqsave(&bucket->lock, flags);
	quiet = bucket->inflight == own;
	spin_unlock_irqrestore(&bucket->lock, flags);
	return quiet;
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
	u64 result = hec_live_call(HEC_CMD_PUT, t->pool, block, gfn);

	if (result == HEC_OK) {
		set_bit(block, t->present);
		hec_count(t, HEC_STAT_PUTS, 1);
	} else {
		clear_bit(block, t->present);
		hec_count(t, HEC_STAT_PUTS_REFUSED, 1);
	}
}

/*
 * Puts the page, which has the content that @link tells of, if the link stands
 * and the block is not being written.  Interrupts are off.
 */
void hec_blocks_put(struct hec_target *t, struct page *page,
		    const struct hec_link *link)
{
	u64 block = hec_where_block(link->where);
	struct hec_bucket *bucket = bucket_of(t, block);

	spin_lock(&bucket->lock);
	if (!hec_link_take(page_to_pfn(page), link) || bucket->inflight)
		hec_count(t, HEC_STAT_OVERTAKEN, 1);
	else
		put_call(t, block, hec_call_frame(page));
	spin_unlock(&bucket->lock);
}
