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
 * Every frame that is not free is charged to exactly one client.  Charges change
 * under the same lock as the free frames.  So the sum of the charges is the number
 * of frames in use, at any moment.  (While hec_shrink() moves a page, one frame
 * more is in use.)
 *
 * One chunk at a time is closing.  The pages that are still in it need frames of
 * other chunks.  As many free frames are kept for them; clients may take only the
 * free frames beyond these.
 *
 * Spare records, which have no frame, are kept here too.  Each client has a
 * reserve of them (base/quota.h).
 *
 * LOCKS.  The functions take the frames' own lock.  Inside it no other is taken.
 * BOUNDS.  Every function takes constant time, except hec_chunk_add().  That one
 * writes all records of the chunk, but holds no lock meanwhile.
 */
#ifndef HEC_FRAMES_H
#define HEC_FRAMES_H

#include "../base/quota.h"
#include "../base/record.h"

#define HEC_NO_CHUNK 0xffffffffu

/* How many spare records there are: one for 64 frames, and some for each client. */
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
	 * What the embedder gave for each chunk, or NULL: there is no chunk.  It is
	 * constant while a frame of the chunk is in use.  Every get waits for it,
	 * so it is apart from the other fields of a chunk: eight are on one line of
	 * the processor's cache, which is probably there.  [frames lock]
	 */
	void **bases; /* [const] */
	uint32_t *charged; /* [const] frames of each client [frames lock] */
	struct hec_quota_part *spares; /* [const] of each client [frames lock] */
	uint32_t max_chunks; /* [const] */
	uint32_t chunk_shift; /* [const] */
	uint32_t first_spare, nr_spares; /* [const] */

	/* On another line: every copy reads the fields above. */
	struct hec_env_lock lock __attribute__((aligned(64)));
	uint32_t nr_chunks; /* [frames lock]: this and all that follow */
	uint32_t place; /* top of the stack of places with no chunk */
	uint32_t closing; /* the chunk that is being emptied, or HEC_NO_CHUNK */
	uint32_t nr_free; /* free frames of chunks that are not closing */
	uint32_t nr_kept; /* of these, so many are for pages of the closing chunk */
	uint32_t nr_charged;
	uint32_t avail; /* head of the ring of chunks with free frames */
	uint32_t full; /* head of the ring of chunks without */
	uint32_t spare; /* top of the stack of spare records */
	uint32_t nr_spares_free;
	struct hec_quota spare_quota;
} __attribute__((aligned(64)));

/* No chunks; all spares are free.  The const fields must be set already. */
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
 * Begins to fetch a frame that will be copied out.  Context: any.  If the frame or
 * its chunk is gone, the fetch is useless and harmless.
 */
void hec_frame_prefetch(const struct hec_frames *frames, uint32_t n);

/* Fetches the frames' lock, which processors take from each other. */
static inline void hec_frames_prefetch_lock(const struct hec_frames *frames)
{
	hec_env_prefetchw(&frames->lock);
}

/*
 * A free frame, charged to client @client.  HEC_NO_RECORD: all free frames are
 * kept for the closing chunk, or the client is charged for @limit frames already.
 */
uint32_t hec_frame_take(struct hec_frames *frames, uint32_t client,
			uint32_t limit);

/*
 * Charges frame @n, which was @from's, to @to.  False: @to has @limit frames
 * already, or the chunk is closing.  Then the frame is free.
 */
bool hec_frame_recharge(struct hec_frames *frames, uint32_t n, uint32_t from,
			uint32_t to, uint32_t limit);

/* A free frame that will replace a charged one, so no charge changes. */
uint32_t hec_frame_take_for_move(struct hec_frames *frames);

/* Fetches what ending the use of frame @n will touch.  Context: any. */
static inline void hec_frame_prefetch_give(const struct hec_frames *frames,
					   uint32_t n)
{
	hec_env_prefetchw(&frames->chunks[n >> frames->chunk_shift]);
}

/* Ends the use of a frame that @client is charged for. */
void hec_frame_give(struct hec_frames *frames, uint32_t n, uint32_t client);

/* Frees frame @n.  Its content and its charge have moved to another frame. */
void hec_frame_give_moved(struct hec_frames *frames, uint32_t n);

/* A record without a frame.  HEC_NO_RECORD: @client may have no more. */
uint32_t hec_spare_take(struct hec_frames *frames, uint32_t client);
void hec_spare_give(struct hec_frames *frames, uint32_t n, uint32_t client);

/* Reserves spare records for @client, which was promised @pages frames. */
void hec_spare_reserve(struct hec_frames *frames, uint32_t client,
		       uint32_t pages);

/* Adds a chunk.  HEC_ENOMEM: there are max_chunks. */
int hec_chunk_add(struct hec_frames *frames, void *base);

/*
 * Chooses the chunk that goes, and closes it.  It is the one that is closing
 * already, if there is one; else the emptiest of HEC_CHUNK_SAMPLE at the tail of the
 * ring.  A wholly free chunk is always among these.  HEC_NO_CHUNK: no chunk at all.
 */
uint32_t hec_chunk_close(struct hec_frames *frames);

#define HEC_CHUNK_SAMPLE 64u

/* The chunk that is closing, if any, is used again. */
void hec_chunk_reopen(struct hec_frames *frames);

/* True if what is left in the closing chunk fits in other chunks. */
bool hec_chunk_fits_elsewhere(struct hec_frames *frames);

/*
 * Removes the closing chunk and returns its base, which is the caller's.  NULL: a
 * frame of it is in use, or no chunk is closing.
 */
void *hec_chunk_remove(struct hec_frames *frames);

/* The number of frames, without those of the closing chunk.  Context: any. */
uint64_t hec_frames_present(const struct hec_frames *frames);

#endif
