/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The tracker, see <hecache/tracker.h>.
 *
 * A pair is on two chains, that of its page and that of its block, and in a ring
 * by age.  A page is in one pair at the most, and so is a block.
 *
 *     head[page side][hash]  --> pair --> pair        ring: sentinel <-> oldest
 *     head[block side][hash] --> pair                       <-> ... <-> newest
 *
 * Both sides are treated alike: a page is a block of HEC_TRACKER_NO_DEVICE.
 *
 * I/O IN FLIGHT.  The target of an I/O is what it writes to: the pages of a read,
 * the blocks of a write.  While an I/O is in flight its target is busy; a table of
 * counters keeps that.  Places that share a counter make each other look busy.
 * That costs a pair and no more.
 *
 *  start 1 drop the pairs of the target
 *        2 announce a pair for each whole page, if neither of its sides is busy
 *        3 the target becomes busy
 *  end   1 the target is not busy any more
 *        2 the pairs that were announced and are still there become settled
 *
 * Only settled pairs admit an eviction.
 *
 * Why a settled pair is true: an I/O makes page and block equal, unless somebody
 * else writes to one of them while it is in flight.  If such a write began before,
 * its target was busy at step 2, and nothing was announced.  If it began later, it
 * dropped the announcement (step 1, or a dropped page).
 *
 * After the I/O every write drops the pair.
 *
 * Why only its own I/O settles an announcement: take two I/Os that share a page
 * and a block.  The first one's target is one of the two.  It is still busy when
 * the second one starts, so the second one announces nothing.
 *
 * Deviations from the paper: I/O in flight is treated.  When there is no room the
 * oldest pair goes, so that memory is bounded.
 *
 * Invariants: hec_tracker_audit().  Cost of a page: two to four cache misses.
 */
#include "pairs.h"

#include "../base/hash.h"

#define MIN_COUNTERS 4096u
/* While a longer range is in flight, all places count as busy. */
#define WIDE 65536u

struct layout {
	uint64_t head[HEC_NR_SIDES], busy, pairs, size;
	uint32_t nr_heads, nr_counters;
};

/* Places first to last of a device or, for NO_DEVICE, of memory. */
struct hec_blocks {
	uint32_t device;
	uint64_t first, last;
};

/* Making */

static bool config_is_valid(const struct hec_tracker_config *config)
{
	return config->max_pairs >= 1 &&
	       config->max_pairs <= HEC_TRACKER_MAX_PAIRS;
}

static uint64_t part(struct layout *layout, uint64_t nr, uint64_t size)
{
	uint64_t offset = layout->size;

	layout->size += (nr * size + 7) & ~7ull;
	return offset;
}

static void lay_out(const struct hec_tracker_config *config,
		    struct layout *layout)
{
	uint32_t heads = 1;

	while (heads < config->max_pairs)
		heads *= 2;
	layout->nr_heads = heads;
	layout->nr_counters = heads > MIN_COUNTERS ? heads : MIN_COUNTERS;
	layout->size = 0;
	part(layout, 1, sizeof(struct hec_tracker));
	layout->head[HEC_SIDE_PAGE] = part(layout, heads, sizeof(uint32_t));
	layout->head[HEC_SIDE_BLOCK] = part(layout, heads, sizeof(uint32_t));
	layout->busy = part(layout, layout->nr_counters, sizeof(uint32_t));
	layout->pairs = part(layout, (uint64_t)config->max_pairs + 1,
			     sizeof(struct hec_pair));
}

uint64_t hec_tracker_size(const struct hec_tracker_config *config)
{
	struct layout layout;

	if (!config_is_valid(config))
		return 0;
	lay_out(config, &layout);
	return layout.size;
}

static void init_key(struct hec_tracker *tracker, const uint8_t seed[16])
{
	struct hec_cipher cipher;
	uint32_t i;

	hec_cipher_init(&cipher, seed);
	for (i = 0; i < 3; i++)
		tracker->key[i] =
			hec_cipher_word(&cipher, HEC_SECRET_TRACKER, i);
}

/* All pairs are free, the first one on top of the stack. */
static void init_pairs(struct hec_tracker *tracker)
{
	uint32_t end = tracker->max_pairs, i;

	for (i = 0; i <= tracker->head_mask; i++) {
		tracker->head[HEC_SIDE_PAGE][i] = HEC_NO_PAIR;
		tracker->head[HEC_SIDE_BLOCK][i] = HEC_NO_PAIR;
	}
	tracker->free = HEC_NO_PAIR;
	for (i = end; i > 0; i--) {
		tracker->pairs[i - 1].newer = tracker->free;
		tracker->free = i - 1;
	}
	tracker->pairs[end].older = end;
	tracker->pairs[end].newer = end;
}

int hec_tracker_init(void *mem, uint64_t len,
		     const struct hec_tracker_config *config,
		     struct hec_tracker **trackerp)
{
	struct hec_tracker *tracker = mem;
	uint8_t *base = mem;
	struct layout layout;

	if (!config_is_valid(config))
		return HEC_EINVAL;
	lay_out(config, &layout);
	if (len < layout.size)
		return HEC_ENOMEM;
	memset(mem, 0, layout.pairs);
	tracker->max_pairs = config->max_pairs;
	tracker->head_mask = layout.nr_heads - 1;
	tracker->counter_mask = layout.nr_counters - 1;
	tracker->head[HEC_SIDE_PAGE] =
		(uint32_t *)(base + layout.head[HEC_SIDE_PAGE]);
	tracker->head[HEC_SIDE_BLOCK] =
		(uint32_t *)(base + layout.head[HEC_SIDE_BLOCK]);
	tracker->busy = (uint32_t *)(base + layout.busy);
	tracker->pairs = (struct hec_pair *)(base + layout.pairs);
	init_key(tracker, config->seed);
	init_pairs(tracker);
	*trackerp = tracker;
	return HEC_OK;
}

/* Pairs */

static uint32_t hash(const struct hec_tracker *tracker, uint32_t device,
		     uint64_t place)
{
	uint64_t salt = hec_mix(device ^ tracker->key[0], tracker->key[1]);

	return (uint32_t)hec_mix(place ^ tracker->key[2], salt | 1);
}

static uint32_t side_device(const struct hec_pair *pair, enum hec_side side)
{
	return side == HEC_SIDE_PAGE ? HEC_TRACKER_NO_DEVICE : pair->device;
}

/* The link of the chain that points to pair @n. */
static uint32_t *link_to(struct hec_tracker *tracker, enum hec_side side,
			 uint32_t n)
{
	const struct hec_pair *pair = &tracker->pairs[n];
	uint32_t h = hash(tracker, side_device(pair, side), pair->place[side]);
	uint32_t *link = &tracker->head[side][h & tracker->head_mask];

	while (*link != n)
		link = &tracker->pairs[*link].next[side];
	return link;
}

static uint32_t find(const struct hec_tracker *tracker, uint32_t device,
		     uint64_t place)
{
	enum hec_side side = device == HEC_TRACKER_NO_DEVICE ? HEC_SIDE_PAGE
							     : HEC_SIDE_BLOCK;
	uint32_t h = hash(tracker, device, place);
	uint32_t n = tracker->head[side][h & tracker->head_mask];

	while (n != HEC_NO_PAIR &&
	       (tracker->pairs[n].place[side] != place ||
		side_device(&tracker->pairs[n], side) != device))
		n = tracker->pairs[n].next[side];
	return n;
}

static void drop_pair(struct hec_tracker *tracker, uint32_t n)
{
	struct hec_pair *pair = &tracker->pairs[n];
	enum hec_side side;

	for (side = HEC_SIDE_PAGE; side < HEC_NR_SIDES; side++)
		*link_to(tracker, side, n) = pair->next[side];
	tracker->pairs[pair->older].newer = pair->newer;
	tracker->pairs[pair->newer].older = pair->older;
	pair->newer = tracker->free;
	tracker->free = n;
	tracker->stats.pairs--;
}

static void drop_place(struct hec_tracker *tracker, uint32_t device,
		       uint64_t place)
{
	uint32_t n = find(tracker, device, place);

	if (n != HEC_NO_PAIR)
		drop_pair(tracker, n);
}

/* A free pair.  If there is none, the oldest pair is dropped. */
static uint32_t take_pair(struct hec_tracker *tracker)
{
	uint32_t n;

	if (tracker->free == HEC_NO_PAIR) {
		drop_pair(tracker, tracker->pairs[tracker->max_pairs].newer);
		tracker->stats.forgotten++;
	}
	n = tracker->free;
	tracker->free = tracker->pairs[n].newer;
	return n;
}

static void add_pair(struct hec_tracker *tracker, uint64_t page,
		     uint32_t device, uint64_t block)
{
	uint32_t n = take_pair(tracker), end = tracker->max_pairs;
	struct hec_pair *pair = &tracker->pairs[n];
	enum hec_side side;

	pair->place[HEC_SIDE_PAGE] = page;
	pair->place[HEC_SIDE_BLOCK] = block;
	pair->device = device;
	pair->settled = false;
	for (side = HEC_SIDE_PAGE; side < HEC_NR_SIDES; side++) {
		uint32_t h = hash(tracker, side_device(pair, side),
				  pair->place[side]);
		uint32_t *head = &tracker->head[side][h & tracker->head_mask];

		pair->next[side] = *head;
		*head = n;
	}
	pair->newer = end;
	pair->older = tracker->pairs[end].older;
	tracker->pairs[pair->older].newer = n;
	tracker->pairs[end].older = n;
	tracker->stats.pairs++;
}

/* Ranges of places */

static bool is_empty(const struct hec_blocks *range)
{
	return range->first > range->last;
}

static bool is_wide(const struct hec_blocks *range)
{
	return range->last - range->first >= WIDE;
}

/* The places of @bytes bytes, the first @offset bytes behind place @first. */
static struct hec_blocks range_of(uint32_t device, uint64_t first,
				  uint64_t offset, uint64_t bytes)
{
	uint64_t end = offset + bytes;
	struct hec_blocks range = { .device = device, .first = 1, .last = 0 };

	if (!bytes)
		return range;
	if (end < offset)
		end = ~0ull;
	range.first = first + (offset >> HEC_PAGE_SHIFT);
	range.last = first + ((end - 1) >> HEC_PAGE_SHIFT);
	if (range.first < first)
		range.first = 0;
	if (range.last < range.first)
		range.last = ~0ull;
	return range;
}

static struct hec_blocks blocks_of(const struct hec_tracker_io *io)
{
	return range_of(io->device, 0, io->start, io->bytes);
}

static struct hec_blocks pages_of(const struct hec_tracker_segment *segment)
{
	return range_of(HEC_TRACKER_NO_DEVICE, segment->page, segment->offset,
			segment->bytes);
}

static bool is_in(const struct hec_pair *pair, const struct hec_blocks *range)
{
	enum hec_side side = range->device == HEC_TRACKER_NO_DEVICE
				     ? HEC_SIDE_PAGE
				     : HEC_SIDE_BLOCK;

	return side_device(pair, side) == range->device &&
	       pair->place[side] >= range->first &&
	       pair->place[side] <= range->last;
}

static void drop_range(struct hec_tracker *tracker,
		       const struct hec_blocks *range)
{
	uint32_t end = tracker->max_pairs, n, next;
	uint64_t i;

	if (is_empty(range))
		return;
	if (range->last - range->first < tracker->stats.pairs) {
		for (i = 0; i <= range->last - range->first; i++)
			drop_place(tracker, range->device, range->first + i);
		return;
	}
	for (n = tracker->pairs[end].newer; n != end; n = next) {
		next = tracker->pairs[n].newer;
		if (is_in(&tracker->pairs[n], range))
			drop_pair(tracker, n);
	}
}

/* One I/O more (@by 1) or less (@by -1) is in flight to the places of a range. */
static void count_busy(struct hec_tracker *tracker,
		       const struct hec_blocks *range, int by)
{
	uint64_t i;

	if (is_empty(range))
		return;
	if (is_wide(range)) {
		tracker->wide += (uint32_t)by;
		return;
	}
	for (i = 0; i <= range->last - range->first; i++) {
		uint32_t h = hash(tracker, range->device, range->first + i);

		tracker->busy[h & tracker->counter_mask] += (uint32_t)by;
	}
}

static bool is_busy(const struct hec_tracker *tracker, uint32_t device,
		    uint64_t place)
{
	uint32_t h = hash(tracker, device, place);

	return tracker->wide || tracker->busy[h & tracker->counter_mask];
}

/* I/O */

/* The whole pages of a segment that are whole blocks of the I/O. */
struct match {
	uint64_t page, block, nr;
};

/*
 * @at: where the segment begins on the device, in bytes from the I/O's start.
 * If numbers of pages or blocks do not fit 64 bits, nothing matches.
 */
static struct match match_of(const struct hec_tracker_io *io,
			     const struct hec_tracker_segment *segment,
			     uint64_t at)
{
	const uint64_t mask = HEC_PAGE_SIZE - 1;
	struct hec_blocks pages = pages_of(segment);
	uint64_t skip = -segment->offset & mask, bytes = segment->bytes;
	struct match none = { 0 }, match;

	if (at > io->bytes || io->start + io->bytes < io->start ||
	    segment->offset + bytes < segment->offset ||
	    pages.first < segment->page || pages.last == ~0ull)
		return none;
	if (bytes > io->bytes - at)
		bytes = io->bytes - at;
	if (bytes < skip || ((io->start + at + skip) & mask) ||
	    io->device == HEC_TRACKER_NO_DEVICE)
		return none;
	match.page = pages.first + (skip ? 1 : 0);
	match.block = (io->start + at + skip) >> HEC_PAGE_SHIFT;
	match.nr = (bytes - skip) >> HEC_PAGE_SHIFT;
	return match.nr <= WIDE ? match : none;
}

static void announce(struct hec_tracker *tracker, uint32_t device,
		     const struct match *match)
{
	uint64_t i;

	for (i = 0; i < match->nr; i++) {
		uint64_t page = match->page + i, block = match->block + i;

		if (is_busy(tracker, HEC_TRACKER_NO_DEVICE, page) ||
		    is_busy(tracker, device, block))
			continue;
		drop_place(tracker, HEC_TRACKER_NO_DEVICE, page);
		drop_place(tracker, device, block);
		add_pair(tracker, page, device, block);
	}
}

static void settle(struct hec_tracker *tracker, uint32_t device,
		   const struct match *match, bool done)
{
	uint64_t i;

	for (i = 0; i < match->nr; i++) {
		uint32_t n =
			find(tracker, HEC_TRACKER_NO_DEVICE, match->page + i);
		struct hec_pair *pair = &tracker->pairs[n];

		if (n == HEC_NO_PAIR || pair->settled ||
		    pair->device != device ||
		    pair->place[HEC_SIDE_BLOCK] != match->block + i)
			continue;
		if (done) {
			pair->settled = true;
			tracker->stats.made++;
		} else {
			drop_pair(tracker, n);
		}
	}
}

/* Where the next segment begins.  If that overflows: the largest number. */
static uint64_t behind(uint64_t at, const struct hec_tracker_segment *segment)
{
	return at + segment->bytes < at ? ~0ull : at + segment->bytes;
}

/*
 * A page may be in two segments of one read.  The second one then finds it busy,
 * and drops what the first one announced.
 */
static void start_segment(struct hec_tracker *tracker,
			  const struct hec_tracker_io *io,
			  const struct hec_tracker_segment *segment,
			  uint64_t at)
{
	struct hec_blocks pages = pages_of(segment);
	struct match match = match_of(io, segment, at);

	if (!io->is_write)
		drop_range(tracker, &pages);
	announce(tracker, io->device, &match);
	if (!io->is_write)
		count_busy(tracker, &pages, 1);
}

void hec_tracker_start(struct hec_tracker *tracker,
		       const struct hec_tracker_io *io)
{
	struct hec_blocks blocks = blocks_of(io);
	uint64_t at = 0;
	uint32_t i;

	if (io->is_write)
		drop_range(tracker, &blocks);
	for (i = 0; i < io->nr_segments; i++) {
		start_segment(tracker, io, &io->segments[i], at);
		at = behind(at, &io->segments[i]);
	}
	if (io->is_write)
		count_busy(tracker, &blocks, 1);
}

static void end_segment(struct hec_tracker *tracker,
			const struct hec_tracker_io *io,
			const struct hec_tracker_segment *segment, uint64_t at,
			bool done)
{
	struct hec_blocks pages = pages_of(segment);
	struct match match = match_of(io, segment, at);

	if (!io->is_write)
		count_busy(tracker, &pages, -1);
	settle(tracker, io->device, &match, done);
}

void hec_tracker_end(struct hec_tracker *tracker,
		     const struct hec_tracker_io *io, bool done)
{
	struct hec_blocks blocks = blocks_of(io);
	uint64_t at = 0;
	uint32_t i;

	if (io->is_write)
		count_busy(tracker, &blocks, -1);
	for (i = 0; i < io->nr_segments; i++) {
		end_segment(tracker, io, &io->segments[i], at, done);
		at = behind(at, &io->segments[i]);
	}
}

uint64_t hec_tracker_blocks(const struct hec_tracker_io *io, uint64_t *first)
{
	struct hec_blocks blocks = blocks_of(io);

	*first = blocks.first;
	return is_empty(&blocks) ? 0 : blocks.last - blocks.first + 1;
}

/* Pages */

void hec_tracker_drop_pages(struct hec_tracker *tracker, uint64_t first,
			    uint64_t nr)
{
	struct hec_blocks range = { HEC_TRACKER_NO_DEVICE, first,
				    first + nr - 1 };

	if (!nr)
		return;
	if (range.last < first)
		range.last = ~0ull;
	drop_range(tracker, &range);
}

bool hec_tracker_evict(struct hec_tracker *tracker, uint64_t page,
		       struct hec_tracker_location *location)
{
	uint32_t n = find(tracker, HEC_TRACKER_NO_DEVICE, page);
	const struct hec_pair *pair = &tracker->pairs[n];
	bool stands = n != HEC_NO_PAIR && pair->settled;

	if (stands) {
		location->device = pair->device;
		location->block = pair->place[HEC_SIDE_BLOCK];
	}
	if (n != HEC_NO_PAIR)
		drop_pair(tracker, n);
	tracker->stats.admitted += stands;
	tracker->stats.refused += !stands;
	return stands;
}

void hec_tracker_stats(const struct hec_tracker *tracker,
		       struct hec_tracker_stats *stats)
{
	*stats = tracker->stats;
}

/* Audit */

#define CHECK(condition)                 \
	do {                             \
		if (!(condition))        \
			return __LINE__; \
	} while (0)

/* The number of pairs in the chains of one side. */
static uint32_t count_chained(const struct hec_tracker *tracker,
			      enum hec_side side)
{
	uint32_t count = 0, i, n;

	for (i = 0; i <= tracker->head_mask; i++)
		for (n = tracker->head[side][i]; n != HEC_NO_PAIR;
		     n = tracker->pairs[n].next[side])
			count++;
	return count;
}

int hec_tracker_audit(const struct hec_tracker *tracker)
{
	uint32_t end = tracker->max_pairs, before = end, count = 0, n;

	for (n = tracker->pairs[end].newer; n != end;
	     n = tracker->pairs[n].newer) {
		const struct hec_pair *pair = &tracker->pairs[n];

		CHECK(pair->older == before);
		CHECK(pair->device != HEC_TRACKER_NO_DEVICE);
		CHECK(find(tracker, HEC_TRACKER_NO_DEVICE,
			   pair->place[HEC_SIDE_PAGE]) == n);
		CHECK(find(tracker, pair->device,
			   pair->place[HEC_SIDE_BLOCK]) == n);
		before = n;
		count++;
	}
	CHECK(tracker->pairs[end].older == before);
	CHECK(count == tracker->stats.pairs);
	CHECK(count_chained(tracker, HEC_SIDE_PAGE) == count);
	CHECK(count_chained(tracker, HEC_SIDE_BLOCK) == count);
	for (n = tracker->free; n != HEC_NO_PAIR; n = tracker->pairs[n].newer)
		count++;
	CHECK(count == end);
	return 0;
}
