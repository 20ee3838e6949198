/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Corners that the other suites reach only by chance: every policy under
 * random use, with a maximum and without; batches that fail; a victim that a
 * get has pinned.
 */
#include "suites.h"

#include "../../libhecache/src/cache/entry.h"
#include "../../libhecache/src/cache/get.h"
#include "../../libhecache/src/cache/room.h"

#define ROUNDS 6000

static struct fixture f;

static struct hec_client *make(enum hec_policy_kind policy, uint32_t max)
{
	struct hec_client_config config = { .max_pages = max,
					    .policy = policy };

	return fixture_client_on(&f, &config);
}

static void start(void)
{
	struct hec_config config = fixture_config();

	fixture_start(&f, &config, 4);
}

static void end(void)
{
	fixture_end(&f);
}

/* Often the same few keys, else any of many: queues of both kinds fill. */
static uint64_t some_key(struct xorshift *random)
{
	return random_below(random, 2) ? random_below(random, 12)
				       : random_below(random, 90);
}

static void use_at_random(struct hec_client *client, uint64_t pool,
			  struct xorshift *random)
{
	uint64_t key = some_key(random);

	if (get_seed(&f, client, pool, 0, key, key + 1))
		ck_assert_int_eq(put_seed(&f, client, pool, 0, key, key + 1),
				 0);
	if (random_below(random, 50) == 0)
		hec_flush(f.cache, client, pool, 0, some_key(random));
}

START_TEST(every_policy_under_random_use)
{
	/* No maximum, one that is reached, and one that is not. */
	static const uint32_t most[] = { 0, 20, 1000 };
	enum hec_policy_kind policy =
		(enum hec_policy_kind)(_i % HEC_NR_POLICIES);
	struct hec_client *client =
		make(policy, most[_i / HEC_NR_POLICIES % 3]);
	uint64_t pool = fixture_pool_of(
		&f, client, _i / 9 ? HEC_POOL_INCLUSIVE : HEC_POOL_EPHEMERAL);
	struct xorshift random = { test_seed("corners") };
	struct hec_client_config config;
	struct hec_stats s;
	uint32_t i;

	for (i = 0; i < ROUNDS; i++) {
		use_at_random(client, pool, &random);
		if (i % 64 == 0)
			ck_assert_int_eq(hec_audit(f.cache), 0);
	}
	/* What one policy has left behind the next one uses up. */
	hec_client_get(f.cache, client, &config);
	config.policy = (enum hec_policy_kind)((policy + 1) % HEC_NR_POLICIES);
	ck_assert_int_eq(hec_client_set(f.cache, client, &config), 0);
	for (i = 0; i < ROUNDS; i++)
		use_at_random(client, pool, &random);
	hec_client_stats(f.cache, client, &s);
	ck_assert_uint_gt(s.hits, ROUNDS / 100);
	ck_assert_uint_gt(s.evictions, ROUNDS / 100);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	while (hec_client_destroy(f.cache, client, 3))
		;
}
END_TEST

START_TEST(batches_that_fail)
{
	struct hec_client *client = make(HEC_POLICY_LRU, 0);
	uint64_t pool = fixture_pool(&f, client);
	_Alignas(64) uint8_t page[4][HEC_PAGE_SIZE];
	struct hec_batch_item item[4];
	uint32_t i;

	for (i = 0; i < 4; i++) {
		page_fill(page[i], i + 1);
		item[i] =
			(struct hec_batch_item){ .index = i, .page = page[i] };
	}
	ck_assert_int_eq(hec_put_batch(f.cache, client, pool, item, 0),
			 HEC_EINVAL);
	ck_assert_int_eq(hec_put_batch(f.cache, client, pool, item,
				       HEC_BATCH_MAX + 1),
			 HEC_EINVAL);
	ck_assert_int_eq(hec_get_batch(f.cache, client, pool, item, 0),
			 HEC_EINVAL);
	ck_assert_int_eq(hec_get_batch(f.cache, client, pool, item,
				       HEC_BATCH_MAX + 1),
			 HEC_EINVAL);
	item[1].index = HEC_MAX_INDEX + 1;
	ck_assert_int_eq(hec_put_batch(f.cache, client, pool, item, 4), 0);
	ck_assert_int_eq(item[0].status, 0);
	ck_assert_int_eq(item[1].status, HEC_EINVAL);
	hec_flush(f.cache, client, pool, 0, 2);
	ck_assert_int_eq(hec_get_batch(f.cache, client, pool, item, 4), 0);
	ck_assert_int_eq(item[0].status, 0);
	ck_assert_int_eq(item[1].status, HEC_EINVAL);
	ck_assert_int_eq(item[2].status, HEC_ENOENT);
	ck_assert_int_eq(item[3].status, 0);
	ck_assert_int_eq(hec_get_batch(f.cache, client, 0, item, 4), 0);
	ck_assert_int_eq(item[3].status, HEC_ESTALE);

	/* A frozen client's put drops what was there. */
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 0, 1), 0);
	hec_client_freeze(f.cache, client, true);
	ck_assert_int_eq(hec_put_batch(f.cache, client, pool, item, 4), 0);
	ck_assert_int_eq(item[0].status, HEC_ENOSPC);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 0, 1), HEC_ENOENT);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

/* Records of @nr pages are pinned, as if gets copied from them. */
static void pin_all(struct hec_client *client, uint64_t pool, uint32_t nr,
		    uint32_t *record)
{
	struct hec_name name;
	uint32_t i;

	for (i = 0; i < nr; i++) {
		hec_name_init(f.cache, client, pool, 0, i, &name);
		ck_assert_int_eq(hec_get_pin(f.cache, &name, &record[i]), 0);
	}
}

static void unpin_all(struct hec_client *client, uint64_t pool, uint32_t nr,
		      const uint32_t *record)
{
	uint8_t page[HEC_PAGE_SIZE];
	struct hec_name name;
	uint32_t i;

	for (i = 0; i < nr; i++) {
		hec_name_init(f.cache, client, pool, 0, i, &name);
		hec_get_pinned(f.cache, client, &name, record[i], HEC_NO_RECORD,
			       page);
	}
}

START_TEST(every_victim_is_pinned)
{
	struct hec_client *small = make(HEC_POLICY_LRU, 3);
	struct hec_client *large = make(HEC_POLICY_LRU, 0);
	uint32_t all = 4 * FIXTURE_CHUNK_FRAMES, record[64];
	uint64_t a = fixture_pool(&f, small);
	uint64_t b = fixture_pool(&f, large);

	put_range(&f, small, a, 0, 3);
	pin_all(small, a, 3, record);
	ck_assert_int_eq(put_seed(&f, small, a, 0, 9, 9), HEC_ENOSPC);
	unpin_all(small, a, 3, record);
	ck_assert_int_eq(put_seed(&f, small, a, 0, 9, 9), 0);
	hec_flush(f.cache, small, a, 0, 9);

	put_range(&f, large, b, 0, all);
	pin_all(large, b, all, record);
	ck_assert_int_eq(put_seed(&f, large, b, 0, 99, 99), HEC_ENOSPC);
	ck_assert_int_eq(fixture_shrink(&f), HEC_EAGAIN);
	hec_flush_range(f.cache, large, b, 0, 0, 1000);
	unpin_all(large, b, all, record);
	ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_int_eq(put_seed(&f, large, b, 0, 99, 99), 0);
	hec_client_destroy(f.cache, small, 0);
	hec_client_destroy(f.cache, large, 0);
}
END_TEST

/* An object goes while a get copies one of its pages out. */
START_TEST(a_pinned_page_is_flushed_with_its_object)
{
	struct hec_client *client = make(HEC_POLICY_LRU, 0);
	uint64_t pool = fixture_pool(&f, client);
	struct hec_stats s;
	uint32_t record;

	put_range(&f, client, pool, 0, 3);
	pin_all(client, pool, 1, &record);
	hec_flush_object(f.cache, client, pool, 0);
	hec_client_stats(f.cache, client, &s);
	ck_assert_uint_eq(s.pages, 0);
	ck_assert_uint_eq(s.frames, 1);
	unpin_all(client, pool, 1, &record);
	hec_client_stats(f.cache, client, &s);
	ck_assert_uint_eq(s.frames, 0);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

/* A frame changes hands, but the payee has as many as it may by now. */
START_TEST(a_frame_that_may_not_be_kept_is_free)
{
	struct hec_client *client = make(HEC_POLICY_LRU, 0);
	struct hec_cache_info before, after;
	uint32_t n;

	hec_cache_info(f.cache, &before);
	n = hec_room_take(f.cache, client);
	ck_assert(!hec_frame_recharge(&f.cache->frames, n, client->number,
				      client->number, 0));
	hec_cache_info(f.cache, &after);
	ck_assert_uint_eq(after.frames_free, before.frames_free);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

/* What is evicted from a chunk that is to go is not used again. */
START_TEST(frames_of_a_closing_chunk_are_not_used)
{
	struct hec_client *client = make(HEC_POLICY_LRU, 0);
	uint64_t pool = fixture_pool(&f, client);
	uint32_t all = 4 * FIXTURE_CHUNK_FRAMES, chunk;

	put_range(&f, client, pool, 0, all);
	chunk = hec_chunk_close(&f.cache->frames);
	put_range(&f, client, pool, all, all);
	ck_assert_uint_eq(f.cache->frames.chunks[chunk].nr_free,
			  FIXTURE_CHUNK_FRAMES);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

/* Who has only a page of zeroes has no frame to pay with. */
START_TEST(zeroes_do_not_pay)
{
	uint32_t all = 4 * FIXTURE_CHUNK_FRAMES;
	struct hec_client_config config = { .guaranteed_pages = all };
	struct hec_client *rich, *poor;
	uint64_t a, b;

	rich = fixture_client_on(&f, &config);
	config.guaranteed_pages = 0;
	poor = fixture_client_on(&f, &config);
	a = fixture_pool(&f, rich);
	b = fixture_pool(&f, poor);
	put_range(&f, rich, a, 0, all);
	ck_assert_int_eq(put_seed(&f, poor, b, 0, 0, SEED_ZEROES), 0);
	ck_assert_int_eq(put_seed(&f, poor, b, 0, 1, 1), HEC_ENOSPC);
	ck_assert_int_eq(get_seed(&f, poor, b, 0, 0, SEED_ZEROES), 0);
	hec_client_destroy(f.cache, rich, 0);
	hec_client_destroy(f.cache, poor, 0);
}
END_TEST

/* In a batch, a page of zeroes comes after one with a frame. */
START_TEST(a_batch_with_zeroes)
{
	struct hec_client *client = make(HEC_POLICY_LRU, 0);
	uint64_t pool = fixture_pool(&f, client);
	_Alignas(64) uint8_t page[2][HEC_PAGE_SIZE];
	struct hec_batch_item item[2] = { { .index = 0, .page = page[0] },
					  { .index = 1, .page = page[1] } };

	ck_assert_int_eq(put_seed(&f, client, pool, 0, 0, 5), 0);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, SEED_ZEROES), 0);
	memset(page, 0xa5, sizeof(page));
	ck_assert_int_eq(hec_get_batch(f.cache, client, pool, item, 2), 0);
	ck_assert_int_eq(item[0].status | item[1].status, 0);
	ck_assert(page_holds(page[0], 5));
	ck_assert(page_holds(page[1], SEED_ZEROES));
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

/* More puts at once than the guarantee has room for: each began in time. */
START_TEST(a_batch_beyond_the_guarantee)
{
	struct hec_client_config config = { .guaranteed_pages = 2 };
	_Alignas(64) uint8_t page[HEC_PAGE_SIZE];
	struct hec_batch_item item[4];
	struct hec_client *client;
	uint64_t pool;
	uint32_t i;

	client = fixture_client_on(&f, &config);
	pool = fixture_pool_of(&f, client, HEC_POOL_PERSISTENT);
	page_fill(page, 1);
	for (i = 0; i < 4; i++)
		item[i] = (struct hec_batch_item){ .index = i, .page = page };
	ck_assert_int_eq(hec_put_batch(f.cache, client, pool, item, 4), 0);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(item[i].status, i < 2 ? 0 : HEC_ENOSPC);
		ck_assert_int_eq(get_seed(&f, client, pool, 0, i, 1),
				 i < 2 ? 0 : HEC_ENOENT);
	}
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

/* ARC's T1 pays when T2 is empty, however much it should have. */
START_TEST(arc_with_nothing_that_came_back)
{
	struct hec_client *client = make(HEC_POLICY_ARC, 0);
	uint64_t pool = fixture_pool(&f, client);
	uint32_t all = 4 * FIXTURE_CHUNK_FRAMES;

	put_range(&f, client, pool, 0, all);
	client->policy.target = 1ull << 40;
	ck_assert_int_eq(put_seed(&f, client, pool, 0, all, all), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 0, 0), HEC_ENOENT);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 1, 1), 0);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

/* 8192 frames with no content, and one client. */
static struct hec_client *start_large(struct fixture *g,
				      enum hec_policy_kind policy)
{
	struct hec_client_config terms = { .policy = policy };
	struct hec_config config = fixture_config();
	struct hec_client *client = NULL;

	config.content = HEC_CONTENT_NONE;
	config.chunk_shift = 13;
	fixture_start(g, &config, 0);
	ck_assert_int_eq(hec_grow(g->cache, g), 0);
	ck_assert_int_eq(hec_client_create(g->cache, &terms, &client), 0);
	return client;
}

static void end_large(struct fixture *g, struct hec_client *client)
{
	void *chunk;

	ck_assert_int_eq(hec_client_destroy(g->cache, client, 0), 0);
	ck_assert_int_eq(hec_shrink(g->cache, &chunk), 0);
	fixture_end(g);
}

/* More pages in use than a victim is looked for in: the last of them goes. */
START_TEST(a_search_for_a_victim_is_bounded)
{
	const uint64_t all = 1u << 13, steps = HEC_ROOM_STEPS;
	struct hec_client *client;
	uint64_t pool = 0, i;
	struct fixture g;

	client = start_large(&g, HEC_POLICY_S3FIFO);
	ck_assert_int_eq(
		hec_pool_create(g.cache, client, HEC_POOL_INCLUSIVE, &pool), 0);
	for (i = 0; i < all; i++)
		ck_assert_int_eq(hec_put(g.cache, client, pool, 0, i, NULL), 0);
	for (i = 0; i < 2 * all; i++)
		ck_assert_int_eq(hec_get(g.cache, client, pool, 0, i / 2, NULL),
				 0);
	ck_assert_int_eq(hec_put(g.cache, client, pool, 0, all, NULL), 0);
	ck_assert_uint_eq(fixture_stats(&g, client).evictions, 1);
	ck_assert_int_eq(hec_get(g.cache, client, pool, 0, steps - 1, NULL),
			 HEC_ENOENT);
	end_large(&g, client);
}
END_TEST

/* More hits than frames, and no frames at all, while idle memory is taxed. */
START_TEST(tax_at_the_extremes)
{
	struct hec_client *one = make(HEC_POLICY_LRU, 0);
	struct hec_client *two = make(HEC_POLICY_LRU, 0);
	uint64_t a = fixture_pool_of(&f, one, HEC_POOL_INCLUSIVE);
	uint64_t b = fixture_pool(&f, two);
	uint32_t i;

	ck_assert_int_eq(hec_set_idle_tax(f.cache, 75), 0);
	ck_assert_int_eq(put_seed(&f, one, a, 0, 0, 1), 0);
	for (i = 0; i < 200; i++)
		ck_assert_int_eq(get_seed(&f, one, a, 0, 0, 1), 0);
	put_range(&f, two, b, 0, 100);
	ck_assert_int_eq(get_seed(&f, one, a, 0, 0, 1), 0);
	while (f.chunks_lent)
		ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_int_eq(put_seed(&f, one, a, 0, 0, 1), HEC_ENOSPC);
	hec_env_lock(&one->lock);
	hec_room_note_hit(f.cache, one);
	hec_env_unlock(&one->lock);
	hec_client_destroy(f.cache, one, 0);
	hec_client_destroy(f.cache, two, 0);
}
END_TEST

START_TEST(a_range_among_few_pages)
{
	struct hec_client *client = make(HEC_POLICY_LRU, 0);
	uint64_t pool = fixture_pool(&f, client);
	static const uint64_t index[] = { 3, 50, 5000 };
	uint32_t i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 0, index[i], i), 0);
	hec_flush_range(f.cache, client, pool, 0, 10, 100);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, 0, index[i], i),
				 i == 1 ? HEC_ENOENT : 0);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

/* Each object but 0 takes a spare record; without one its pages find no room. */
START_TEST(more_objects_than_spares)
{
	struct hec_client *client = make(HEC_POLICY_LRU, 0);
	uint64_t pool = fixture_pool(&f, client), i;

	while (f.chunks_lent < FIXTURE_CHUNKS)
		fixture_grow(&f);
	for (i = 1; put_seed(&f, client, pool, i, 0, i) == 0; i++)
		;
	ck_assert_uint_gt(i, f.cache->frames.nr_spares / 2);
	ck_assert_int_eq(put_seed(&f, client, pool, i, 0, i), HEC_ENOSPC);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 0, 1), 0);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

START_TEST(a_corrupt_page_of_an_inclusive_pool_goes)
{
	struct hec_client *client = make(HEC_POLICY_LRU, 0);
	uint64_t pool = fixture_pool_of(&f, client, HEC_POOL_INCLUSIVE);
	struct hec_name name;
	uint8_t *frame;

	ck_assert_int_eq(put_seed(&f, client, pool, 0, 0, 1), 0);
	hec_name_init(f.cache, client, pool, 0, 0, &name);
	frame = hec_frame_map(&f.cache->frames, hec_entry_find(f.cache, &name));
	frame[77] ^= 1;
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 0, 1), HEC_ENOENT);
	frame[77] ^= 1;
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 0, 1), HEC_ENOENT);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

/* Persistent pages keep a chunk that is partly free; it goes on being used. */
START_TEST(a_chunk_that_cannot_go_is_used_again)
{
	struct hec_client_config config = { .guaranteed_pages = 16 };
	struct hec_client *client;
	uint64_t pool, i;

	while (f.chunks_lent > 2)
		ck_assert_int_eq(fixture_shrink(&f), 0);
	client = fixture_client_on(&f, &config);
	pool = fixture_pool_of(&f, client, HEC_POOL_PERSISTENT);
	put_range(&f, client, pool, 0, 12);
	ck_assert_int_eq(fixture_shrink(&f), HEC_ENOSPC);
	put_range(&f, client, pool, 12, 4);
	for (i = 0; i < 16; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, 0, i, i), 0);
	ck_assert_int_eq(fixture_shrink(&f), HEC_ENOSPC);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

/* A guest that says HELLO while it has more pages than one call drops. */
START_TEST(hello_gives_way)
{
	static const uint64_t hello[4] = { HEC_CMD_HELLO, HEC_ABI_VERSION };
	struct hec_client *client;
	struct fixture g;
	uint64_t pool, i;

	client = start_large(&g, HEC_POLICY_LRU);
	pool = fixture_pool(&g, client);
	for (i = 0; i < 5000; i++)
		ck_assert_int_eq(hec_put(g.cache, client, pool, 0, i, NULL), 0);
	ck_assert_uint_eq(hec_guest_call(g.cache, client, NULL, hello),
			  (uint64_t)HEC_EAGAIN);
	ck_assert_uint_eq(hec_guest_call(g.cache, client, NULL, hello), 0);
	end_large(&g, client);
}
END_TEST

Suite *corners_suite(void)
{
	const TTest *const tests[] = {
		batches_that_fail,
		every_victim_is_pinned,
		a_pinned_page_is_flushed_with_its_object,
		a_frame_that_may_not_be_kept_is_free,
		frames_of_a_closing_chunk_are_not_used,
		zeroes_do_not_pay,
		a_batch_with_zeroes,
		a_batch_beyond_the_guarantee,
		arc_with_nothing_that_came_back,
		a_search_for_a_victim_is_bounded,
		tax_at_the_extremes,
		a_range_among_few_pages,
		more_objects_than_spares,
		a_corrupt_page_of_an_inclusive_pool_goes,
		a_chunk_that_cannot_go_is_used_again,
		hello_gives_way,
		NULL,
	};
	Suite *suite = suite_create("corners");
	TCase *tc = suite_case(suite, "corners", start, end, tests);

	tcase_add_loop_test(tc, every_policy_under_random_use, 0,
			    6 * HEC_NR_POLICIES);
	return suite;
}
