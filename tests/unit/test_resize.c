/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Chunks come and go while pages are cached.
 */
#include <sys/mman.h>

#include "suites.h"

#include "../../libhecache/src/cache/entry.h"
#include "../../libhecache/src/cache/room.h"

static struct fixture f;
static struct hec_client *client;
static uint64_t pool;

static void start(void)
{
	struct hec_config config = fixture_config();

	fixture_start(&f, &config, 0);
	client = fixture_client(&f, 0);
	pool = fixture_pool(&f, client);
}

static void end(void)
{
	fixture_end_client(&f, client);
}

START_TEST(no_more_chunks_than_the_most)
{
	int i;

	for (i = 0; i < FIXTURE_CHUNKS; i++)
		fixture_grow(&f);
	ck_assert_int_eq(hec_grow(f.cache, &f), HEC_ENOMEM);
}
END_TEST

START_TEST(pages_move_when_there_is_room)
{
	uint32_t i;

	for (i = 0; i < 4; i++)
		fixture_grow(&f);
	for (i = 0; i < 2 * FIXTURE_CHUNK_FRAMES; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, i % 3, i, i), 0);
	ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	ck_assert_uint_eq(fixture_stats(&f, client).pages,
			  2 * FIXTURE_CHUNK_FRAMES);
	for (i = 0; i < 2 * FIXTURE_CHUNK_FRAMES; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, i % 3, i, i), 0);
}
END_TEST

START_TEST(without_room_the_oldest_go)
{
	uint32_t i, gone = FIXTURE_CHUNK_FRAMES;

	for (i = 0; i < 3; i++)
		fixture_grow(&f);
	put_range(&f, client, pool, 0, 3 * FIXTURE_CHUNK_FRAMES);
	ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_uint_eq(fixture_stats(&f, client).pages,
			  2 * FIXTURE_CHUNK_FRAMES);
	for (i = 0; i < 3 * FIXTURE_CHUNK_FRAMES; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, 0, i, i),
				 i < gone ? HEC_ENOENT : 0);
}
END_TEST

START_TEST(down_to_nothing_and_up_again)
{
	uint32_t i, round;

	for (round = 0; round < 5; round++) {
		for (i = 0; i < 1 + round; i++)
			fixture_grow(&f);
		for (i = 0; i < 100; i++)
			ck_assert_int_eq(put_seed(&f, client, pool, 0, i, i),
					 0);
		while (f.chunks_lent)
			ck_assert_int_eq(fixture_shrink(&f), 0);
		ck_assert_int_eq(hec_audit(f.cache), 0);
		ck_assert_uint_eq(fixture_stats(&f, client).pages, 0);
		ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 1),
				 HEC_ENOSPC);
	}
}
END_TEST

static bool is_closing(void)
{
	struct hec_cache_info info;

	hec_cache_info(f.cache, &info);
	return info.closing;
}

/* A frame in the hands of a put or a get keeps its chunk. */
START_TEST(a_chunk_in_use_stays_for_now)
{
	struct hec_name name;
	bool mine;
	uint32_t n;

	fixture_grow(&f);
	n = hec_room_take(f.cache, client);
	ck_assert(!is_closing());
	ck_assert_int_eq(fixture_shrink(&f), HEC_EAGAIN);
	ck_assert(is_closing());
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 1), HEC_ENOSPC);
	hec_frame_give(&f.cache->frames, n, client->number);
	ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert(!is_closing());

	fixture_grow(&f);
	fixture_grow(&f);
	put_seed(&f, client, pool, 0, 1, 1);
	hec_name_init(f.cache, client, pool, 0, 1, &name);
	n = hec_entry_find(f.cache, &name);
	f.cache->records[n].flags |= HEC_RECORD_PIN;
	ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_int_eq(fixture_shrink(&f), HEC_EAGAIN);
	/* It was doomed: evicted while a get held it. */
	ck_assert_uint_eq(f.cache->records[n].flags,
			  HEC_RECORD_PIN | HEC_RECORD_DOOMED);
	hec_env_lock(&client->lock);
	ck_assert(!hec_entry_unpin(f.cache, client, &name, n,
				   HEC_LEAVE_HANDED_UP, &mine));
	hec_env_unlock(&client->lock);
	ck_assert(mine);
	hec_frame_give(&f.cache->frames, n, client->number);
	ck_assert_int_eq(fixture_shrink(&f), 0);
}
END_TEST

START_TEST(a_pinned_page_is_not_moved)
{
	struct hec_name name;
	uint32_t n;

	fixture_grow(&f);
	put_seed(&f, client, pool, 0, 1, 1);
	hec_name_init(f.cache, client, pool, 0, 1, &name);
	n = hec_entry_find(f.cache, &name);
	f.cache->records[n].flags |= HEC_RECORD_PIN;
	ck_assert_uint_eq(hec_chunk_close(&f.cache->frames), 0);
	fixture_grow(&f);
	ck_assert_int_eq(fixture_shrink(&f), HEC_EAGAIN);
	f.cache->records[n].flags = HEC_RECORD_LINKED;
	ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 1, 1), 0);
}
END_TEST

/* Each call evicts a page, until there is none. */
START_TEST(room_is_made_page_by_page)
{
	fixture_grow(&f);
	put_range(&f, client, pool, 0, 2);
	ck_assert_ptr_eq(hec_room_payer(f.cache), client);
	ck_assert(hec_room_make(f.cache, client));
	ck_assert_uint_eq(fixture_stats(&f, client).evictions, 1);
	ck_assert(hec_room_make(f.cache, client));
	ck_assert_uint_eq(fixture_stats(&f, client).evictions, 2);
	ck_assert(!hec_room_make(f.cache, client));
	ck_assert_uint_eq(fixture_stats(&f, client).evictions, 2);
	ck_assert_ptr_null(hec_room_payer(f.cache));
}
END_TEST

/* Two clients alike lose alike, some pages at a time. */
START_TEST(all_give_up_room_in_turn)
{
	struct hec_config config = fixture_config();
	struct hec_client *one, *two;
	struct fixture g;
	uint64_t a, b, i;
	void *chunk;

	config.chunk_shift = 9;
	config.max_chunks = 2;
	fixture_start(&g, &config, 2);
	one = fixture_client(&g, 0);
	two = fixture_client(&g, 0);
	a = fixture_pool(&g, one);
	b = fixture_pool(&g, two);
	for (i = 0; i < 512; i++) {
		ck_assert_int_eq(put_seed(&g, one, a, 0, i, i), 0);
		ck_assert_int_eq(put_seed(&g, two, b, 0, i, i), 0);
	}
	ck_assert_int_eq(hec_shrink(g.cache, &chunk), 0);
	g.chunks_lent--;
	free(chunk);
	ck_assert_uint_eq(fixture_stats(&g, one).pages, 256);
	ck_assert_uint_eq(fixture_stats(&g, two).pages, 256);
	ck_assert_int_eq(hec_client_destroy(g.cache, one, 0), 0);
	ck_assert_int_eq(hec_client_destroy(g.cache, two, 0), 0);
	fixture_end(&g);
}
END_TEST

/* Flushes @nr of the pages that are in @chunk; pages have indices from 0 on. */
static void thin_out(uint32_t chunk, uint32_t nr)
{
	struct hec_name name;
	uint64_t index;
	uint32_t n;

	for (index = 0; nr; index++) {
		hec_name_init(f.cache, client, pool, 0, index, &name);
		n = hec_entry_find(f.cache, &name);
		if (n == HEC_NO_RECORD || n >> FIXTURE_CHUNK_SHIFT != chunk)
			continue;
		hec_flush(f.cache, client, pool, 0, index);
		nr--;
	}
}

START_TEST(the_chunk_with_the_fewest_pages_goes)
{
	static const uint32_t nr[4] = { 1, 5, 2, 3 };
	uint32_t i, emptiest;

	for (i = 0; i < 4; i++)
		fixture_grow(&f);
	for (emptiest = 0; emptiest < 4; emptiest++) {
		put_range(&f, client, pool, 0, 4 * FIXTURE_CHUNK_FRAMES);
		for (i = 0; i < 4; i++)
			thin_out(i, nr[(i - emptiest + 1) % 4]);
		ck_assert_uint_eq(hec_chunk_close(&f.cache->frames), emptiest);
		hec_chunk_reopen(&f.cache->frames);
		ck_assert_int_eq(hec_flush_pool(f.cache, client, pool, 0), 0);
	}
}
END_TEST

/* New pages go where others are, so that a chunk with none stays so, and goes. */
START_TEST(an_empty_chunk_is_filled_last)
{
	struct hec_stats stats;
	uint32_t i;

	for (i = 0; i < 3; i++)
		fixture_grow(&f);
	put_range(&f, client, pool, 0, 3 * FIXTURE_CHUNK_FRAMES);
	thin_out(1, 2);
	thin_out(0, FIXTURE_CHUNK_FRAMES);
	thin_out(2, 2);
	put_range(&f, client, pool, 1000, 4);
	ck_assert_uint_eq(f.cache->frames.chunks[0].nr_free,
			  FIXTURE_CHUNK_FRAMES);
	ck_assert_int_eq(fixture_shrink(&f), 0);
	stats = fixture_stats(&f, client);
	ck_assert_uint_eq(stats.evictions, 0);
	ck_assert_uint_eq(stats.pages, 2 * FIXTURE_CHUNK_FRAMES);
}
END_TEST

/* A simulation lends addresses, and nothing is behind them. */
START_TEST(without_content_no_frame_is_touched)
{
	const size_t bytes = FIXTURE_CHUNK_FRAMES * HEC_PAGE_SIZE;
	struct hec_config config = fixture_config();
	struct hec_client *c;
	struct fixture g;
	uint8_t *nothing;
	uint64_t p, i;
	void *chunk;

	nothing = mmap(NULL, 2 * bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	ck_assert_ptr_ne(nothing, MAP_FAILED);
	config.content = HEC_CONTENT_NONE;
	fixture_start(&g, &config, 0);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(hec_grow(g.cache, nothing + i * bytes), 0);
	c = fixture_client(&g, 0);
	p = fixture_pool(&g, c);
	for (i = 0; i < 2 * FIXTURE_CHUNK_FRAMES; i++)
		ck_assert_int_eq(hec_put(g.cache, c, p, 0, i, NULL), 0);
	for (i = 0; i < 2 * FIXTURE_CHUNK_FRAMES; i += 2)
		ck_assert_int_eq(hec_get(g.cache, c, p, 0, i, NULL), 0);
	ck_assert_int_eq(hec_shrink(g.cache, &chunk), 0);
	ck_assert_uint_eq(fixture_stats(&g, c).pages, FIXTURE_CHUNK_FRAMES);
	ck_assert_uint_eq(fixture_stats(&g, c).evictions, 0);
	ck_assert_int_eq(hec_client_destroy(g.cache, c, 0), 0);
	ck_assert_int_eq(hec_shrink(g.cache, &chunk), 0);
	fixture_end(&g);
	munmap(nothing, 2 * bytes);
}
END_TEST

Suite *resize_suite(void)
{
	const TTest *const tests[] = {
		no_more_chunks_than_the_most,
		pages_move_when_there_is_room,
		without_room_the_oldest_go,
		down_to_nothing_and_up_again,
		a_chunk_in_use_stays_for_now,
		a_pinned_page_is_not_moved,
		room_is_made_page_by_page,
		without_content_no_frame_is_touched,
		all_give_up_room_in_turn,
		the_chunk_with_the_fewest_pages_goes,
		an_empty_chunk_is_filled_last,
		NULL,
	};

	return suite_of("resize", start, end, tests);
}
