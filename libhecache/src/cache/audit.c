/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The audit: walks all structures and checks every invariant.  A check that fails
 * returns the number of its line.  No other call may be running.
 */
#include "entry.h"

#define CHECK(condition)                 \
	do {                             \
		if (!(condition))        \
			return __LINE__; \
	} while (0)

/* A linked page is found under its key, and no get has it pinned. */
static int audit_page(struct hec_cache *cache, const struct hec_client *client,
		      uint32_t n)
{
	const struct hec_record *record = &cache->records[n];
	const struct hec_record *header = &cache->records[record->object];
	struct hec_name name;

	CHECK(record->flags == HEC_RECORD_LINKED);
	CHECK(header->flags == HEC_RECORD_HEADER);
	CHECK(hec_entry_client(cache, n) == client);
	name.key.pool = header->object;
	name.key.object = hec_record_word(header);
	name.key.index = hec_record_index(record);
	name.pool = cache->pools[header->object].id;
	name.hash = hec_name_hash(cache, n);
	CHECK(hec_entry_find(cache, &name) == n);
	return 0;
}

static int audit_queues(struct hec_cache *cache,
			const struct hec_client *client)
{
	const struct hec_record *records = cache->records;
	uint64_t pages = 0;
	uint32_t queue, n, kept_frames = 0;
	int line;

	for (queue = 0; queue < HEC_NR_QUEUES; queue++) {
		uint32_t end = client->policy.end + queue, count = 0;

		for (n = records[end].link[HEC_LINK_QUEUE].next; n != end;
		     n = records[n].link[HEC_LINK_QUEUE].next) {
			uint32_t prev = records[n].link[HEC_LINK_QUEUE].prev;

			CHECK(records[prev].link[HEC_LINK_QUEUE].next == n);
			CHECK((records[n].queue & HEC_QUEUE_MASK) == queue);
			line = audit_page(cache, client, n);
			if (line)
				return line;
			count++;
			kept_frames += queue == HEC_QUEUE_KEPT &&
				       hec_form_frames(&cache->frames, n);
		}
		CHECK(count == client->policy.nr[queue]);
		pages += count;
	}
	for (queue = 0; queue < HEC_NR_GHOSTS; queue++) {
		line = hec_ghost_audit(&cache->ghosts, &client->policy.past,
				       queue);
		if (line)
			return line;
	}
	CHECK(pages == client->stats.pages);
	CHECK(pages ==
	      cache->frames.charged[client->number] + client->stats.zero_pages);
	CHECK(client->policy.nr[HEC_QUEUE_KEPT] ==
	      client->stats.persistent_pages);
	CHECK(kept_frames == client->kept_frames);
	CHECK(hec_sequence_is_valid(&client->sequence));
	return 0;
}

/* The pages of header @end; their number is added to *@pages. */
static int audit_object(const struct hec_cache *cache, uint32_t slot,
			uint32_t end, uint64_t *pages)
{
	const struct hec_record *records = cache->records;
	uint32_t n, count = 0;

	CHECK(records[end].flags == HEC_RECORD_HEADER);
	CHECK(records[end].object == slot);
	for (n = records[end].link[HEC_LINK_OBJECT].next; n != end;
	     n = records[n].link[HEC_LINK_OBJECT].next) {
		CHECK(records[n].object == end);
		CHECK(records[records[n].link[HEC_LINK_OBJECT].prev]
			      .link[HEC_LINK_OBJECT]
			      .next == n);
		count++;
	}
	CHECK(count == records[end].index_lo);
	CHECK(count || end == cache->pools[slot].root);
	*pages += count;
	return 0;
}

/* A pool's objects; headers other than roots are added to *@headers. */
static int audit_pool(const struct hec_cache *cache, uint32_t slot,
		      uint64_t *headers)
{
	const struct hec_record *records = cache->records;
	const struct hec_pool *pool = &cache->pools[slot];
	uint32_t header = pool->root;
	uint64_t pages = 0;
	int line;

	do {
		line = audit_object(cache, slot, header, &pages);
		if (line)
			return line;
		header = records[header].link[HEC_LINK_QUEUE].next;
		*headers += header != pool->root;
	} while (header != pool->root);
	CHECK(pages == pool->pages);
	if (pool->state == HEC_POOL_FREE)
		CHECK(!pages && !pool->id);
	else
		CHECK(cache->clients[pool->client].in_use);
	return 0;
}

/* The quotas of spare records and of pools add up. */
static int audit_quotas(const struct hec_cache *cache)
{
	const struct hec_frames *frames = &cache->frames;
	int32_t spares = (int32_t)frames->nr_spares;
	int32_t pools = (int32_t)cache->config.max_pools;
	uint32_t used = 0, i;

	for (i = 0; i < cache->config.max_clients; i++) {
		const struct hec_client *client = &cache->clients[i];

		spares -= (int32_t)hec_quota_withheld(&frames->spares[i]);
		pools -= (int32_t)hec_quota_withheld(&client->pools);
		used += frames->spares[i].used;
		CHECK(client->pools.used ==
		      (client->in_use ? client->stats.pools : 0));
	}
	CHECK(spares == frames->spare_quota.spare);
	CHECK(pools == cache->pool_quota.spare);
	CHECK(used == frames->nr_spares - frames->nr_spares_free);
	return 0;
}

static int audit_chunk(const struct hec_cache *cache, uint32_t n,
		       uint64_t *used)
{
	const struct hec_record *records = cache->records;
	const struct hec_chunk *chunk = &cache->frames.chunks[n];
	uint32_t shift = cache->config.chunk_shift, i, count = 0;

	for (i = n << shift; i < (n + 1) << shift; i++)
		count += records[i].flags == 0;
	CHECK(count == chunk->nr_free);
	for (i = chunk->free; count; count--) {
		CHECK(i >> shift == n && records[i].flags == 0);
		i = records[i].link[HEC_LINK_QUEUE].next;
	}
	CHECK(i == HEC_NO_RECORD);
	*used += (1u << shift) - chunk->nr_free;
	return 0;
}

/* All chunks of a ring have free frames, or none has; *@chunks counts them. */
static int audit_ring(const struct hec_frames *frames, uint32_t head,
		      bool has_free, uint32_t *chunks)
{
	uint32_t n = head;

	if (head == HEC_NO_CHUNK)
		return 0;
	do {
		CHECK(n < frames->max_chunks && frames->bases[n]);
		CHECK(n != frames->closing);
		CHECK((frames->chunks[n].nr_free != 0) == has_free);
		CHECK(frames->chunks[frames->chunks[n].next].prev == n);
		n = frames->chunks[n].next;
		++*chunks;
	} while (n != head);
	return 0;
}

/* Every chunk but the closing one is in its ring. */
static int audit_rings(const struct hec_frames *frames)
{
	uint32_t chunks = frames->closing != HEC_NO_CHUNK;
	int line = audit_ring(frames, frames->avail, true, &chunks);

	if (!line)
		line = audit_ring(frames, frames->full, false, &chunks);
	if (line)
		return line;
	CHECK(chunks == frames->nr_chunks);
	return 0;
}

static int audit_frames(const struct hec_cache *cache)
{
	const struct hec_frames *frames = &cache->frames;
	uint64_t used = 0, charged = 0, open_free = 0;
	uint32_t i, chunks = 0, closing = 0, kept = 0;
	int line;

	for (i = 0; i < frames->max_chunks; i++) {
		if (!frames->bases[i])
			continue;
		chunks++;
		closing += i == frames->closing;
		line = audit_chunk(cache, i, &used);
		if (line)
			return line;
		if (i != frames->closing)
			open_free += frames->chunks[i].nr_free;
		else
			kept = (1u << frames->chunk_shift) -
			       frames->chunks[i].nr_free;
	}
	for (i = 0; i < cache->config.max_clients; i++)
		charged += frames->charged[i];
	CHECK(chunks == frames->nr_chunks);
	CHECK(closing == (frames->closing != HEC_NO_CHUNK));
	CHECK(frames->nr_kept == kept);
	CHECK(open_free == frames->nr_free);
	CHECK(used == charged && used == frames->nr_charged);
	return audit_rings(frames);
}

/* The number of keys in the index. */
static uint64_t count_keys(const struct hec_index *index)
{
	uint64_t buckets = (uint64_t)index->nr_shards * index->shard_buckets;
	uint64_t keys = 0, i;
	int slot;

	for (i = 0; i < buckets; i++)
		for (slot = 0; slot < HEC_BUCKET_SLOTS; slot++)
			keys += index->buckets[i].tag[slot] != 0;
	return keys;
}

int hec_audit(struct hec_cache *cache)
{
	uint64_t headers = 0, pages = 0, zero_pages = 0;
	uint32_t end = 0, i;
	int line;

	for (i = 0; i < cache->config.max_clients; i++) {
		if (!cache->clients[i].in_use) {
			CHECK(!cache->frames.charged[i]);
			continue;
		}
		end = i + 1;
		line = audit_queues(cache, &cache->clients[i]);
		if (line)
			return line;
		pages += cache->clients[i].stats.pages;
		zero_pages += cache->clients[i].stats.zero_pages;
	}
	CHECK(end == cache->clients_end);
	for (i = 0; i < cache->config.max_pools; i++) {
		line = audit_pool(cache, i, &headers);
		if (line)
			return line;
	}
	CHECK(headers + zero_pages ==
	      cache->frames.nr_spares - cache->frames.nr_spares_free);
	CHECK(count_keys(&cache->index) == pages + headers);
	line = audit_quotas(cache);
	return line ? line : audit_frames(cache);
}
