// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bio comes in and, unless the cache answers it, goes on to the disk.
 *
 * What is to do when a bio completes is done with interrupts on, if it is much
 * (later.c).  So that it has an end, a longer bio with data is cut (dm sends the rest
 * again).
 */
#include "io.h"

#include "bio.h"
#include "follow.h"
#include "keep.h"
#include "later.h"
#include "live.h"
#include "read.h"
#include "write.h"

#define SECTORS_MAX (256u * HEC_BLOCK_SECTORS)
#define MANY_SECTORS (8u * HEC_BLOCK_SECTORS)

static void shorten(struct bio *bio)
{
	if (bio_sectors(bio) > SECTORS_MAX)
		dm_accept_partial_bio(bio, SECTORS_MAX);
}

/* True if that is the answer; an error it may be, too. */
static bool is_kept(struct bio *bio, enum hec_kept result)
{
	if (result == HEC_KEPT_FAILED)
		bio->bi_status = BLK_STS_IOERR;
	return result != HEC_KEPT_NONE;
}

/* Swap that the disk does not have (keep.c): true if the bio is done with. */
static bool write_kept(struct hec_target *t, struct bio *bio, struct hec_io *io)
{
	if (!hec_keep_write(t, bio, io))
		return is_kept(bio, hec_keep_overwrite(t, io->sector,
						       bio_sectors(bio)));
	hec_write_elsewhere(t, bio, io);
	return true;
}

static bool write(struct hec_target *t, struct bio *bio, struct hec_io *io)
{
	if (hec_may_keep(t) && write_kept(t, bio, io))
		return true;
	if (hec_follow_write(t)) {
		if (bio_op(bio) == REQ_OP_WRITE)
			shorten(bio);
		hec_write_begin(t, bio, io);
	} else {
		io->kind = HEC_IO_UNFOLLOWED;
	}
	return false;
}

static bool read(struct hec_target *t, struct bio *bio, struct hec_io *io)
{
	bool hit = false;

	if (hec_may_keep(t) && is_kept(bio, hec_keep_read(t, bio, io)))
		return true;
	if (!hec_caching(t)) /* without a cache it costs no more than this */
		return false;
	shorten(bio);
	rcu_read_lock();
	if (hec_caching(t))
		hit = hec_read_begin(t, bio, io);
	rcu_read_unlock();
	return hit;
}

static bool answered(struct hec_target *t, struct bio *bio, struct hec_io *io)
{
	if (!bio_sectors(bio))
		return false; /* a flush */
	return bio_op(bio) == REQ_OP_READ ? read(t, bio, io)
					  : write(t, bio, io);
}

int hec_map(struct dm_target *ti, struct bio *bio)
{
	struct hec_io *io = dm_per_bio_data(bio, sizeof(*io));
	struct hec_target *t = ti->private;

	io->kind = HEC_IO_PLAIN;
	io->sector = dm_target_offset(ti, bio->bi_iter.bi_sector);
	if (answered(t, bio, io)) {
		bio_endio(bio);
		return DM_MAPIO_SUBMITTED;
	}
	hec_bio_make_own(bio);
	bio_set_dev(bio, t->dev->bdev);
	bio->bi_iter.bi_sector = t->start + io->sector;
	return DM_MAPIO_REMAPPED;
}

/* Pages to be sealed, or many to be looked up. */
static bool has_much_to_do(const struct hec_io *io)
{
	return (io->kind == HEC_IO_READ && io->links) ||
	       (io->kind == HEC_IO_WRITE && io->range.nr > MANY_SECTORS);
}

/* Often in an interrupt. */
int hec_end_io(struct dm_target *ti, struct bio *bio, blk_status_t *error)
{
	struct hec_io *io = dm_per_bio_data(bio, sizeof(*io));
	struct hec_target *t = ti->private;

	if (has_much_to_do(io) && hec_later(bio))
		return DM_ENDIO_INCOMPLETE;
	if (io->kind == HEC_IO_READ)
		hec_read_end(t, bio, io, *error);
	else if (io->kind == HEC_IO_WRITE)
		hec_write_end(t, bio, io, *error);
	else if (io->kind == HEC_IO_UNFOLLOWED)
		hec_follow_uncounted(t);
	return DM_ENDIO_DONE;
}
