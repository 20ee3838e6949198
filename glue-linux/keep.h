/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Persistent swap: swapped pages that live in the cache alone.
 */
#ifndef HEC_KEEP_H
#define HEC_KEEP_H

#include "bio.h"

enum hec_kept {
	HEC_KEPT_NONE, /* the disk has it */
	HEC_KEPT_DONE,
	HEC_KEPT_FAILED, /* what the cache alone had is lost */
};

/* False if no bio of the target's need be asked about. */
static inline bool hec_may_keep(const struct hec_target *t)
{
	return t->persistent || !xa_empty(&t->kept);
}

void hec_keep_allow(bool told);
int hec_keep_init(struct hec_target *t);
void hec_keep_fini(struct hec_target *t);
void hec_keep_begin(struct hec_target *t);
void hec_keep_end(struct hec_target *t);
void hec_keep_lose(struct hec_target *t);
int hec_keep_inherit(struct hec_target *t, struct hec_target *other);
u64 hec_keep_count(const struct hec_target *t);
bool hec_keep_write(struct hec_target *t, struct bio *bio, struct hec_io *io);
enum hec_kept hec_keep_overwrite(struct hec_target *t, sector_t first, u64 nr);
enum hec_kept hec_keep_read(struct hec_target *t, struct bio *bio,
			    struct hec_io *io);
void hec_keep_freed(swp_entry_t entry);

#endif
