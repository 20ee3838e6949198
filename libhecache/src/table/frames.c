/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Frames, chunks and charges, see frames.h.
 *
 * Free frames are a stack, because the frame that was given back last is most
 * probably in the processor's cache.  Invariants, under the lock:
 *
 *     nr_free    = sum of nr_free over chunks that are not closing
 *     nr_kept    = frames in use of the closing chunk; 0 if none is closing
 *     nr_charged = sum of charged[] = frames in use, of all chunks
 *     a chunk that is not closing is in ring avail if it has free frames, else full
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
static inline bool chunk_is_valid(const struct hec_frames *frames, uint32_t n)
{
	const struct hec_chunk *chunk = &frames->chunks[n];

	return n < frames->max_chunks && frames->bases[n] &&
	       chunk->nr_free <= chunk_frames(frames) &&
	       (chunk->free == HEC_NO_RECORD) == !chunk->nr_free;
}

/* [frames lock] */
static inline bool frames_are_valid(const struct hec_frames *frames)
{
	return frames->nr_chunks <= frames->max_chunks &&
	       frames->nr_kept <= chunk_frames(frames) &&
	       (!frames->nr_kept || frames->closing != HEC_NO_CHUNK) &&
	       frames->nr_spares_free <= frames->nr_spares &&
	       (frames->avail == HEC_NO_CHUNK) == !frames->nr_free &&
	       (frames->spare == HEC_NO_RECORD) == !frames->nr_spares_free;
}

static void ring_add_tail(struct hec_chunk *chunks, uint32_t *head, uint32_t n)
{
	if (*head == HEC_NO_CHUNK) {
		*head = n;
		chunks[n].prev = n;
	}
	chunks[n].next = *head;
	chunks[n].prev = chunks[*head].prev;
	chunks[chunks[n].prev].next = n;
	chunks[*head].prev = n;
}

/* A ring has no end.  So this adds at the tail and moves the head there. */
static void ring_add_head(struct hec_chunk *chunks, uint32_t *head, uint32_t n)
{
	ring_add_tail(chunks, head, n);
	*head = n;
}

static void ring_del(struct hec_chunk *chunks, uint32_t *head, uint32_t n)
{
	chunks[chunks[n].next].prev = chunks[n].prev;
	chunks[chunks[n].prev].next = chunks[n].next;
	if (*head == n)
		*head = chunks[n].next == n ? HEC_NO_CHUNK : chunks[n].next;
}

/* The ring of an open chunk that has @nr_free free frames. */
static uint32_t *ring_of(struct hec_frames *frames, uint32_t nr_free)
{
	return nr_free ? &frames->avail : &frames->full;
}

static void push(struct hec_record *records, uint32_t *top, uint32_t n)
{
	hec_env_write_once(records[n].flags, 0);
	hec_env_write_once(records[n].link[HEC_LINK_QUEUE].next, *top);
	*top = n;
}

static uint32_t pop(struct hec_record *records, uint32_t *top)
{
	uint32_t n = *top;

	*top = records[n].link[HEC_LINK_QUEUE].next;
	/* The next call will need the next one's record. */
	if (*top != HEC_NO_RECORD)
		hec_env_prefetchw(&records[*top]);
	return n;
}

void hec_frames_init(struct hec_frames *frames)
{
	uint32_t i;

	hec_env_lock_init(&frames->lock);
	frames->avail = HEC_NO_CHUNK;
	frames->full = HEC_NO_CHUNK;
	hec_env_write_once(frames->closing, HEC_NO_CHUNK);
	frames->place = HEC_NO_CHUNK;
	frames->spare = HEC_NO_RECORD;
	for (i = frames->max_chunks; i > 0; i--) {
		hec_env_write_once(frames->bases[i - 1], NULL);
		frames->chunks[i - 1].next = frames->place;
		frames->place = i - 1;
	}
	for (i = frames->nr_spares; i > 0; i--)
		push(frames->records, &frames->spare,
		     frames->first_spare + i - 1);
	frames->nr_spares_free = frames->nr_spares;
	frames->spare_quota.spare = (int32_t)frames->nr_spares;
}

void hec_frames_fini(struct hec_frames *frames)
{
	hec_env_lock_fini(&frames->lock);
}

/* Context: [frames lock]. */
static uint32_t take(struct hec_frames *frames)
{
	uint32_t nr = frames->avail, n;
	struct hec_chunk *chunk;

	hec_env_assert_held(&frames->lock);
	hec_env_assert(frames_are_valid(frames));
	if (nr == HEC_NO_CHUNK)
		return HEC_NO_RECORD;
	chunk = &frames->chunks[nr];
	n = pop(frames->records, &chunk->free);
	hec_env_write_once(frames->records[n].flags, HEC_RECORD_TAKEN);
	if (--chunk->nr_free == 0) {
		ring_del(frames->chunks, &frames->avail, nr);
		ring_add_head(frames->chunks, &frames->full, nr);
	}
	hec_env_write_once(frames->nr_free, frames->nr_free - 1);
	return n;
}

/* A frame of open chunk @nr was freed: puts the chunk in its place. [frames lock] */
static void reorder(struct hec_frames *frames, struct hec_chunk *chunk,
		    uint32_t nr)
{
	hec_env_assert_held(&frames->lock);
	if (chunk->nr_free == chunk_frames(frames)) {
		ring_del(frames->chunks, ring_of(frames, chunk->nr_free - 1),
			 nr);
		ring_add_tail(frames->chunks, &frames->avail, nr);
	} else if (chunk->nr_free == 1) {
		ring_del(frames->chunks, &frames->full, nr);
		ring_add_head(frames->chunks, &frames->avail, nr);
	}
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
	if (nr == frames->closing) {
		frames->nr_kept--;
		return;
	}
	reorder(frames, chunk, nr);
	hec_env_write_once(frames->nr_free, frames->nr_free + 1);
}

uint32_t hec_frame_take(struct hec_frames *frames, uint32_t client,
			uint32_t limit)
{
	uint32_t n = HEC_NO_RECORD;

	hec_env_lock(&frames->lock);
	if (frames->charged[client] < limit &&
	    frames->nr_free > frames->nr_kept)
		n = take(frames);
	if (n != HEC_NO_RECORD) {
		hec_env_write_once(frames->charged[client],
				   frames->charged[client] + 1);
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
	hec_env_write_once(frames->charged[from], frames->charged[from] - 1);
	stays = n >> frames->chunk_shift != frames->closing &&
		frames->charged[to] < limit;
	if (stays) {
		hec_env_write_once(frames->charged[to],
				   frames->charged[to] + 1);
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
	hec_env_write_once(frames->charged[client],
			   frames->charged[client] - 1);
	frames->nr_charged--;
	hec_env_unlock(&frames->lock);
}

void hec_frame_give_moved(struct hec_frames *frames, uint32_t n)
{
	hec_env_lock(&frames->lock);
	give(frames, n);
	hec_env_unlock(&frames->lock);
}

uint32_t hec_spare_take(struct hec_frames *frames, uint32_t client)
{
	uint32_t n = HEC_NO_RECORD;

	hec_env_lock(&frames->lock);
	if (frames->nr_spares_free &&
	    hec_quota_take(&frames->spare_quota, &frames->spares[client])) {
		n = pop(frames->records, &frames->spare);
		hec_env_write_once(frames->records[n].flags, HEC_RECORD_TAKEN);
		frames->nr_spares_free--;
	}
	hec_env_unlock(&frames->lock);
	return n;
}

void hec_spare_give(struct hec_frames *frames, uint32_t n, uint32_t client)
{
	hec_env_lock(&frames->lock);
	hec_env_assert(frames->nr_spares_free < frames->nr_spares);
	push(frames->records, &frames->spare, n);
	frames->nr_spares_free++;
	hec_quota_give(&frames->spare_quota, &frames->spares[client]);
	hec_env_unlock(&frames->lock);
}

void hec_spare_reserve(struct hec_frames *frames, uint32_t client,
		       uint32_t pages)
{
	hec_env_lock(&frames->lock);
	hec_quota_reserve(&frames->spare_quota, &frames->spares[client],
			  HEC_SPARES_OF_CLIENT +
				  (pages >> HEC_FRAMES_OF_SPARE_SHIFT));
	hec_env_unlock(&frames->lock);
}

/* Takes a place for a chunk.  HEC_NO_CHUNK: there is none. */
static uint32_t take_place(struct hec_frames *frames)
{
	uint32_t n;

	hec_env_lock(&frames->lock);
	n = frames->place;
	if (n != HEC_NO_CHUNK)
		frames->place = frames->chunks[n].next;
	hec_env_unlock(&frames->lock);
	return n;
}

/* Makes all frames of new chunk @n free, the first one on top. */
static void fill_chunk(struct hec_frames *frames, uint32_t n)
{
	struct hec_chunk *chunk = &frames->chunks[n];
	uint32_t first = n << frames->chunk_shift, i;

	chunk->free = HEC_NO_RECORD;
	chunk->nr_free = chunk_frames(frames);
	for (i = chunk_frames(frames); i > 0; i--)
		push(frames->records, &chunk->free, first + i - 1);
}

int hec_chunk_add(struct hec_frames *frames, void *base)
{
	uint32_t n = take_place(frames);

	if (n == HEC_NO_CHUNK)
		return HEC_ENOMEM;
	fill_chunk(frames, n);
	hec_env_lock(&frames->lock);
	hec_env_write_once(frames->bases[n], base);
	ring_add_tail(frames->chunks, &frames->avail, n);
	hec_env_write_once(frames->nr_free,
			   frames->nr_free + chunk_frames(frames));
	hec_env_write_once(frames->nr_chunks, frames->nr_chunks + 1);
	hec_env_unlock(&frames->lock);
	return HEC_OK;
}

/* The chunk that should be closed, or HEC_NO_CHUNK. [frames lock] */
static uint32_t choose_chunk(const struct hec_frames *frames)
{
	const struct hec_chunk *chunks = frames->chunks;
	uint32_t best, n, left = HEC_CHUNK_SAMPLE;

	hec_env_assert_held(&frames->lock);
	if (frames->avail == HEC_NO_CHUNK)
		return frames->full;
	best = chunks[frames->avail].prev;
	for (n = best; left && n != frames->avail; left--) {
		n = chunks[n].prev;
		if (chunks[n].nr_free > chunks[best].nr_free)
			best = n;
	}
	return best;
}

/* Closes chunk @n. [frames lock] */
static void close_chunk(struct hec_frames *frames, uint32_t n)
{
	const struct hec_chunk *chunk = &frames->chunks[n];

	hec_env_assert_held(&frames->lock);
	ring_del(frames->chunks, ring_of(frames, chunk->nr_free), n);
	hec_env_write_once(frames->closing, n);
	hec_env_write_once(frames->nr_free, frames->nr_free - chunk->nr_free);
	frames->nr_kept = chunk_frames(frames) - chunk->nr_free;
}

uint32_t hec_chunk_close(struct hec_frames *frames)
{
	uint32_t n;

	hec_env_lock(&frames->lock);
	if (frames->closing == HEC_NO_CHUNK) {
		n = choose_chunk(frames);
		if (n != HEC_NO_CHUNK)
			close_chunk(frames, n);
	}
	n = frames->closing;
	hec_env_unlock(&frames->lock);
	return n;
}

void hec_chunk_reopen(struct hec_frames *frames)
{
	uint32_t n;

	hec_env_lock(&frames->lock);
	n = frames->closing;
	if (n != HEC_NO_CHUNK) {
		uint32_t nr_free = frames->chunks[n].nr_free;

		hec_env_write_once(frames->closing, HEC_NO_CHUNK);
		hec_env_write_once(frames->nr_free, frames->nr_free + nr_free);
		frames->nr_kept = 0;
		ring_add_head(frames->chunks, ring_of(frames, nr_free), n);
	}
	hec_env_unlock(&frames->lock);
}

bool hec_chunk_fits_elsewhere(struct hec_frames *frames)
{
	bool fits;

	hec_env_lock(&frames->lock);
	fits = frames->nr_kept <= frames->nr_free;
	hec_env_unlock(&frames->lock);
	return fits;
}

/* Takes closing chunk @n out.  Its place is free then. [frames lock] */
static void *remove_chunk(struct hec_frames *frames, uint32_t n)
{
	void *base = frames->bases[n];

	hec_env_assert_held(&frames->lock);
	hec_env_write_once(frames->bases[n], NULL);
	hec_env_write_once(frames->nr_chunks, frames->nr_chunks - 1);
	hec_env_write_once(frames->closing, HEC_NO_CHUNK);
	frames->chunks[n].next = frames->place;
	frames->place = n;
	return base;
}

void *hec_chunk_remove(struct hec_frames *frames)
{
	void *base = NULL;
	uint32_t n;

	hec_env_lock(&frames->lock);
	n = frames->closing;
	if (n != HEC_NO_CHUNK &&
	    frames->chunks[n].nr_free == chunk_frames(frames))
		base = remove_chunk(frames, n);
	hec_env_unlock(&frames->lock);
	return base;
}

uint64_t hec_frames_present(const struct hec_frames *frames)
{
	uint32_t chunks = hec_env_peek(frames->nr_chunks);

	if (chunks && hec_env_peek(frames->closing) != HEC_NO_CHUNK)
		chunks--;
	return (uint64_t)chunks << frames->chunk_shift;
}
