/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bio comes, a bio completes: the target's two functions.
 */
#ifndef HEC_IO_H
#define HEC_IO_H

#include "guest.h"

int hec_map(struct dm_target *ti, struct bio *bio);
int hec_end_io(struct dm_target *ti, struct bio *bio, blk_status_t *error);

#endif
