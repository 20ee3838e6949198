// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads.  A bio is cut to a run of blocks that are all present or all absent
 * (dm sends the rest again); a present run is got from the cache, in one call
 * if the hypervisor knows batches.  Should any block of it fail, the whole run
 * is read from the disk, which overwrites whatever a failed get left in the
 * pages.
 *
 * Only bios of whole pages can be answered.  Pages are linked one by one, so that
 * file systems with blocks smaller than a page gain where a page's blocks lie side
 * by side.
 *
 * A get removes the page from the cache.  So only pages of the page cache and of the
 * swap cache are got, which come back when they are evicted.  A direct read has what
 * the cache holds from the disk, which holds the same, and leaves it to others.
 *
 * The presence bits are cleared before the get.  A write that is submitted in
 * between finds them clear and need not flush: this read overlaps it and may
 * answer with either content, and its announcements are dropped.
 */
#include "read.h"

#include <linux/buffer_head.h>

#include "block.h"
#include "call.h"
#include "link.h"
#include "live.h"
#include "present.h"
#include "seal.h"

/* A page a CPU: the descriptors of a batch, used with preemption off. */
static DEFINE_PER_CPU(struct page *, batch_page);

int __init hec_read_init(void)
{
	struct page *page;
	int cpu;

	for_each_possible_cpu(cpu) {
		page = alloc_page(GFP_KERNEL);
		if (!page)
			return -ENOMEM;
		per_cpu(batch_page, cpu) = page;
	}
	return 0;
}

void hec_read_fini(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (per_cpu(batch_page, cpu))
			__free_page(per_cpu(batch_page, cpu));
}

/*
 * Metadata is read into a buffer of the block device's page cache, with the
 * buffer locked in place of the page.  Only such pages have buffers for sure,
 * and private_lock keeps them; RCU keeps the inode of a page that has one.
 */
static bool is_whole_buffer_in_read(struct folio *folio)
{
	struct address_space *mapping = hec_file_mapping(folio);
	struct buffer_head *head;
	bool in_read;

	if (!mapping || !sb_is_blkdev_sb(mapping->host->i_sb))
		return false;
	spin_lock(&mapping->hec_private_lock);
	head = folio->mapping == mapping ? folio_buffers(folio) : NULL;
	in_read = head && head->b_size == PAGE_SIZE && buffer_locked(head) &&
		  !buffer_uptodate(head);
	spin_unlock(&mapping->hec_private_lock);
	return in_read;
}

/*
 * True if the read, until it completes, is the only one to touch the page: one
 * of these caches, not up to date, which the reader has locked.  The buffer
 * of a direct read is none of that, for nobody can map a page that is not up to
 * date.
 */
static bool is_settled(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (!hec_is_evictable(folio) || folio_test_uptodate(folio))
		return false;
	return folio_test_locked(folio) || is_whole_buffer_in_read(folio);
}

static void announce_page(struct hec_target *t, struct hec_io *io,
			  struct page *page, u64 place)
{
	struct hec_link link = { .where = hec_where(t, place) };

	if (!is_settled(page)) {
		hec_count(t, HEC_STAT_FOREIGN, 1);
		return;
	}
	if (!hec_link_announce(t, page_to_pfn(page), &link))
		return;
	if (hec_blocks_quiet(t, place, 0))
		io->links = true;
	else
		hec_link_drop(page_to_pfn(page));
}

static void confirm_page(struct hec_target *t, struct hec_io *io,
			 struct page *page, u64 place)
{
	u64 seal;

	if (folio_test_uptodate(page_folio(page)))
		return;
	seal = hec_seal(page);
	if (hec_link_confirm(page_to_pfn(page), hec_where(t, place), &seal))
		hec_count(t, HEC_STAT_LINKS, 1);
}

static void drop_page(struct hec_target *t, struct hec_io *io,
		      struct page *page, u64 place)
{
	hec_link_drop(page_to_pfn(page));
}

static bool get_singly(struct hec_target *t, struct bio *bio, u64 place)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter) {
		if (hec_live_call(HEC_CMD_GET, t->pool, place,
				  hec_call_frame(bv.bv_page)) != HEC_OK)
			return false;
		place++;
	}
	return true;
}

static u32 describe(struct bio *bio, u64 place, struct hec_abi_desc *desc)
{
	struct bvec_iter iter;
	struct bio_vec bv;
	u32 nr = 0;

	bio_for_each_segment(bv, bio, iter)
		desc[nr++] = (struct hec_abi_desc){
			.index = place++,
			.gfn = hec_call_frame(bv.bv_page),
			.status = HEC_ENOENT,
		};
	return nr;
}

static bool all_ok(const struct hec_abi_desc *desc, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (READ_ONCE(desc[i].status) != HEC_OK)
			return false;
	return true;
}

static bool get_batch(struct hec_target *t, struct bio *bio, u64 place)
{
	struct page *page = get_cpu_var(batch_page);
	struct hec_abi_desc *desc = page_address(page);
	u32 nr = describe(bio, place, desc);
	bool ok;

	ok = hec_live_call(HEC_CMD_BATCH_GET, t->pool, hec_call_frame(page),
			   nr) == HEC_OK &&
	     all_ok(desc, nr);
	put_cpu_var(batch_page);
	return ok;
}

static bool get_run(struct hec_target *t, struct bio *bio, u64 place, u32 nr)
{
	bool ok;

	hec_blocks_take(t, place, nr);
	if (nr > 1 && hec_live_features & HEC_FEATURE_BATCH)
		ok = get_batch(t, bio, place);
	else
		ok = get_singly(t, bio, place);
	hec_count(t, ok ? HEC_STAT_HITS : HEC_STAT_GETS_FAILED, ok ? nr : 1);
	return ok;
}

static bool is_whole(struct bio *bio)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter)
		if (bv.bv_len != PAGE_SIZE)
			return false;
	return true;
}

static bool is_all_settled(struct bio *bio)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter)
		if (!is_settled(bv.bv_page))
			return false;
	return true;
}

/*
 * Cuts the bio to its first run of blocks; returns the blocks to get, or 0 if
 * it is the disk's.
 */
static u32 cut(struct hec_target *t, struct bio *bio, struct hec_io *io)
{
	u32 run, nr = bio_sectors(bio) >> HEC_BLOCK_SECTORS_SHIFT;
	bool present;

	if (!is_whole(bio))
		return 0;
	run = hec_present_run(t, hec_place(io->sector), nr, &present);
	if (present && !is_all_settled(bio))
		return 0;
	if (present)
		run = min(run, HEC_ABI_BATCH_MAX);
	if (run < nr)
		dm_accept_partial_bio(bio, run << HEC_BLOCK_SECTORS_SHIFT);
	return present ? run : 0;
}

/* Of @pages that the disk reads, the cache has been asked for @asked. */
static void missed(struct hec_target *t, u32 pages, u32 asked)
{
	hec_count(t, HEC_STAT_MISSES, pages);
	if (!asked)
		hec_call_unasked(pages);
}

/* Returns true if the bio has its data.  The caller has found hec_caching(). */
bool hec_read_begin(struct hec_target *t, struct bio *bio, struct hec_io *io)
{
	u32 run;

	io->kind = HEC_IO_READ;
	io->links = false;
	run = cut(t, bio, io);
	io->iter = bio->bi_iter;
	hec_count(t, HEC_STAT_PIECES,
		  hec_for_each_page(t, bio, io, announce_page));
	if (run && get_run(t, bio, hec_place(io->sector), run)) {
		hec_read_end(t, bio, io, false);
		io->kind = HEC_IO_PLAIN;
		return true;
	}
	missed(t, bio_sectors(bio) / HEC_BLOCK_SECTORS, run);
	return false;
}

/* The pages are filled. */
void hec_read_end(struct hec_target *t, struct bio *bio, struct hec_io *io,
		  bool failed)
{
	if (io->links)
		hec_for_each_page(t, bio, io,
				  failed ? drop_page : confirm_page);
}
