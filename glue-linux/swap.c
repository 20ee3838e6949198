// SPDX-License-Identifier: GPL-2.0-only
/*
 * Swap on a target.  Its pages are written to the disk as any, and cached as any:
 *
 *     swapped out:   written (write.c: linked) .. clean .. reclaimed: put
 *     swapped in:    got, or read (read.c: linked)
 *     not changed since, and reclaimed again:  put, with no write
 *     the slot is freed:  dropped
 *
 * So a page is in the machine or in the cache, never in both.  No tracepoint tells of
 * pages that leave the swap cache, nor of slots; the functions that do it are watched
 * (kprobes).  A kernel that has them not swaps without a cache.
 *
 * A page of the swap cache may be changed while it is written, unless the disk wants
 * it stable, and no tracepoint tells of that, either.  It is put all the same only as
 * what the disk was given:
 *
 *  - It was sealed when the write was submitted, and has the same content when it is
 *    reclaimed.
 *  - Whoever changes it in between has it mapped.  The kernel reclaims it when it is
 *    unmapped; that makes it dirty, and a dirty page is written first: with another
 *    link, since a write ends the last one.
 *  - So what remains is a page that was changed and changed back during the write, and
 *    then freed by its owner.  Then nobody has its slot any more: the kernel writes it
 *    before it reads it.
 *
 * Slots.  The kernel tells a slot's number, which is a page's from the start of the
 * swap area.  Where that is on the target is learned from each page that is written.
 * A swap file may lie in several parts.  The part that was written to last is known;
 * slots of others keep their page until it is overwritten, discarded or replaced.
 * To drop one too many loses a chance and nothing else.
 */
#include "swap.h"

#include <linux/swap.h>
#include <linux/swapops.h>

#include "block.h"
#include "entry.h"
#include "evict.h"
#include "keep.h"
#include "live.h"

/*
 * A swap area, by its number: the target's slot, and how many sectors the area begins
 * behind the target's start, which for a part of a file may be less than none.
 */
#define AREA_SHIFT 48
#define AREA_MASK ((1ull << AREA_SHIFT) - 1)

static u64 areas[MAX_SWAPFILES];

/* A page of the swap cache is being written to its place. */
void hec_swap_written(struct hec_target *t, struct page *page, u64 place)
{
	swp_entry_t entry = hec_swap_entry(page);
	u64 begin = hec_place_sector(place) -
		    (u64)swp_offset(entry) * HEC_BLOCK_SECTORS;
	u64 area = (u64)t->slot << AREA_SHIFT | (begin & AREA_MASK);

	if (swp_type(entry) < MAX_SWAPFILES &&
	    READ_ONCE(areas[swp_type(entry)]) != area)
		WRITE_ONCE(areas[swp_type(entry)], area);
}

/* Slots of an area are free: drops what the cache holds of them. */
static void freed(unsigned int type, u64 first, u64 nr)
{
	u64 area = type < MAX_SWAPFILES ? READ_ONCE(areas[type]) : 0;
	struct hec_range range;
	struct hec_target *t;

	if (!area)
		return;
	range.first = (area + first * HEC_BLOCK_SECTORS) & AREA_MASK;
	range.nr = nr * HEC_BLOCK_SECTORS;
	rcu_read_lock();
	t = hec_live_target(area >> AREA_SHIFT);
	if (t && hec_caching(t) && range.first + range.nr <= t->len)
		hec_blocks_flush(t, &range);
	rcu_read_unlock();
}

static int on_delete(struct kprobe *probe, struct pt_regs *regs)
{
	hec_evict_swapped(
		(void *)regs_get_kernel_argument(regs, HEC_SWAP_DELETE_FOLIO));
	return 0;
}

static int on_free(struct kprobe *probe, struct pt_regs *regs)
{
	struct hec_swap_slots slots = hec_swap_freed(regs);
	unsigned long i;

	for (i = 0; i < slots.nr; i++)
		hec_keep_freed(swp_entry(slots.type, slots.first + i));
	freed(slots.type, slots.first, slots.nr);
	return 0;
}

enum {
	DELETE,
	FREE
};

static struct hec_entry entries[] = {
	[DELETE] = { .function = HEC_SWAP_DELETE, .handler = on_delete },
	[FREE] = { .function = HEC_SWAP_FREE, .handler = on_free },
};

/* What cannot be watched is not cached, or kept for longer. */
void hec_swap_register(void)
{
	int i, error;

	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		error = hec_entry_register(&entries[i]);
		if (error)
			pr_warn("swap is cached less: cannot watch %s: %d\n",
				entries[i].function, error);
	}
	hec_keep_allow(entries[FREE].registered);
}

/* No handler runs any more when it returns. */
void hec_swap_unregister(void)
{
	hec_keep_allow(false);
	hec_entries_unregister(entries, ARRAY_SIZE(entries));
	memset(areas, 0, sizeof(areas));
}
