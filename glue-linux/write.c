// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes, and everything else that changes the disk: discards, write-zeroes.
 *
 * At submission the blocks enter their buckets, their links die, and what the
 * cache holds of them is dropped; at completion, failed or not, they leave.
 *
 * A page that the kernel writes back equals its block afterwards, if the device
 * fetched what was sealed at submission.  Whoever changes the page after that
 * dirties it, before or after changing it, and holds it until then: so it loses
 * its link before it can be evicted (evict.c).  A page that is dirty already is
 * not linked at all, and the check comes after the announcement, which closes
 * the gap between the two.  A change without dirtying (see seal.c) is not made
 * under a buffer that is being written, and later ones break the seal.  Pages of the
 * swap cache have an argument of their own (swap.c).
 *
 * If another write to the bucket is in flight too, nobody knows which of them
 * the disk will hold: no link.
 */
#include "write.h"

#include "block.h"
#include "link.h"
#include "live.h"
#include "seal.h"
#include "swap.h"

static bool is_clean_writeback(struct folio *folio)
{
	return folio_test_writeback(folio) && !folio_test_dirty(folio) &&
	       hec_is_evictable(folio);
}

static void announce_page(struct hec_target *t, struct hec_io *io,
			  struct page *page, u64 place)
{
	struct folio *folio = page_folio(page);
	struct hec_link link;

	if (!is_clean_writeback(folio))
		return;
	if (folio_test_swapcache(folio))
		hec_swap_written(t, page, place);
	link.where = hec_where(t, place);
	link.seal = hec_seal(page);
	if (!hec_link_announce(t, page_to_pfn(page), &link))
		return;
	if (hec_blocks_quiet(t, place, 1) && !folio_test_dirty(folio))
		io->links = true;
	else
		hec_link_drop(page_to_pfn(page));
}

static void begin(struct hec_target *t, struct bio *bio, struct hec_io *io,
		  bool links)
{
	bool has_data = bio_op(bio) == REQ_OP_WRITE;
	struct hec_range *range = &io->range;

	io->kind = HEC_IO_WRITE;
	io->links = false;
	io->iter = bio->bi_iter;
	range->first = io->sector;
	range->nr = bio_sectors(bio);
	hec_blocks_write_begin(t, range, has_data);
	hec_count(t, HEC_STAT_LOOKS,
		  hec_links_written(t, range->first, range->nr));
	rcu_read_lock();
	if (hec_caching(t)) {
		hec_blocks_flush(t, range);
		if (has_data && links)
			hec_for_each_page(t, bio, io, announce_page);
	}
	rcu_read_unlock();
}

void hec_write_begin(struct hec_target *t, struct bio *bio, struct hec_io *io)
{
	begin(t, bio, io, true);
}

/* The write has been done, but not to the disk (keep.c). */
void hec_write_elsewhere(struct hec_target *t, struct bio *bio,
			 struct hec_io *io)
{
	begin(t, bio, io, false);
	hec_blocks_write_end(t, &io->range);
	io->kind = HEC_IO_PLAIN;
}

static void confirm_page(struct hec_target *t, struct hec_io *io,
			 struct page *page, u64 place)
{
	if (hec_link_confirm(page_to_pfn(page), hec_where(t, place), NULL))
		hec_count(t, HEC_STAT_LINKS, 1);
}

static void drop_page(struct hec_target *t, struct hec_io *io,
		      struct page *page, u64 place)
{
	hec_link_drop(page_to_pfn(page));
}

void hec_write_end(struct hec_target *t, struct bio *bio, struct hec_io *io,
		   bool failed)
{
	if (io->links)
		hec_for_each_page(t, bio, io,
				  failed ? drop_page : confirm_page);
	hec_blocks_write_end(t, &io->range);
}
