// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bio comes in and, unless the cache answers it, goes on to the disk.
 */
#include "io.h"

#include "bio.h"
#include "live.h"
#include "read.h"
#include "write.h"

static bool answered(struct hec_target *t, struct bio *bio, struct hec_io *io)
{
	bool hit = false;

	if (!bio_sectors(bio))
		return false; /* a flush */
	if (bio_op(bio) != REQ_OP_READ) {
		hec_write_begin(t, bio, io);
		return false;
	}
	rcu_read_lock();
	if (hec_caching(t))
		hit = hec_read_begin(t, bio, io);
	rcu_read_unlock();
	return hit;
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

/* Often in an interrupt. */
int hec_end_io(struct dm_target *ti, struct bio *bio, blk_status_t *error)
{
	struct hec_io *io = dm_per_bio_data(bio, sizeof(*io));
	struct hec_target *t = ti->private;

	if (io->kind == HEC_IO_READ)
		hec_read_end(t, bio, io, *error);
	else if (io->kind == HEC_IO_WRITE)
		hec_write_end(t, bio, io, *error);
	return DM_ENDIO_DONE;
}
