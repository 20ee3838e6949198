/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Frames, chunks and charges, see frames.h.
 *
 * Free frames are a stack: the frame given last is the likeliest to be in the
 * processor's cache.  Invariants, under the lock:
 *
 *     nr_free    = sum of nr_free over chunks that are not closing
 *     nr_charged = sum of charged[] = frames of all chunks that are not free
 *     a chunk is in the ring exactly if it is open and nr_free > 0
 */
#include <hec_env.h>

#include <hecache/abi.h>

#include "frames.h"
#include "../base/page.h"

void hec_frame_prefetch(const struct hec_frames *frames, uint32_t n)
{
	uint32_t chunk = n >> frames->chunk_shift;
	void *base = hec_env_peek(frames->bases[chunk]), *frame;

	if (!base)
		return;
	frame = hec_env_map_frame(base, n - (chunk << frames->chunk_shift));
	hec_page_prefetch(frame);
	hec_env_unmap_frame(frame);
}

static uint32_t chunk_frames(const struct hec_frames *frames)
{
	return 1u << frames->chunk_shift;
}

/* [frames lock] */
static bool chunk_is_valid(const struct hec_frames *frames, uint32_t n)
{
	const struct hec_chunk *chunk = &frames->chunks[n];

	return n < frames->max_chunks && frames->bases[n] &&
	       chunk->nr_free <= chunk_frames(frames) &&
	       (chunk->free == HEC_NO_RECORD) == !chunk->nr_free;
}

/* [frames lock] */
static bool frames_are_valid(const struct hec_frames *frames)
{
	return frames->nr_closing <= frames->nr_chunks &&
	       frames->nr_chunks <= frames->max_chunks &&
	       frames->nr_spares_free <= frames->nr_spares &&
	       (frames->avail == HEC_NO_CHUNK) == !frames->nr_free &&
	       (frames->spare == HEC_NO_RECORD) == !frames->nr_spares_free;
}

static void ring_add(struct hec_frames *frames, uint32_t n)
{
	struct hec_chunk *chunks = frames->chunks;

	hec_env_assert_held(&frames->lock);
	if (frames->avail == HEC_NO_CHUNK) {
		chunks[n].next = n;
		chunks[n].prev = n;
	} else {
		chunks[n].next = frames->avail;
		chunks[n].prev = chunks[frames->avail].prev;
		chunks[chunks[n].prev].next = n;
		chunks[frames->avail].prev = n;
	}
	frames->avail = n;
}

static void ring_del(struct hec_frames *frames, uint32_t n)
{
	struct hec_chunk *chunks = frames->chunks;

	hec_env_assert_held(&frames->lock);
	chunks[chunks[n].next].prev = chunks[n].prev;
	chunks[chunks[n].prev].next = chunks[n].next;
	if (frames->avail == n)
		frames->avail =
			chunks[n].next == n ? HEC_NO_CHUNK : chunks[n].next;
}

static void push(struct hec_record *records, uint32_t *top, uint32_t n)
{
	records[n].flags = 0;
	records[n].link[HEC_LINK_QUEUE].next = *top;
	*top = n;
}

static uint32_t pop(struct hec_record *records, uint32_t *top)
{
	uint32_t n = *top;

	*top = records[n].link[HEC_LINK_QUEUE].next;
	/* The next one's record, in time for the next call. */
	if (*top != HEC_NO_RECORD)
		hec_env_prefetchw(&records[*top]);
	return n;
}

void hec_frames_init(struct hec_frames *frames)
{
	uint32_t i;

	hec_env_lock_init(&frames->lock);
	frames->avail = HEC_NO_CHUNK;
	frames->spare = HEC_NO_RECORD;
	for (i = 0; i < frames->max_chunks; i++)
		frames->bases[i] = NULL;
	for (i = frames->nr_spares; i > 0; i--)
		push(frames->records, &frames->spare,
		     frames->first_spare + i - 1);
	frames->nr_spares_free = frames->nr_spares;
}

void hec_frames_fini(struct hec_frames *frames)
{
	hec_env_lock_fini(&frames->lock);
}

/* Context: [frames lock]. */
static uint32_t take(struct hec_frames *frames)
{
	uint32_t chunk = frames->avail, n;

	hec_env_assert_held(&frames->lock);
	hec_env_assert(frames_are_valid(frames));
	if (chunk == HEC_NO_CHUNK)
		return HEC_NO_RECORD;
	n = pop(frames->records, &frames->chunks[chunk].free);
	frames->records[n].flags = HEC_RECORD_TAKEN;
	if (--frames->chunks[chunk].nr_free == 0)
		ring_del(frames, chunk);
	frames->nr_free--;
	return n;
}

/* Context: [frames lock]. */
static void give(struct hec_frames *frames, uint32_t n)
{
	uint32_t nr = n >> frames->chunk_shift;
	struct hec_chunk *chunk = &frames->chunks[nr];

	hec_env_assert_held(&frames->lock);
	hec_env_assert(chunk_is_valid(frames, nr));
	push(frames->records, &chunk->free, n);
	chunk->nr_free++;
	if (chunk->closing)
		return;
	frames->nr_free++;
	if (chunk->nr_free == 1)
		ring_add(frames, nr);
}

uint32_t hec_frame_take(struct hec_frames *frames, uint32_t client,
			uint32_t limit)
{
	uint32_t n = HEC_NO_RECORD;

	hec_env_lock(&frames->lock);
	if (frames->charged[client] < limit)
		n = take(frames);
	if (n != HEC_NO_RECORD) {
		frames->charged[client]++;
		frames->nr_charged++;
	}
	hec_env_unlock(&frames->lock);
	return n;
}

bool hec_frame_recharge(struct hec_frames *frames, uint32_t n, uint32_t from,
			uint32_t to, uint32_t limit)
{
	bool stays;

	hec_env_lock(&frames->lock);
	hec_env_assert(frames->charged[from] && frames->nr_charged);
	frames->charged[from]--;
	stays = !frames->chunks[n >> frames->chunk_shift].closing &&
		frames->charged[to] < limit;
	if (stays) {
		frames->charged[to]++;
	} else {
		frames->nr_charged--;
		give(frames, n);
	}
	hec_env_unlock(&frames->lock);
	return stays;
}

uint32_t hec_frame_take_for_move(struct hec_frames *frames)
{
	uint32_t n;

	hec_env_lock(&frames->lock);
	n = take(frames);
	hec_env_unlock(&frames->lock);
	return n;
}

void hec_frame_give(struct hec_frames *frames, uint32_t n, uint32_t client)
{
	hec_env_lock(&frames->lock);
	hec_env_assert(frames->charged[client] && frames->nr_charged);
	give(frames, n);
	frames->charged[client]--;
	frames->nr_charged--;
	hec_env_unlock(&frames->lock);
}

void hec_frame_give_moved(struct hec_frames *frames, uint32_t n)
{
	hec_env_lock(&frames->lock);
	give(frames, n);
	hec_env_unlock(&frames->lock);
}

uint32_t hec_spare_take(struct hec_frames *frames)
{
	uint32_t n = HEC_NO_RECORD;

	hec_env_lock(&frames->lock);
	if (frames->nr_spares_free) {
		n = pop(frames->records, &frames->spare);
		frames->records[n].flags = HEC_RECORD_TAKEN;
		frames->nr_spares_free--;
	}
	hec_env_unlock(&frames->lock);
	return n;
}

void hec_spare_give(struct hec_frames *frames, uint32_t n)
{
	hec_env_lock(&frames->lock);
	hec_env_assert(frames->nr_spares_free < frames->nr_spares);
	push(frames->records, &frames->spare, n);
	frames->nr_spares_free++;
	hec_env_unlock(&frames->lock);
}

/* The frames of chunk @n, the first on top of the stack. */
static void fill_chunk(struct hec_frames *frames, uint32_t n, void *base)
{
	struct hec_chunk *chunk = &frames->chunks[n];
	uint32_t first = n << frames->chunk_shift, i;

	hec_env_assert_held(&frames->lock);
	frames->bases[n] = base;
	chunk->closing = false;
	chunk->free = HEC_NO_RECORD;
	chunk->nr_free = chunk_frames(frames);
	for (i = chunk_frames(frames); i > 0; i--)
		push(frames->records, &chunk->free, first + i - 1);
}

int hec_chunk_add(struct hec_frames *frames, void *base)
{
	uint32_t n;
	int err = HEC_ENOMEM;

	hec_env_lock(&frames->lock);
	if (frames->nr_chunks < frames->max_chunks) {
		for (n = frames->first_gap; frames->bases[n]; n++)
			;
		frames->first_gap = n + 1;
		fill_chunk(frames, n, base);
		ring_add(frames, n);
		frames->nr_free += chunk_frames(frames);
		frames->nr_chunks++;
		err = HEC_OK;
	}
	hec_env_unlock(&frames->lock);
	return err;
}

/* Context: [frames lock]. */
static uint32_t choose_chunk(const struct hec_frames *frames)
{
	uint32_t best = HEC_NO_CHUNK, i;

	hec_env_assert_held(&frames->lock);
	for (i = 0; i < frames->max_chunks; i++) {
		const struct hec_chunk *chunk = &frames->chunks[i];

		if (!frames->bases[i])
			continue;
		if (chunk->closing)
			return i;
		if (best == HEC_NO_CHUNK ||
		    chunk->nr_free > frames->chunks[best].nr_free)
			best = i;
	}
	return best;
}

uint32_t hec_chunk_close(struct hec_frames *frames)
{
	uint32_t n;

	hec_env_lock(&frames->lock);
	n = choose_chunk(frames);
	if (n != HEC_NO_CHUNK && !frames->chunks[n].closing) {
		frames->chunks[n].closing = true;
		frames->nr_closing++;
		frames->nr_free -= frames->chunks[n].nr_free;
		if (frames->chunks[n].nr_free)
			ring_del(frames, n);
	}
	hec_env_unlock(&frames->lock);
	return n;
}

void hec_chunk_reopen(struct hec_frames *frames, uint32_t n)
{
	struct hec_chunk *chunk = &frames->chunks[n];

	hec_env_lock(&frames->lock);
	if (chunk->closing) {
		chunk->closing = false;
		frames->nr_closing--;
		frames->nr_free += chunk->nr_free;
		if (chunk->nr_free)
			ring_add(frames, n);
	}
	hec_env_unlock(&frames->lock);
}

bool hec_chunk_fits_elsewhere(struct hec_frames *frames, uint32_t chunk)
{
	bool fits;

	hec_env_lock(&frames->lock);
	fits = chunk_frames(frames) - frames->chunks[chunk].nr_free <=
	       frames->nr_free;
	hec_env_unlock(&frames->lock);
	return fits;
}

void *hec_chunk_remove(struct hec_frames *frames, uint32_t n)
{
	struct hec_chunk *chunk = &frames->chunks[n];
	void *base = NULL;

	hec_env_lock(&frames->lock);
	if (frames->bases[n] && chunk->closing &&
	    chunk->nr_free == chunk_frames(frames)) {
		base = frames->bases[n];
		frames->bases[n] = NULL;
		frames->nr_chunks--;
		frames->nr_closing--;
		if (n < frames->first_gap)
			frames->first_gap = n;
	}
	hec_env_unlock(&frames->lock);
	return base;
}
