// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pages of a bio.  A page can only be put, or got, as a whole: so what counts is
 * a page whose parts lie side by side on the disk.
 */
#include "bio.h"

const char hec_bio_mark;

u32 hec_for_each_page(struct hec_target *t, struct bio *bio, struct hec_io *io,
		      hec_page_fn *fn)
{
	sector_t sector = io->sector;
	struct bvec_iter iter;
	struct bio_vec bv;
	u32 pieces = 0;

	__bio_for_each_segment(bv, bio, iter, io->iter) {
		if (bv.bv_len == PAGE_SIZE)
			fn(t, io, bv.bv_page, hec_place(sector));
		else
			pieces++;
		sector += bv.bv_len >> SECTOR_SHIFT;
	}
	return pieces;
}
