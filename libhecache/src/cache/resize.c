/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Growing and shrinking while everything runs.
 *
 * To give a chunk back:
 *  1 close it: no frame is taken from it any more;
 *  2 evict, as the payers' policies order, until what is left of its pages fits
 *    into free frames of other chunks;
 *  3 move those pages, each under its client's and its shard's lock, so that
 *    nobody sees a page half-way;
 *  4 when no frame of it is in use, hand it over.
 * A frame stays for now if a put is filling it or a get is copying from it.  Then the
 * caller must call again.  It must also call again when one call has evicted or moved
 * as many pages as a call may.
 *
 * While a chunk is closing, free frames are kept for its pages (table/frames.h), and
 * clients cannot take these.  So every frame that is won brings the end nearer.
 */
#include "entry.h"
#include "room.h"

#define TURN 16u /* pages that a payer loses until the next one is looked for */

int hec_grow(struct hec_cache *cache, void *chunk)
{
	return hec_chunk_add(&cache->frames, chunk);
}

/* Moves page @from to the free frame @to. [client][shard] */
static void move(struct hec_cache *cache, uint64_t hash, uint32_t from,
		 uint32_t to)
{
	struct hec_record *records = cache->records;

	hec_env_assert_held(&hec_entry_client(cache, from)->lock);
	hec_env_assert_held(&hec_index_shard(&cache->index, hash)->lock);
	hec_env_assert(cache->records[from].flags == HEC_RECORD_LINKED);
	hec_store_move(&cache->store, from, to);
	hec_record_copy(&records[to], &records[from]);
	hec_list_moved(records, HEC_LINK_QUEUE, to);
	hec_list_moved(records, HEC_LINK_OBJECT, to);
	hec_index_replace(&cache->index, hash, from, to);
}

/* Moves linked page @from, unless a get has it pinned. [client] */
static void move_linked(struct hec_cache *cache, uint32_t from)
{
	uint64_t hash = hec_name_hash(cache, from);
	struct hec_shard *shard = hec_index_shard(&cache->index, hash);
	uint32_t to = HEC_NO_RECORD;

	hec_env_assert_held(&hec_entry_client(cache, from)->lock);
	hec_env_lock(&shard->lock);
	if (!(cache->records[from].flags & HEC_RECORD_PINS))
		to = hec_frame_take_for_move(&cache->frames);
	if (to != HEC_NO_RECORD) {
		move(cache, hash, from, to);
		hec_frame_give_moved(&cache->frames, from);
	}
	hec_env_unlock(&shard->lock);
}

/*
 * Moves page @n to another frame, if nobody is using it.  Its client is read with no
 * lock, and read again under that client's lock.  Then the answer stays right, because
 * only the holder of that lock links and unlinks the client's pages.
 */
static void move_away(struct hec_cache *cache, uint32_t n)
{
	const struct hec_record *record = &cache->records[n];
	struct hec_client *client;

	if (!(hec_env_peek(record->flags) & HEC_RECORD_LINKED))
		return;
	client = hec_entry_client(cache, n);
	if (!client)
		return;
	hec_env_lock(&client->lock);
	if ((hec_env_peek(record->flags) & HEC_RECORD_LINKED) &&
	    hec_entry_client(cache, n) == client)
		move_linked(cache, n);
	hec_env_unlock(&client->lock);
}

/*
 * Moves pages of @chunk away.  Begins where the last call stopped; after the last
 * frame of the chunk comes the first one again.
 */
static void move_some(struct hec_cache *cache, uint32_t chunk)
{
	uint32_t shift = cache->config.chunk_shift, looks;

	for (looks = 0; looks < HEC_SHRINK_MOVES && looks < 1u << shift;
	     looks++) {
		uint32_t i = cache->moved++ & ((1u << shift) - 1);

		move_away(cache, (chunk << shift) + i);
	}
}

/*
 * Nothing can be evicted, and yet too much is in use.  If the other chunks cannot
 * hold all persistent pages, this chunk is used again.  If they can, puts and gets
 * that are running have the frames, and will give them back.
 */
static int give_up(struct hec_cache *cache)
{
	uint64_t kept = 0, elsewhere;
	uint32_t i;

	for (i = 0; i < cache->config.max_clients; i++)
		kept += hec_env_peek(cache->clients[i].kept_frames);
	elsewhere = (uint64_t)(hec_env_peek(cache->frames.nr_chunks) - 1)
		    << cache->config.chunk_shift;
	if (kept <= elsewhere)
		return HEC_EAGAIN;
	hec_chunk_reopen(&cache->frames);
	return HEC_ENOSPC;
}

/*
 * Evicts until the pages that are left in the closing chunk fit elsewhere; then 0,
 * else the error.  A payer loses TURN pages before the next one is looked for.  A turn
 * counts as TURN evictions, even if the payer had fewer pages.
 */
static int make_room(struct hec_cache *cache)
{
	uint32_t turns = HEC_SHRINK_EVICTIONS / TURN, left = 0;
	struct hec_client *payer = NULL;

	while (!hec_chunk_fits_elsewhere(&cache->frames)) {
		if (!left) {
			if (!turns--)
				return HEC_EAGAIN;
			payer = hec_room_payer(cache);
			if (!payer)
				return give_up(cache);
			left = TURN;
		}
		left = hec_room_make(cache, payer) ? left - 1 : 0;
	}
	return HEC_OK;
}

int hec_shrink(struct hec_cache *cache, void **base)
{
	uint32_t chunk = hec_chunk_close(&cache->frames);
	int err;

	if (chunk == HEC_NO_CHUNK)
		return HEC_ENOENT;
	err = make_room(cache);
	if (err)
		return err;
	move_some(cache, chunk);
	*base = hec_chunk_remove(&cache->frames);
	return *base ? HEC_OK : HEC_EAGAIN;
}
