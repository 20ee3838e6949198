/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bio that comes through a target: what is kept with it, and its pages.
 */
#ifndef HEC_BIO_H
#define HEC_BIO_H

#include "block.h"

#include <linux/pagemap.h>

enum hec_io_kind {
	HEC_IO_PLAIN, /* nothing to do when it completes */
	HEC_IO_UNFOLLOWED, /* it changes blocks, and is only counted */
	HEC_IO_READ, /* its pages can be linked */
	HEC_IO_WRITE, /* its blocks wait for the end of the write */
};

/* A bio on its way to the disk: dm's per-bio data. */
struct hec_io {
	enum hec_io_kind kind;
	bool links; /* it has announced links */
	struct bvec_iter iter; /* as submitted: the block layer consumes it */
	sector_t sector; /* where it begins in the target */
	struct hec_range range; /* of a write */
};

/*
 * A target's bios bear a mark on their way to the disk, so that they are told from
 * others'.  The device mapper leaves this field to targets.
 */
extern const char hec_bio_mark;

static inline void hec_bio_make_own(struct bio *bio)
{
	bio->bi_private = (void *)&hec_bio_mark;
}

static inline bool hec_bio_is_own(const struct bio *bio)
{
	return bio->bi_private == &hec_bio_mark;
}

/* Calls @fn for each page that is whole; returns how many pieces are not. */
typedef void hec_page_fn(struct hec_target *t, struct hec_io *io,
			 struct page *page, u64 place);
u32 hec_for_each_page(struct hec_target *t, struct bio *bio, struct hec_io *io,
		      hec_page_fn *fn);

/*
 * The file that a page belongs to, or NULL: not one of the page cache, but
 * anonymous, swapped, or the kernel's own.
 */
static inline struct address_space *hec_file_mapping(struct folio *folio)
{
	return folio_test_swapcache(folio) ? NULL : folio_mapping(folio);
}

/* True of a page that the kernel may evict: of the page cache or the swap cache. */
static inline bool hec_is_evictable(struct folio *folio)
{
	return folio_test_swapcache(folio) || folio_mapping(folio);
}

#endif
