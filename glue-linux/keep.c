// SPDX-License-Identifier: GPL-2.0-only
/*
 * Persistent swap.  A target whose table says `persistent_swap` puts a page that is
 * swapped out into a persistent pool, and writes it nowhere else.  The host takes such
 * pages within what it guarantees this machine; the others are written to the disk.
 *
 *     kept:     block -> the swap slot that is in it. The block's content is the
 *               cache's, whatever the disk has.
 *     by_slot:  swap slot -> target and block
 *
 * A kept block is read from the cache, or not at all: if the page is gone, because the
 * host's cache went or this machine is a copy or was reverted, reads of it fail.  It
 * is kept no more when it is written as a whole, discarded, or its slot is freed.
 * A write to a part of it fails: nobody swaps like that.
 *
 * When the target is suspended, nothing else is in flight, and what is kept is written
 * to the disk.  What could not be written, since it is lost, stays kept, here and in a
 * target that takes this one's place.  So nobody ever reads from the disk what is older.
 *
 * Locks: that of a target's `kept`, which is held during calls for its blocks, so that
 * an entry and the page in the cache come and go together; then that of `by_slot`.
 * Interrupts are off.
 */
#include "keep.h"

#include <linux/jiffies.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#include "call.h"
#include "live.h"

#define GET_ATTEMPTS 64 /* of a page that the host has to make resident first */
#define STEPS_MAX (1u << 18) /* 4 TiB of pages */
#define PAUSE (HZ / 20) /* when the host has refused a page */
#define LOST 0 /* in place of a slot, which is of no area */

#define BLOCK_MASK ((1ull << HEC_PLACE_SHIFT) - 1)

static DEFINE_XARRAY_FLAGS(by_slot, XA_FLAGS_LOCK_IRQ);
static bool allowed; /* it is told which slots are freed */

int hec_keep_init(struct hec_target *t)
{
	t->kept_pause = jiffies;
	if (!t->persistent)
		return 0;
	t->spare = alloc_page(GFP_KERNEL);
	return t->spare ? 0 : -ENOMEM;
}

/* Whether it is told which slots are freed: if not, nothing more is kept. */
void hec_keep_allow(bool told)
{
	WRITE_ONCE(allowed, told);
}

static void *where_of(const struct hec_target *t, u64 block)
{
	return xa_mk_value((u64)t->slot << HEC_PLACE_SHIFT | block);
}

/* The slot is not in that block any more. */
static void forget_slot(struct hec_target *t, u64 block, void *slot)
{
	unsigned long flags;

	if (xa_to_value(slot) == LOST)
		return;
	xa_lock_irqsave(&by_slot, flags);
	if (xa_load(&by_slot, xa_to_value(slot)) == where_of(t, block))
		__xa_erase(&by_slot, xa_to_value(slot));
	xa_unlock_irqrestore(&by_slot, flags);
}

/* Takes a block out of both maps; true if it was in them.  Locked. */
static bool forget(struct hec_target *t, u64 block)
{
	void *slot = __xa_erase(&t->kept, block);

	if (!slot)
		return false;
	t->nr_kept--;
	forget_slot(t, block, slot);
	return true;
}

static bool has_pool(const struct hec_target *t)
{
	return READ_ONCE(hec_live) && smp_load_acquire(&t->has_kept_pool);
}

/* A block's page is of no use any more.  Locked. */
static void drop(struct hec_target *t, u64 block)
{
	if (forget(t, block) && has_pool(t))
		hec_live_call(HEC_CMD_FLUSH, t->kept_pool, block, 0);
}

void hec_keep_fini(struct hec_target *t)
{
	unsigned long block, flags;
	void *slot;

	xa_for_each(&t->kept, block, slot) {
		xa_lock_irqsave(&t->kept, flags);
		forget(t, block);
		xa_unlock_irqrestore(&t->kept, flags);
	}
	xa_destroy(&t->kept);
	if (t->spare)
		__free_page(t->spare);
}

u64 hec_keep_count(const struct hec_target *t)
{
	return READ_ONCE(t->nr_kept);
}

/* The target has a session: makes its pool, if it wants one. */
void hec_keep_begin(struct hec_target *t)
{
	u64 pool;

	if (!t->persistent || t->has_kept_pool)
		return;
	pool = hec_call(HEC_CMD_POOL_NEW, 0, HEC_POOL_PERSISTENT, 0);
	if (hec_abi_is_err(pool))
		return;
	t->kept_pool = pool;
	smp_store_release(&t->has_kept_pool, true);
}

/* The session is over, and the pool with it. */
void hec_keep_lose(struct hec_target *t)
{
	WRITE_ONCE(t->has_kept_pool, false);
	if (hec_keep_count(t))
		pr_err("%llu swapped pages are lost with the hypervisor's cache\n",
		       hec_keep_count(t));
}

/*
 * Gets a kept page.  A frame that the host has not there comes when it is touched.
 */
static bool get(struct hec_target *t, u64 block, struct page *page)
{
	u64 result;
	int i;

	for (i = 0; i < GET_ATTEMPTS && has_pool(t); i++) {
		result = hec_live_call(HEC_CMD_GET, t->kept_pool, block,
				       hec_call_frame(page));
		if (result == HEC_OK)
			return true;
		if (result != (u64)HEC_EAGAIN)
			return false;
		WRITE_ONCE(*(u8 *)page_address(page), 0);
	}
	return false;
}

static bool write_page(struct hec_target *t, u64 block, struct page *page)
{
	struct bio_vec bv;
	struct bio bio;
	int error;

	bio_init(&bio, t->dev->bdev, &bv, 1, REQ_OP_WRITE);
	bio.bi_iter.bi_sector = t->start + block * HEC_BLOCK_SECTORS;
	__bio_add_page(&bio, page, PAGE_SIZE, 0);
	error = submit_bio_wait(&bio);
	bio_uninit(&bio);
	return !error;
}

/* Writes a kept block to the disk. */
static void write_back(struct hec_target *t, u64 block)
{
	unsigned long flags;

	if (!get(t, block, t->spare) || !write_page(t, block, t->spare))
		return;
	xa_lock_irqsave(&t->kept, flags);
	forget(t, block);
	xa_unlock_irqrestore(&t->kept, flags);
}

static void pool_end(u64 pool)
{
	u32 steps = STEPS_MAX;

	while (hec_call(HEC_CMD_POOL_END, pool, 0, 0) == (u64)HEC_EAGAIN &&
	       --steps)
		cond_resched();
}

/* The target is suspended, nothing is in flight: the disk gets what is kept. */
void hec_keep_end(struct hec_target *t)
{
	unsigned long block;
	void *slot;

	xa_for_each(&t->kept, block, slot) {
		write_back(t, block);
		cond_resched();
	}
	if (hec_keep_count(t))
		pr_err("%llu swapped pages are lost\n", hec_keep_count(t));
	if (!t->has_kept_pool)
		return;
	WRITE_ONCE(t->has_kept_pool, false);
	synchronize_rcu();
	pool_end(t->kept_pool);
}

static int lose(struct hec_target *t, u64 block)
{
	unsigned long flags;
	void *was;

	if (block >= t->nr_blocks)
		return 0;
	xa_lock_irqsave(&t->kept, flags);
	was = __xa_store(&t->kept, block, xa_mk_value(LOST), GFP_NOWAIT);
	t->nr_kept += !was;
	xa_unlock_irqrestore(&t->kept, flags);
	return xa_err(was);
}

/*
 * What @other has lost, a suspended target on the same disk, is lost in this one, too.
 * A lost page may have a part in two blocks here.
 */
int hec_keep_inherit(struct hec_target *t, struct hec_target *other)
{
	s64 behind = get_start_sect(other->dev->bdev) + other->start -
		     get_start_sect(t->dev->bdev) - t->start;
	unsigned long block;
	int error = 0;
	s64 sector;
	void *slot;

	xa_for_each(&other->kept, block, slot) {
		sector = behind + (s64)block * HEC_BLOCK_SECTORS;
		if (sector + HEC_BLOCK_SECTORS <= 0 || error)
			continue;
		error = lose(t, max_t(s64, sector, 0) / HEC_BLOCK_SECTORS);
		if (!error && sector > 0 && sector % HEC_BLOCK_SECTORS)
			error = lose(t, sector / HEC_BLOCK_SECTORS + 1);
	}
	return error;
}

/* Room in both maps, so that nothing waits with the lock held. */
static bool reserve(struct hec_target *t, u64 block, u64 slot)
{
	const gfp_t gfp =
		GFP_NOIO | __GFP_NOWARN | __GFP_HIGH | __GFP_NOMEMALLOC;

	return !xa_reserve_irq(&t->kept, block, gfp) &&
	       !xa_reserve_irq(&by_slot, slot, gfp);
}

/* Gives back room that was not used. */
static void release(struct hec_target *t, u64 block, u64 slot)
{
	xa_cmpxchg_irq(&t->kept, block, XA_ZERO_ENTRY, NULL, 0);
	xa_cmpxchg_irq(&by_slot, slot, XA_ZERO_ENTRY, NULL, 0);
}

static bool enter_slot(struct hec_target *t, u64 block, u64 slot)
{
	unsigned long flags;
	void *was;

	xa_lock_irqsave(&by_slot, flags);
	was = __xa_store(&by_slot, slot, where_of(t, block), GFP_NOWAIT);
	xa_unlock_irqrestore(&by_slot, flags);
	return !xa_is_err(was);
}

/* Into both maps, where the room is reserved; else false, and it may be in one. Locked. */
static bool enter(struct hec_target *t, u64 block, u64 slot)
{
	void *was = __xa_store(&t->kept, block, xa_mk_value(slot), GFP_NOWAIT);

	if (xa_is_err(was))
		return false;
	if (!was)
		t->nr_kept++;
	else if (was != xa_mk_value(slot))
		forget_slot(t, block, was);
	return enter_slot(t, block, slot);
}

/* Puts the page in place of what the block had, or drops that. */
static bool put_reserved(struct hec_target *t, struct page *page, u64 block,
			 u64 slot)
{
	unsigned long flags;
	bool kept;

	xa_lock_irqsave(&t->kept, flags);
	kept = hec_live_call(HEC_CMD_PUT, t->kept_pool, block,
			     hec_call_frame(page)) == HEC_OK &&
	       enter(t, block, slot);
	if (!kept)
		drop(t, block);
	xa_unlock_irqrestore(&t->kept, flags);
	hec_count(t, kept ? HEC_STAT_PUTS : HEC_STAT_PUTS_REFUSED, 1);
	return kept;
}

static bool put(struct hec_target *t, struct page *page, u64 block)
{
	u64 slot = hec_swap_entry(page).val;
	bool kept =
		reserve(t, block, slot) && put_reserved(t, page, block, slot);

	if (!kept)
		release(t, block, slot);
	return kept;
}

static bool is_swapped_out(struct bio_vec *bv)
{
	struct folio *folio = page_folio(bv->bv_page);

	return bv->bv_len == PAGE_SIZE && folio_test_swapcache(folio) &&
	       folio_test_writeback(folio);
}

/* How many pages of the bio, from its first on, are kept. */
static u32 put_pages(struct hec_target *t, struct bio *bio, u64 block)
{
	struct bvec_iter iter;
	struct bio_vec bv;
	u32 nr = 0;

	bio_for_each_segment(bv, bio, iter) {
		if (!is_swapped_out(&bv) || !put(t, bv.bv_page, block + nr))
			break;
		nr++;
	}
	return nr;
}

/* False if the host took none lately, or nothing is to be kept. */
static bool is_open(const struct hec_target *t, const struct hec_io *io)
{
	return t->persistent && READ_ONCE(allowed) && has_pool(t) &&
	       hec_caching(t) && io->sector % HEC_BLOCK_SECTORS == 0 &&
	       time_after_eq(jiffies, READ_ONCE(t->kept_pause));
}

/*
 * Swapped pages are kept instead of written, the first ones of the bio at least, to
 * which it is cut.  False if the disk has to be written.  May wait for memory.
 */
bool hec_keep_write(struct hec_target *t, struct bio *bio, struct hec_io *io)
{
	u32 nr;

	if (bio_op(bio) != REQ_OP_WRITE || !is_open(t, io))
		return false;
	nr = put_pages(t, bio, io->sector / HEC_BLOCK_SECTORS);
	if (nr << HEC_BLOCK_SECTORS_SHIFT < bio_sectors(bio))
		WRITE_ONCE(t->kept_pause, jiffies + PAUSE);
	if (!nr)
		return false;
	if (nr << HEC_BLOCK_SECTORS_SHIFT < bio_sectors(bio))
		dm_accept_partial_bio(bio, nr << HEC_BLOCK_SECTORS_SHIFT);
	return true;
}

static bool is_kept(struct hec_target *t, u64 block)
{
	return xa_load(&t->kept, block);
}

/* The disk is about to be written: what is kept of these sectors is outdated. */
enum hec_kept hec_keep_overwrite(struct hec_target *t, sector_t first, u64 nr)
{
	u64 begin = DIV_ROUND_UP_ULL(first, HEC_BLOCK_SECTORS);
	u64 end = (first + nr) / HEC_BLOCK_SECTORS;
	unsigned long block, flags;
	void *slot;

	if (xa_empty(&t->kept))
		return HEC_KEPT_NONE;
	if ((first % HEC_BLOCK_SECTORS && is_kept(t, begin - 1)) ||
	    ((first + nr) % HEC_BLOCK_SECTORS && is_kept(t, end)))
		return HEC_KEPT_FAILED;
	if (begin >= end)
		return HEC_KEPT_NONE;
	xa_for_each_range(&t->kept, block, slot, begin, end - 1)
	{
		xa_lock_irqsave(&t->kept, flags);
		drop(t, block);
		xa_unlock_irqrestore(&t->kept, flags);
	}
	return HEC_KEPT_NONE;
}

/* Part of a kept block: by way of a page of ours.  Locked. */
static bool get_piece(struct hec_target *t, u64 block, u32 offset,
		      struct bio_vec *bv)
{
	void *to;

	if (!get(t, block, t->spare))
		return false;
	to = bvec_kmap_local(bv);
	memcpy(to, page_address(t->spare) + offset, bv->bv_len);
	kunmap_local(to);
	return true;
}

/* Reads what is in one block. */
static enum hec_kept read_piece(struct hec_target *t, sector_t sector,
				struct bio_vec *bv)
{
	u32 offset = (sector % HEC_BLOCK_SECTORS) << SECTOR_SHIFT;
	u64 block = sector / HEC_BLOCK_SECTORS;
	enum hec_kept result = HEC_KEPT_NONE;
	unsigned long flags;
	bool ok;

	xa_lock_irqsave(&t->kept, flags);
	if (is_kept(t, block)) {
		if (bv->bv_len == PAGE_SIZE)
			ok = get(t, block, bv->bv_page);
		else
			ok = get_piece(t, block, offset, bv);
		result = ok ? HEC_KEPT_DONE : HEC_KEPT_FAILED;
	}
	xa_unlock_irqrestore(&t->kept, flags);
	return result;
}

/* What is left of @bv from @done on, as far as it is in one block. */
static struct bio_vec piece_of(const struct bio_vec *bv, u32 done,
			       sector_t sector)
{
	u32 room = (HEC_BLOCK_SECTORS - sector % HEC_BLOCK_SECTORS)
		   << SECTOR_SHIFT;

	return (struct bio_vec){
		.bv_page = bv->bv_page,
		.bv_offset = bv->bv_offset + done,
		.bv_len = min(bv->bv_len - done, room),
	};
}

/* Reads from @sector on until a block is not kept; @sector is then where that is. */
static enum hec_kept read_pieces(struct hec_target *t, struct bio *bio,
				 sector_t *sector)
{
	enum hec_kept result;
	struct bvec_iter iter;
	struct bio_vec bv, piece;
	u32 done;

	bio_for_each_segment(bv, bio, iter) {
		for (done = 0; done < bv.bv_len; done += piece.bv_len) {
			piece = piece_of(&bv, done, *sector);
			result = read_piece(t, *sector, &piece);
			if (result != HEC_KEPT_DONE)
				return result;
			*sector += piece.bv_len >> SECTOR_SHIFT;
		}
	}
	return HEC_KEPT_DONE;
}

static void cut(struct bio *bio, u64 sectors)
{
	if (sectors < bio_sectors(bio))
		dm_accept_partial_bio(bio, sectors);
}

/*
 * Reads what is kept.  The bio is cut where that begins or ends: NONE, if its first
 * part is the disk's.
 */
enum hec_kept hec_keep_read(struct hec_target *t, struct bio *bio,
			    struct hec_io *io)
{
	unsigned long kept = io->sector / HEC_BLOCK_SECTORS;
	sector_t sector = io->sector;
	enum hec_kept result;

	if (xa_empty(&t->kept) ||
	    !xa_find(&t->kept, &kept,
		     (io->sector + bio_sectors(bio) - 1) / HEC_BLOCK_SECTORS,
		     XA_PRESENT))
		return HEC_KEPT_NONE;
	if (kept * HEC_BLOCK_SECTORS > io->sector) {
		cut(bio, kept * HEC_BLOCK_SECTORS - io->sector);
		return HEC_KEPT_NONE;
	}
	result = read_pieces(t, bio, &sector);
	if (result == HEC_KEPT_NONE && sector == io->sector) {
		/* It was overwritten just now; what is behind it may be kept. */
		cut(bio, HEC_BLOCK_SECTORS - sector % HEC_BLOCK_SECTORS);
		return HEC_KEPT_NONE;
	}
	if (result == HEC_KEPT_FAILED)
		return HEC_KEPT_FAILED;
	cut(bio, sector - io->sector);
	hec_count(t, HEC_STAT_HITS, bio_sectors(bio) / HEC_BLOCK_SECTORS);
	return HEC_KEPT_DONE;
}

/* The slot is free: nobody reads its page any more.  Called anywhere. */
void hec_keep_freed(swp_entry_t entry)
{
	struct hec_target *t;
	unsigned long flags;
	void *where;
	u64 block;

	rcu_read_lock();
	where = xa_load(&by_slot, entry.val);
	if (!where)
		goto out;
	t = hec_live_target(xa_to_value(where) >> HEC_PLACE_SHIFT);
	if (t) {
		block = xa_to_value(where) & BLOCK_MASK;
		xa_lock_irqsave(&t->kept, flags);
		if (xa_load(&t->kept, block) == xa_mk_value(entry.val))
			drop(t, block);
		xa_unlock_irqrestore(&t->kept, flags);
	}
out:
	rcu_read_unlock();
}
