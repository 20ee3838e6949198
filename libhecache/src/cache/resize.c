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
 * A frame that a put is filling or a get is copying from stays for now: the
 * caller comes again.
 */
#include "entry.h"
#include "room.h"

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
	records[to] = records[from];
	hec_list_moved(records, HEC_LINK_QUEUE, to);
	hec_list_moved(records, HEC_LINK_OBJECT, to);
	hec_index_replace(&cache->index, hash, from, to);
}

/* Moves page @from, linked by a client whose lock is held. */
static int move_linked(struct hec_cache *cache, uint32_t from)
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
	return to == HEC_NO_RECORD ? HEC_EAGAIN : HEC_OK;
}

/*
 * Gets page @n out of its frame.  Whose it is, is read with no lock and checked
 * under the lock of that client: only its holder links and unlinks its pages.
 */
static int move_away(struct hec_cache *cache, uint32_t n)
{
	const struct hec_record *record = &cache->records[n];
	uint8_t flags = hec_env_peek(record->flags);
	struct hec_client *client;
	int err = HEC_EAGAIN;

	if (!flags)
		return HEC_OK;
	if (!(flags & HEC_RECORD_LINKED))
		return HEC_EAGAIN;
	client = hec_entry_client(cache, n);
	if (!client)
		return HEC_EAGAIN;
	hec_env_lock(&client->lock);
	if ((hec_env_peek(record->flags) & HEC_RECORD_LINKED) &&
	    hec_entry_client(cache, n) == client)
		err = move_linked(cache, n);
	hec_env_unlock(&client->lock);
	return err;
}

static int move_all(struct hec_cache *cache, uint32_t chunk)
{
	uint32_t shift = cache->config.chunk_shift, i;
	int err = HEC_OK;

	for (i = 0; i < 1u << shift; i++)
		if (move_away(cache, (chunk << shift) + i))
			err = HEC_EAGAIN;
	return err;
}

/*
 * Nothing can be evicted, and yet too much is in use.  If the other chunks could
 * not hold the pages that never leave, this one goes on being used; else what
 * is in its way is in the hands of puts and gets, and will be gone.
 */
static int give_up(struct hec_cache *cache, uint32_t chunk)
{
	uint64_t kept = 0, elsewhere;
	uint32_t i;

	for (i = 0; i < cache->config.max_clients; i++)
		kept += hec_env_peek(cache->clients[i].kept_frames);
	elsewhere = (uint64_t)(hec_env_peek(cache->frames.nr_chunks) - 1)
		    << cache->config.chunk_shift;
	if (kept <= elsewhere)
		return HEC_EAGAIN;
	hec_chunk_reopen(&cache->frames, chunk);
	return HEC_ENOSPC;
}

int hec_shrink(struct hec_cache *cache, void **base)
{
	uint32_t chunk = hec_chunk_close(&cache->frames);

	if (chunk == HEC_NO_CHUNK)
		return HEC_ENOENT;
	while (!hec_chunk_fits_elsewhere(&cache->frames, chunk))
		if (!hec_room_make(cache))
			return give_up(cache, chunk);
	if (move_all(cache, chunk))
		return HEC_EAGAIN;
	*base = hec_chunk_remove(&cache->frames, chunk);
	return *base ? HEC_OK : HEC_EAGAIN;
}
