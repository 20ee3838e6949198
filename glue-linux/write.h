/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes, and everything else that changes the disk.
 */
#ifndef HEC_WRITE_H
#define HEC_WRITE_H

#include "bio.h"

void hec_write_begin(struct hec_target *t, struct bio *bio, struct hec_io *io);
void hec_write_elsewhere(struct hec_target *t, struct bio *bio,
			 struct hec_io *io);
void hec_write_end(struct hec_target *t, struct bio *bio, struct hec_io *io,
		   bool failed);

#endif
