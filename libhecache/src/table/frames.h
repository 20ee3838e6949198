/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Frames: what is free, and who is charged for what is not.
 *
 * Frames come from the embedder in chunks.  Each chunk keeps a stack of its
 * free frames, threaded through their records.  Chunks with free frames form a
 * ring, and those without form another:
 *
 *     avail: used last, ..., wholly free          full: in any order
 *
 * Frames are taken at the head.  A chunk that becomes wholly free goes to the
 * tail, where the next chunk to be given back is looked for.
 *
 * Every frame that is not free is charged to exactly one client, under the same
 * lock, so that the charges add up to the frames in use at any moment (but for
 * one frame while hec_shrink() moves a page).
 *
 * One chunk at a time is closing.  The pages that are still in it need frames of
 * other chunks; these are kept for them: clients take only what is free beyond.
 *
 * Spare records (no frame behind them) are kept here too.  Each client has a
 * reserve of them (base/quota.h).
 *
 * LOCKS.  The frames' own lock is the innermost of all and is taken inside.
 * BOUNDS.  Every function takes constant time but hec_chunk_add(), which writes
 * the records of the chunk, with no lock held.
 */
#ifndef HEC_FRAMES_H
#define HEC_FRAMES_H

#include "../base/quota.h"
#include "../base/record.h"

#define HEC_NO_CHUNK 0xffffffffu

/* Spare records that there are: one for 64 frames, and some for each client. */
#define HEC_FRAMES_OF_SPARE_SHIFT 6
#define HEC_SPARES_OF_CLIENT 4u

/* All fields: [frames lock]. */
struct hec_chunk {
	uint32_t free; /* top of the stack of free records */
	uint32_t nr_free;
	uint32_t next, prev; /* of its ring; or next free place */
};

struct hec_frames {
	struct hec_record *records; /* [const] */
	struct hec_chunk *chunks; /* [const] */
	/*
	 * Of each chunk, the embedder's, or NULL: no chunk there; constant while a
	 * frame is in use.  Apart from the rest, because every get waits for it:
	 * eight to a line of the processor's cache, most are still there from the
	 * last time.  [frames lock]
	 */
	void **bases; /* [const] */
	uint32_t *charged; /* [const] frames of each client [frames lock] */
	struct hec_quota_part *spares; /* [const] of each client [frames lock] */
	uint32_t max_chunks; /* [const] */
	uint32_t chunk_shift; /* [const] */
	uint32_t first_spare, nr_spares; /* [const] */

	/* On a line of its own: the above is read by every copy. */
	struct hec_env_lock lock __attribute__((aligned(64)));
	uint32_t nr_chunks; /* [frames lock] this and the rest */
	uint32_t place; /* top of the stack of places with no chunk */
	uint32_t closing; /* the chunk that is being emptied, or HEC_NO_CHUNK */
	uint32_t nr_free; /* in chunks that are not closing */
	uint32_t nr_kept; /* of these, kept for pages of the closing chunk */
	uint32_t nr_charged;
	uint32_t avail; /* head of the ring of chunks with free frames */
	uint32_t full; /* head of the ring of chunks without */
	uint32_t spare; /* top of the stack of spare records */
	uint32_t nr_spares_free;
	struct hec_quota spare_quota;
} __attribute__((aligned(64)));

/* @frames's const fields are set: no chunks, all spares free. */
void hec_frames_init(struct hec_frames *frames);
void hec_frames_fini(struct hec_frames *frames);

/* Record @n describes a frame, and is not a spare one. */
static inline bool hec_frames_has_frame(const struct hec_frames *frames,
					uint32_t n)
{
	return n < frames->first_spare;
}

/* The address of a frame in use; hec_env_unmap_frame() ends it. */
static inline void *hec_frame_map(const struct hec_frames *frames, uint32_t n)
{
	uint32_t chunk = n >> frames->chunk_shift;

	return hec_env_map_frame(frames->bases[chunk],
				 n - (chunk << frames->chunk_shift));
}

/*
 * Begins to fetch a frame, to be copied out.  Context: any; the frame and its
 * chunk may be gone: then it fetches in vain.
 */
void hec_frame_prefetch(const struct hec_frames *frames, uint32_t n);

/* Fetches the frames' lock, which processors take from each other. */
static inline void hec_frames_prefetch_lock(const struct hec_frames *frames)
{
	hec_env_prefetchw(&frames->lock);
}

/*
 * A free frame, charged to client @client, or HEC_NO_RECORD if there is none that
 * is not kept for the closing chunk, or the client is charged for @limit frames
 * already.
 */
uint32_t hec_frame_take(struct hec_frames *frames, uint32_t client,
			uint32_t limit);

/*
 * Charges frame @n, which was @from's, to @to instead; false if @to has @limit
 * already or the chunk is closing: then the frame is free.
 */
bool hec_frame_recharge(struct hec_frames *frames, uint32_t n, uint32_t from,
			uint32_t to, uint32_t limit);

/* A free frame to replace a charged one of @client's: nobody's charge grows. */
uint32_t hec_frame_take_for_move(struct hec_frames *frames);

/* Fetches what ending the use of frame @n will touch.  Context: any. */
static inline void hec_frame_prefetch_give(const struct hec_frames *frames,
					   uint32_t n)
{
	hec_env_prefetchw(&frames->chunks[n >> frames->chunk_shift]);
}

/* Ends the use of a frame that @client is charged for. */
void hec_frame_give(struct hec_frames *frames, uint32_t n, uint32_t client);

/* The frame's content has moved elsewhere, and its charge with it. */
void hec_frame_give_moved(struct hec_frames *frames, uint32_t n);

/* A record without a frame, or HEC_NO_RECORD: @client may have no more. */
uint32_t hec_spare_take(struct hec_frames *frames, uint32_t client);
void hec_spare_give(struct hec_frames *frames, uint32_t n, uint32_t client);

/* Reserves spare records for @client, which was promised @pages frames. */
void hec_spare_reserve(struct hec_frames *frames, uint32_t client,
		       uint32_t pages);

/* HEC_ENOMEM: max_chunks are there. */
int hec_chunk_add(struct hec_frames *frames, void *base);

/*
 * The chunk that should go first: the one that is closing, else the emptiest of
 * HEC_CHUNK_SAMPLE at the tail of the ring, a wholly free one if there is any;
 * from now on it is closing.  HEC_NO_CHUNK if there are none.
 */
uint32_t hec_chunk_close(struct hec_frames *frames);

#define HEC_CHUNK_SAMPLE 64u

/* Ends the closing of the chunk that is closing. */
void hec_chunk_reopen(struct hec_frames *frames);

/* True if what is left in the closing chunk fits in other chunks. */
bool hec_chunk_fits_elsewhere(struct hec_frames *frames);

/*
 * Removes the closing chunk if no frame of it is in use, and returns its base,
 * which is the caller's; else NULL.
 */
void *hec_chunk_remove(struct hec_frames *frames);

/* Frames that there are, but for those of the closing chunk.  Context: any. */
uint64_t hec_frames_present(const struct hec_frames *frames);

#endif
