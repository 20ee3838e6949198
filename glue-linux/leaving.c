// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folios that have left the page cache and are not free yet.
 *
 * The kernel tells that a folio leaves where interrupts are off and others wait, and
 * a little later that its memory is freed, where neither is so.  In between the
 * folio is noted here: by the first frame, with its size, and whether it was evicted.
 *
 * It is a table of a fixed size, in lines of eight notes, each of a frame's number
 * and thus found in one line alone.  A note costs a few steps with no lock.  A line
 * that is full loses a note, an evicted folio's the last.
 *
 * A folio may live on, taken out of the page cache to be used otherwise; its note stays
 * until it is freed at last.  That does no harm: a note decides whether pages are looked
 * at, not whether it is right to put them (put.c).
 */
#include "leaving.h"

#include <linux/cache.h>
#include <linux/hash.h>

#define LINE 8
#define LINES_SHIFT 9

#define EVICTED 1ull
#define ORDER_SHIFT 1
#define PFN_SHIFT 8

/*
 *      63             8 7     1    0
 *     +----------------+-------+---------+
 *     | frame + 1      | order | evicted |      0: none
 *     +----------------+-------+---------+
 */
struct line {
	u64 note[LINE];
} ____cacheline_aligned;

static struct line lines[1u << LINES_SHIFT];

static u64 frame_in(u64 note)
{
	return note >> PFN_SHIFT;
}

static struct line *line_of(unsigned long pfn)
{
	return &lines[hash_long(pfn, LINES_SHIFT)];
}

static bool is_evicted(u64 note)
{
	return note & EVICTED;
}

/* Where the frame's note is or could be; an evicted folio's only if all are. */
static u64 *place_for(unsigned long pfn)
{
	u64 *at = line_of(pfn)->note, *best = &at[pfn % LINE];
	u64 note;
	u32 i;

	for (i = 0; i < LINE; i++) {
		note = READ_ONCE(at[i]);
		if (frame_in(note) == pfn + 1)
			return &at[i];
		if (!note || (READ_ONCE(*best) && !is_evicted(note)))
			best = &at[i];
	}
	return best;
}

static struct hec_frames frames_of(u64 note)
{
	u32 order = (note >> ORDER_SHIFT) % (1u << (PFN_SHIFT - ORDER_SHIFT));

	return (struct hec_frames){ .first = frame_in(note) - 1,
				    .nr = 1ul << order };
}

/*
 * Notes a folio.  Returns the frames of an evicted one whose note is lost for it, if
 * any.  Called anywhere.
 */
struct hec_frames hec_leaving_note(struct folio *folio, bool evicted)
{
	unsigned long pfn = folio_pfn(folio);
	u64 note = (u64)(pfn + 1) << PFN_SHIFT |
		   (u64)folio_order(folio) << ORDER_SHIFT |
		   (evicted ? EVICTED : 0);
	u64 *place = place_for(pfn);
	u64 old = READ_ONCE(*place);
	bool loses = is_evicted(old) && frame_in(old) != pfn + 1;

	if (loses && !evicted)
		return (struct hec_frames){ 0 };
	if (cmpxchg(place, old, note) != old) { /* another's is there */
		old = note;
		loses = evicted;
	}
	return loses ? frames_of(old) : (struct hec_frames){ 0 };
}

/* Takes the note of the folio that begins at the frame.  Called for each free. */
enum hec_leaving hec_leaving_take(unsigned long pfn)
{
	u64 *note = line_of(pfn)->note, old;
	u32 i;

	for (i = 0; i < LINE; i++) {
		old = READ_ONCE(note[i]);
		if (frame_in(old) == pfn + 1 &&
		    cmpxchg(&note[i], old, 0) == old)
			return is_evicted(old) ? HEC_LEAVING_EVICTED
					       : HEC_LEAVING_OTHERWISE;
	}
	return HEC_LEAVING_NOT;
}

/* What is freed from here on was not noted.  Nobody takes or makes notes. */
void hec_leaving_forget(void)
{
	memset(lines, 0, sizeof(lines));
}
