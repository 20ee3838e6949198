// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is written to a target's disk beside the target: through the disk's own
 * node, a partition's, another device-mapper device.
 *
 * The kernel tells of each bio when it is submitted to a device, after its place
 * on the disk is known, and when it has completed; a target's own bear a mark
 * (bio.h).  A write that is not the target's is followed as the target's own
 * writes are, with the same argument (block.c):
 *
 *     submitted:  enter the buckets -> drop the links -> flush
 *     completed:  leave the buckets
 *
 * A write to more blocks than RANGE_MAX is not followed block by block: the target
 * has no pool until it has completed, and then another one.
 *
 * A write may have been submitted while nobody watched: before the target was
 * resumed, or before there was a cache.  Then its completion is the first that is
 * seen of it.  Where it wrote is not known any more, so the target's pool goes with
 * all links.  That is soon enough: until a write has completed a read may find what
 * was before it.  A write that is known, but touches no block of the target, is
 * noted just to tell it from these.
 *
 * The kernel splits a bio by chaining the parts to it.  A request's bios complete
 * with it, each part with its own; so bytes are counted until the whole is done.
 *
 * What does not come as a bio is change.c's; what is written to devices below the
 * disk is not seen.
 */
#include "beside.h"

#include <linux/blk-mq.h>
#include <linux/hash.h>
#include <linux/major.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>

#include "bio.h"
#include "block.h"
#include "link.h"
#include "live.h"
#include "pending.h"
#include "probe.h"

#define DISKS_SHIFT 6
#define RANGE_MAX 4096 /* blocks */

static struct hlist_head disks[1u << DISKS_SHIFT]; /* [session mutex, RCU] */
static bio_end_io_t *chain_end; /* of a bio that is chained to another */

static struct hlist_head *head_of(const struct gendisk *disk)
{
	return &disks[hash_ptr(disk, DISKS_SHIFT)];
}

/* The target's first sector on the whole disk. */
static sector_t start_of(const struct hec_target *t)
{
	return get_start_sect(t->dev->bdev) + t->start;
}

/* The device and the target share a part of the disk, or could. */
static bool is_beside(const struct hec_target *t, struct block_device *bdev)
{
	sector_t start = get_start_sect(bdev);

	if (t->dev->bdev->bd_disk != bdev->bd_disk)
		return false;
	return bdev == bdev_whole(bdev) ||
	       (start < start_of(t) + t->len &&
		start_of(t) < start + bdev_nr_sectors(bdev));
}

/* Which part of the target is in the sectors from @start to @end? */
static void find_blocks(struct hec_pending *op, sector_t start, sector_t end)
{
	sector_t from = start_of(op->t);

	start = max(start, from);
	end = min(end, from + op->t->len);
	if (start >= end)
		return;
	op->range =
		(struct hec_range){ .first = start - from, .nr = end - start };
	op->nr = op->range.nr;
	if (op->nr > RANGE_MAX * HEC_BLOCK_SECTORS)
		op->nr = HEC_PENDING_WHOLE;
}

static void find_blocks_of(struct hec_pending *op, struct bio *bio)
{
	sector_t start = bio->bi_iter.bi_sector;

	if (!bio_flagged(bio, BIO_REMAPPED))
		start += get_start_sect(bio->bi_bdev);
	find_blocks(op, start, start + bio_sectors(bio));
	if (op_is_zone_mgmt(bio_op(bio)))
		op->nr = HEC_PENDING_WHOLE;
}

static void begin(struct hec_pending *op)
{
	struct hec_target *t = op->t;

	if (op->nr)
		hec_count(t, HEC_STAT_BESIDE, 1);
	if (op->nr == HEC_PENDING_WHOLE) {
		atomic_inc(&t->held_off);
		hec_live_doubt(t);
	} else if (op->nr) {
		hec_blocks_write_begin(t, &op->range, true);
		hec_links_written(t, op->range.first, op->range.nr);
		if (hec_caching(t))
			hec_blocks_flush(t, &op->range);
	}
}

static void end(struct hec_pending *op)
{
	struct hec_target *t = op->t;

	if (op->nr == HEC_PENDING_WHOLE) {
		atomic_dec(&t->held_off);
		hec_live_doubt(t);
	} else if (op->nr) {
		hec_blocks_write_end(t, &op->range);
	}
	hec_pending_free(op);
}

static bool is_chained(const struct bio *bio)
{
	return bio->bi_end_io == chain_end;
}

static bool is_others_write(const struct bio *bio)
{
	return op_is_write(bio_op(bio)) && !hec_bio_is_own(bio) &&
	       !(is_chained(bio) && hec_bio_is_own(bio->bi_private));
}

/* One that cannot be noted counts as one that nobody saw begin. */
static void note(struct hec_target *t, struct bio *bio)
{
	struct hec_pending *op = hec_pending_new(bio, t);

	if (!op)
		return;
	op->left = bio->bi_iter.bi_size;
	find_blocks_of(op, bio);
	begin(op);
	hec_pending_add(op);
}

static void probe_submit(void *data, struct bio *bio)
{
	struct hec_target *t;

	if (!is_others_write(bio))
		return;
	hec_beside_let_go(bio); /* another one, which had its place in memory */
	rcu_read_lock();
	hlist_for_each_entry_rcu(t, head_of(bio->bi_bdev->bd_disk), beside)
		if (is_beside(t, bio->bi_bdev))
			note(t, bio);
	rcu_read_unlock();
}

/*
 * So many bytes are done of a bio that is noted under the key, or is not; none is
 * the end of a flush.
 */
static void done(struct bio *bio, const void *key, u64 bytes)
{
	struct hec_target *t;

	rcu_read_lock();
	hlist_for_each_entry_rcu(t, head_of(bio->bi_bdev->bd_disk), beside)
		if (bytes && is_beside(t, bio->bi_bdev) &&
		    !hec_pending_has(key, t))
			hec_live_doubt(t);
	hec_pending_done(key, bytes, end);
	rcu_read_unlock();
}

/*
 * A bio has completed, and no request was made of it.  Of a part nothing need be
 * known: the whole completes after it.
 */
static void probe_bio(void *data, struct request_queue *q, struct bio *bio)
{
	if (is_others_write(bio) &&
	    (!is_chained(bio) || hec_pending_has(bio, NULL)))
		done(bio, bio, U64_MAX);
}

static void part_done(struct bio *bio, u32 bytes)
{
	bool is_part = is_chained(bio) && !hec_pending_has(bio, NULL);

	done(bio, is_part ? bio->bi_private : bio, bytes);
}

/* So many bytes of the request's bios, from the first one on, are done. */
static void bios_done(struct request *rq, u32 left)
{
	struct bio *bio = rq->bio;
	u32 bytes;

	while (bio) {
		bytes = min(left, bio->bi_iter.bi_size);
		if (is_others_write(bio))
			part_done(bio, bytes);
		left -= bytes;
		bio = left ? bio->bi_next : NULL;
	}
}

/* Often in an interrupt. */
static void probe_request(void *data, struct request *rq, blk_status_t error,
			  unsigned int nr_bytes)
{
	if (op_is_write(req_op(rq)) && !blk_rq_is_passthrough(rq) &&
	    (hec_pending_any() || !hlist_empty(head_of(rq->q->disk))))
		bios_done(rq, nr_bytes);
	if (nr_bytes >= blk_rq_bytes(rq))
		hec_beside_let_go(rq);
}

static struct hec_probe probes[] = {
	{ .name = "block_rq_complete", .function = probe_request },
	{ .name = "block_bio_complete", .function = probe_bio },
	{ .name = "block_bio_queue", .function = probe_submit },
};

static bio_end_io_t *find_chain_end(void)
{
	struct bio part, whole;

	bio_init(&part, NULL, NULL, 0, REQ_OP_WRITE);
	bio_init(&whole, NULL, NULL, 0, REQ_OP_WRITE);
	bio_chain(&part, &whole);
	return part.bi_end_io;
}

int hec_beside_register(void)
{
	chain_end = find_chain_end();
	return hec_probes_register(probes, ARRAY_SIZE(probes));
}

/* What is in flight now counts as not seen if it ends after a new beginning. */
void hec_beside_unregister(void)
{
	hec_probes_unregister(probes, ARRAY_SIZE(probes));
	hec_pending_end(NULL, end);
}

/* The disk may be another one.  Called anywhere, as are the next two. */
void hec_beside_doubt(const struct gendisk *disk)
{
	struct hec_target *t;

	rcu_read_lock();
	hlist_for_each_entry_rcu(t, head_of(disk), beside)
		if (t->dev->bdev->bd_disk == disk)
			hec_live_doubt(t);
	rcu_read_unlock();
}

/* A target whose hold cannot be noted has no pool from then on. */
static void hold(struct hec_target *t, const void *key)
{
	struct hec_pending *op = hec_pending_new(key, t);

	if (!op) {
		atomic_inc(&t->held_off);
		hec_live_doubt(t);
		return;
	}
	op->nr = HEC_PENDING_WHOLE;
	begin(op);
	hec_pending_add(op);
}

/* Nobody knows what is done to the disk, or to any if that is NULL. */
void hec_beside_hold(const struct gendisk *disk, const void *key)
{
	struct hec_target *t;
	u32 i;

	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(disks); i++)
		hlist_for_each_entry_rcu(t, &disks[i], beside)
			if (!disk || t->dev->bdev->bd_disk == disk)
				hold(t, key);
	rcu_read_unlock();
}

/* That is done now. */
void hec_beside_let_go(const void *key)
{
	rcu_read_lock();
	hec_pending_done(key, U64_MAX, end);
	rcu_read_unlock();
}

static void settle(struct block_device *bdev)
{
	sync_blockdev(bdev);
	invalidate_bdev(bdev);
}

/*
 * What is dirty in the page cache of the disk's node reaches the disk, and is read
 * from there again.  Before the target is resumed; dirty pages of other nodes are
 * seen when they are written.
 */
void hec_beside_settle(struct hec_target *t)
{
	unsigned int noio = memalloc_noio_save();

	settle(bdev_whole(t->dev->bdev));
	settle(t->dev->bdev);
	memalloc_noio_restore(noio);
}

/* There may be devices below the disk, and they can be written unseen. */
bool hec_beside_is_stacked(const struct hec_target *t)
{
	struct block_device *bdev = t->dev->bdev;

	return bdev->bd_disk->fops->submit_bio ||
	       MAJOR(bdev->bd_dev) == LOOP_MAJOR;
}

/* From here on, and as long as the probes are registered. */
void hec_beside_watch(struct hec_target *t)
{
	hlist_add_head_rcu(&t->beside, head_of(t->dev->bdev->bd_disk));
}

void hec_beside_unwatch(struct hec_target *t)
{
	hlist_del_init_rcu(&t->beside);
}

/*
 * The target, which is not watched since a grace period, ends.  No probe uses it
 * when this returns.
 */
void hec_beside_forget(struct hec_target *t)
{
	hec_pending_end(t, end);
	synchronize_rcu();
}
