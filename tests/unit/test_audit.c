/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The audit can fail: each invariant is broken in its turn, and it must say so.
 * Corners of the calls that no other suite reaches.
 */
#include "suites.h"

#include "../../libhecache/src/cache/entry.h"

static struct fixture f;
static struct hec_client *client, *other;
static uint64_t pool, kept;

/* Pages of two objects, a kept one, zeroes, ghosts of two kinds, free frames. */
static void start(void)
{
	static const uint8_t zeroes[HEC_PAGE_SIZE] __attribute__((aligned(64)));
	struct hec_client_config terms = { .guaranteed_pages = 4,
					   .max_pages = 20,
					   .policy = HEC_POLICY_ARC };
	struct hec_config config = fixture_config();
	uint64_t i;

	fixture_start(&f, &config, 4);
	client = fixture_client_on(&f, &terms);
	other = fixture_client(&f, 0);
	pool = fixture_pool(&f, client);
	ck_assert_int_eq(hec_pool_create(f.cache, client, HEC_POOL_PERSISTENT,
					 &kept),
			 0);
	for (i = 0; i < 40; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, i % 2 * 7, i, i),
				 0);
	for (i = 30; i < 34; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, i % 2 * 7, i, i),
				 0);
	ck_assert_int_eq(put_seed(&f, client, kept, 0, 1, 1), 0);
	ck_assert_int_eq(hec_put(f.cache, client, pool, 0, 99, zeroes), 0);
	ck_assert_int_eq(hec_audit(f.cache), 0);
}

static void end(void)
{
	ck_assert_int_eq(hec_audit(f.cache), 0);
	ck_assert_int_eq(hec_client_destroy(f.cache, client, 0), 0);
	fixture_end_client(&f, other);
}

/* With @what changed to @value the audit complains; without, it does not. */
#define BREAK(what, value)                                           \
	do {                                                         \
		__typeof__(what) was = (what);                       \
		(what) = (__typeof__(what))(value);                  \
		ck_assert_msg(was != (what), "%s", "no change");     \
		ck_assert_msg(hec_audit(f.cache) != 0, "%s", #what); \
		(what) = was;                                        \
		ck_assert_int_eq(hec_audit(f.cache), 0);             \
	} while (0)

static struct hec_record *record_of(uint64_t object, uint64_t index)
{
	struct hec_name name;
	uint32_t n;

	hec_name_init(f.cache, client, pool, object, index, &name);
	n = hec_entry_find(f.cache, &name);
	ck_assert_uint_ne(n, HEC_NO_RECORD);
	return &f.cache->records[n];
}

START_TEST(a_page_is_out_of_place)
{
	struct hec_record *record = record_of(0, 38);
	struct hec_record *header = &f.cache->records[record->object];

	BREAK(record->flags, HEC_RECORD_LINKED | HEC_RECORD_PIN);
	BREAK(record->index_lo, 39);
	BREAK(record->queue, 1);
	BREAK(record->queue, 2);
	BREAK(record->object, record_of(7, 39)->object);
	BREAK(record->link[HEC_LINK_QUEUE].prev, f.cache->nr_records - 1);
	BREAK(record->link[HEC_LINK_OBJECT].prev, f.cache->nr_records - 1);
	BREAK(header->flags, HEC_RECORD_LINKED);
	BREAK(header->index_lo, 1);
	BREAK(header->object, 7);
	BREAK(record_of(7, 39)->flags, 0);
}
END_TEST

START_TEST(a_header_is_wrong)
{
	struct hec_record *header = &f.cache->records[record_of(7, 39)->object];

	BREAK(header->index_lo, 0);
	BREAK(header->object, 7);
	BREAK(f.cache->pools[7].id, 1);
	BREAK(f.cache->records[f.cache->pools[7].root].object, 0);
	BREAK(f.cache->records[f.cache->pools[7].root].flags, 0);
}
END_TEST

/* A record in an object's list that is a page of no queue. */
START_TEST(an_object_has_a_page_of_no_queue)
{
	struct hec_record *records = f.cache->records;
	uint32_t header = record_of(0, 38)->object;
	uint32_t n = hec_spare_take(&f.cache->frames, client->number);

	records[n].object = records[header].object;
	records[header].index_lo++;
	client->stats.zero_pages++;
	client->stats.pages++;
	hec_list_add(records, HEC_LINK_OBJECT, header, n);
	ck_assert_int_ne(hec_audit(f.cache), 0);
	client->stats.pages--;
	client->stats.zero_pages--;
	ck_assert_int_ne(hec_audit(f.cache), 0);
	hec_list_del(records, HEC_LINK_OBJECT, n);
	records[header].index_lo--;
	hec_spare_give(&f.cache->frames, n, client->number);
	ck_assert_int_eq(hec_audit(f.cache), 0);
}
END_TEST

/* Its only page is gone from its list, but not from the queue. */
START_TEST(a_header_has_no_pages)
{
	uint32_t n = hec_spare_take(&f.cache->frames, client->number);
	struct hec_record *header;

	hec_spare_give(&f.cache->frames, n, client->number);
	ck_assert_int_eq(put_seed(&f, client, pool, 9, 0, 1), 0);
	header = &f.cache->records[n];
	n = record_of(9, 0) - f.cache->records;
	ck_assert_uint_eq(f.cache->records[n].object,
			  header - f.cache->records);
	hec_list_del(f.cache->records, HEC_LINK_OBJECT, n);
	header->index_lo--;
	ck_assert_int_ne(hec_audit(f.cache), 0);
	header->index_lo++;
	hec_list_add(f.cache->records, HEC_LINK_OBJECT,
		     header - f.cache->records, n);
}
END_TEST

START_TEST(counts_are_wrong)
{
	struct hec_pool *p = hec_pool_find(f.cache, client, pool);
	struct hec_pool *k = hec_pool_find(f.cache, client, kept);

	BREAK(f.cache->clients_end, 0);
	BREAK(client->policy.nr[0], 1000);
	BREAK(client->policy.nr[HEC_QUEUE_KEPT], 0);
	BREAK(client->stats.pages, 0);
	BREAK(client->stats.zero_pages, 0);
	BREAK(client->stats.persistent_pages, 0);
	BREAK(client->kept_frames, 0);
	BREAK(client->sequence.next, HEC_SEQUENCE_MAX + 2);
	BREAK(p->pages, 1);
	BREAK(p->client, other->number);
	BREAK(p->state, HEC_POOL_FREE);
	BREAK(k->client, 3);
	k = hec_pool_find(f.cache, other, fixture_pool(&f, other));
	BREAK(k->client, 3);
}
END_TEST

static uint32_t record_in_use(uint32_t chunk)
{
	uint32_t n = chunk << FIXTURE_CHUNK_SHIFT;

	while (!f.cache->records[n].flags)
		n++;
	ck_assert_uint_eq(n >> FIXTURE_CHUNK_SHIFT, chunk);
	return n;
}

START_TEST(frames_are_wrong)
{
	struct hec_frames *frames = &f.cache->frames;
	struct hec_chunk *chunk = &frames->chunks[frames->avail];
	uint32_t top = chunk->free;

	BREAK(chunk->free, record_in_use(frames->avail));
	BREAK(frames->charged[client->number], 0);
	BREAK(frames->charged[3], 1);
	BREAK(frames->charged[other->number], 1);
	BREAK(frames->nr_chunks, 1);
	BREAK(frames->closing, frames->avail);
	BREAK(frames->nr_kept, 1);
	BREAK(frames->spares[client->number].used, 7);
	BREAK(frames->spares[3].reserved, 7);
	BREAK(frames->spare_quota.spare, 0);
	BREAK(f.cache->pool_quota.spare, 1000);
	BREAK(client->pools.used, 0);
	BREAK(frames->nr_free, 1);
	BREAK(frames->nr_charged, 0);
	BREAK(frames->avail, HEC_NO_CHUNK);
	BREAK(frames->nr_spares_free, 0);
	BREAK(chunk->nr_free, 100);
	BREAK(chunk->free, top ^ 64);
	BREAK(chunk->free, record_of(0, 38) - f.cache->records);
	BREAK(frames->full, frames->avail);
	BREAK(frames->full, FIXTURE_CHUNKS);
	BREAK(frames->avail, FIXTURE_CHUNKS - 1);
	BREAK(frames->avail, frames->full);
	BREAK(chunk->prev, FIXTURE_CHUNKS - 1);
	BREAK(frames->records[top].flags, HEC_RECORD_TAKEN);
	/* A stack that goes on beyond the frames there are. */
	while (frames->records[top].link[HEC_LINK_QUEUE].next != HEC_NO_RECORD)
		top = frames->records[top].link[HEC_LINK_QUEUE].next;
	BREAK(frames->records[top].link[HEC_LINK_QUEUE].next, 0);
}
END_TEST

/* A chunk that is closing is in no ring; all counts are as if it were so. */
START_TEST(a_closing_chunk_is_in_a_ring)
{
	struct hec_frames *frames = &f.cache->frames;
	uint32_t n = frames->avail, nr_free = frames->chunks[n].nr_free;

	frames->closing = n;
	frames->nr_free -= nr_free;
	frames->nr_kept = FIXTURE_CHUNK_FRAMES - nr_free;
	ck_assert_int_ne(hec_audit(f.cache), 0);
	frames->closing = HEC_NO_CHUNK;
	frames->nr_free += nr_free;
	frames->nr_kept = 0;
	BREAK(frames->closing, FIXTURE_CHUNKS - 1);
}
END_TEST

START_TEST(a_frame_is_charged_to_nobody)
{
	uint32_t n = hec_frame_take_for_move(&f.cache->frames);

	ck_assert_int_ne(hec_audit(f.cache), 0);
	hec_frame_give_moved(&f.cache->frames, n);
	BREAK(f.cache->frames.nr_charged, 0);
	ck_assert_uint_lt(f.cache->frames.spares[other->number].used,
			  f.cache->frames.spares[other->number].reserved);
	BREAK(f.cache->frames.spares[other->number].used,
	      f.cache->frames.spares[other->number].used + 1);
}
END_TEST

START_TEST(the_index_has_one_key_more)
{
	struct hec_index *index = &f.cache->index;
	uint64_t i, slot, free = 0;

	for (i = 0; i < (uint64_t)index->nr_shards * index->shard_buckets; i++)
		for (slot = 0; slot < HEC_BUCKET_SLOTS; slot++)
			if (!index->buckets[i].tag[slot])
				free = i * HEC_BUCKET_SLOTS + slot;
	BREAK(index->buckets[free / HEC_BUCKET_SLOTS]
		      .tag[free % HEC_BUCKET_SLOTS],
	      1);
}
END_TEST

START_TEST(ghosts_are_wrong)
{
	struct hec_ghost_lists *past = &client->policy.past;
	uint32_t kind, nr = 0;
	struct hec_ghost *ghost;

	for (kind = 0; kind < HEC_NR_GHOSTS; kind++) {
		if (!past->nr[kind])
			continue;
		BREAK(past->nr[kind], 0);
		BREAK(past->oldest[kind], HEC_NO_GHOST);
		BREAK(past->newest[kind], HEC_NO_GHOST);
		BREAK(past->client, other->number);
		ghost = &f.cache->ghosts.buckets[past->oldest[kind] / 8]
				 .slot[past->oldest[kind] % 8];
		BREAK(ghost->older, 0);
		BREAK(ghost->tag, ghost->tag ^ 3);
		nr++;
	}
	ck_assert_uint_gt(nr, 0);
}
END_TEST

/* Contents that are not kept, or not verified. */
START_TEST(other_contents)
{
	enum hec_content kind = _i ? HEC_CONTENT_PLAIN : HEC_CONTENT_NONE;
	struct hec_config config = fixture_config();
	_Alignas(64) uint8_t page[HEC_PAGE_SIZE], *buffer = page;
	struct hec_batch_item item = { .index = 8 };
	struct fixture g;
	struct hec_client *c;
	uint64_t p, i;

	memset(page, 7, sizeof(page));
	if (kind == HEC_CONTENT_NONE)
		buffer = NULL;
	config.content = kind;
	fixture_start(&g, &config, 4);
	c = fixture_client(&g, 0);
	p = fixture_pool(&g, c);
	for (i = 0; i < 4 * FIXTURE_CHUNK_FRAMES; i++)
		ck_assert_int_eq(hec_put(g.cache, c, p, 0, i, buffer), 0);
	/* Room everywhere: pages move when a chunk goes. */
	for (i = 0; i < 4 * FIXTURE_CHUNK_FRAMES; i += 3)
		ck_assert_int_eq(hec_get(g.cache, c, p, 0, i, buffer), 0);
	ck_assert_int_eq(fixture_shrink(&g), 0);
	item.page = buffer;
	ck_assert_int_eq(hec_get_batch(g.cache, c, p, &item, 1), 0);
	ck_assert_int_eq(item.status, 0);
	ck_assert_int_eq(hec_put_batch(g.cache, c, p, &item, 1), 0);
	for (i = 1; i < 4 * FIXTURE_CHUNK_FRAMES; i += 3)
		ck_assert_int_eq(hec_get(g.cache, c, p, 0, i, buffer), 0);
	ck_assert_int_eq(hec_get(g.cache, c, p, 0, 1, buffer), HEC_ENOENT);
	ck_assert_uint_eq(page[5], 7);
	fixture_end_client(&g, c);
}
END_TEST

START_TEST(pools_that_are_no_more)
{
	hec_flush_object(f.cache, client, 12345, 0);
	hec_flush_object(f.cache, client, pool, 5);
	hec_flush_range(f.cache, client, 12345, 0, 0, 5);
	hec_put_failed(f.cache, client, 12345, 0, 0);
	hec_flush(f.cache, client, 12345, 0, 0);
	hec_flush(f.cache, other, pool, 0, 38);
	ck_assert_int_eq(hec_flush_pool(f.cache, other, pool, 0), HEC_ESTALE);
	ck_assert_int_eq(hec_pool_destroy(f.cache, other, pool, 0), HEC_ESTALE);
	ck_assert_int_eq(hec_pool_destroy(f.cache, client, pool, 1),
			 HEC_EAGAIN);
	hec_flush_object(f.cache, client, pool, 0);
	ck_assert_int_eq(hec_pool_destroy(f.cache, client, pool, 0), 0);
}
END_TEST

Suite *audit_suite(void)
{
	const TTest *const tests[] = {
		a_page_is_out_of_place,
		a_header_is_wrong,
		a_header_has_no_pages,
		an_object_has_a_page_of_no_queue,
		counts_are_wrong,
		frames_are_wrong,
		a_closing_chunk_is_in_a_ring,
		a_frame_is_charged_to_nobody,
		the_index_has_one_key_more,
		ghosts_are_wrong,
		pools_that_are_no_more,
		NULL,
	};
	Suite *suite = suite_create("audit");
	TCase *tc = suite_case(suite, "audit", start, end, tests);

	tcase_add_loop_test(tc, other_contents, 0, 2);
	return suite;
}
