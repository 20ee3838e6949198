/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads: from the cache where it has the blocks, and their pages linked.
 */
#ifndef HEC_READ_H
#define HEC_READ_H

#include "bio.h"

bool hec_read_begin(struct hec_target *t, struct bio *bio, struct hec_io *io);
void hec_read_end(struct hec_target *t, struct bio *bio, struct hec_io *io,
		  bool failed);
int hec_read_init(void);
void hec_read_fini(void);

#endif
