// SPDX-License-Identifier: GPL-2.0-only
/*
 * Presence: which places of a target the cache may hold.  A bit a place, 63 of them
 * in an entry of an xarray, one for each plane.  The xarray frees what has no bit, so
 * memory follows what is cached and not the disk's size: a bit and a seventh a page
 * where its neighbours are cached, 600 bytes where none are.
 *
 * A bit is set when a page was put, which is when the kernel reclaims memory: so
 * nothing waits for memory, and a page is rather not cached.  Bits are looked at with
 * no lock, under RCU.  An entry is changed under the xarray's lock, with interrupts
 * off; it is the innermost lock.
 */
#include "present.h"

#include <linux/bitops.h>
#include <linux/sched.h>
#include <linux/xarray.h>

#define BITS BITS_PER_XA_VALUE
#define STEP 4096u /* places cleared with interrupts off */

static struct xarray *plane_of(struct hec_target *t, u64 place)
{
	return &t->present[hec_place_plane(place)];
}

static unsigned long slot_of(u64 place)
{
	return hec_place_block(place) / BITS;
}

static unsigned long bit_of(u64 place)
{
	return 1ul << hec_place_block(place) % BITS;
}

static unsigned long bits_in(const void *entry)
{
	return entry ? xa_to_value(entry) : 0;
}

void hec_present_init(struct hec_target *t)
{
	int i;

	for (i = 0; i < HEC_PLANES; i++)
		xa_init_flags(&t->present[i], XA_FLAGS_LOCK_IRQ);
}

/* Called anywhere.  False if there is no memory for it. */
bool hec_present_set(struct hec_target *t, u64 place)
{
	XA_STATE(xas, plane_of(t, place), slot_of(place));
	unsigned long flags, bits;

	xas_lock_irqsave(&xas, flags);
	bits = bits_in(xas_load(&xas)) | bit_of(place);
	xas_store(&xas, xa_mk_value(bits));
	xas_unlock_irqrestore(&xas, flags);
	return !xas_error(&xas);
}

/* The bits of an entry that are of blocks from @first up to @end. */
static unsigned long within(unsigned long slot, u64 first, u64 end)
{
	u64 base = (u64)slot * BITS;
	u32 low = first > base ? first - base : 0;
	u32 high = min_t(u64, end - base, BITS);

	return GENMASK(high - 1, low);
}

/*
 * Clears the bits from @first up to @end, some thousands at most.  Returns the end
 * of the last one that was set, or @first.
 */
u64 hec_present_clear(struct hec_target *t, u64 first, u64 end)
{
	u64 plane = first - hec_place_block(first);
	XA_STATE(xas, plane_of(t, first), slot_of(first));
	unsigned long flags, bits, gone;
	u64 last = first;
	void *entry;

	xas_lock_irqsave(&xas, flags);
	xas_for_each(&xas, entry, slot_of(end - 1)) {
		bits = bits_in(entry);
		gone = bits & within(xas.xa_index, first - plane, end - plane);
		if (!gone)
			continue;
		last = plane + (u64)xas.xa_index * BITS + __fls(gone) + 1;
		bits &= ~gone;
		xas_store(&xas, bits ? xa_mk_value(bits) : NULL);
	}
	xas_unlock_irqrestore(&xas, flags);
	return last;
}

/* The first place from @first up to @end whose bit is set, or @end. */
u64 hec_present_next(struct hec_target *t, u64 first, u64 end)
{
	u64 plane = first - hec_place_block(first);
	XA_STATE(xas, plane_of(t, first), slot_of(first));
	u64 found = end;
	unsigned long bits;
	void *entry;

	rcu_read_lock();
	xas_for_each(&xas, entry, slot_of(end - 1)) {
		if (xas_retry(&xas, entry))
			continue;
		bits = bits_in(entry) &
		       within(xas.xa_index, first - plane, end - plane);
		if (!bits)
			continue;
		found = plane + (u64)xas.xa_index * BITS + __ffs(bits);
		break;
	}
	rcu_read_unlock();
	return found;
}

static u64 next_absent(struct hec_target *t, u64 first, u64 end)
{
	unsigned long slot = slot_of(first), last = slot_of(end - 1), bits;
	u64 plane = first - hec_place_block(first);

	for (; slot <= last; slot++) {
		bits = ~bits_in(xa_load(plane_of(t, first), slot)) &
		       within(slot, first - plane, end - plane);
		if (bits)
			return plane + (u64)slot * BITS + __ffs(bits);
	}
	return end;
}

/*
 * How many places from @first on, @nr at most, are like the first one: present
 * or not.
 */
u32 hec_present_run(struct hec_target *t, u64 first, u32 nr, bool *present)
{
	u64 end = first + nr;
	u64 next = hec_present_next(t, first, end);

	*present = next == first;
	return (*present ? next_absent(t, first, end) : next) - first;
}

static void forget_plane(struct hec_target *t, u64 first)
{
	u64 end = first + t->nr_blocks;

	while (first < end && (first = hec_present_next(t, first, end)) < end) {
		hec_present_clear(t, first, min(end, first + STEP));
		cond_resched();
	}
}

/* Nobody may be caching. */
void hec_present_forget(struct hec_target *t)
{
	u64 plane;

	for (plane = 0; plane < HEC_PLANES; plane++)
		forget_plane(t, plane << HEC_PLACE_SHIFT);
}
