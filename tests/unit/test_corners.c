/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Corners that the other suites reach only by chance: every policy under
 * random use, with a maximum and without; batches that fail; a victim that a
 * get has pinned.
 */
#include "suites.h"

#include "../../libhecache/src/cache.h"

#define ROUNDS 6000

static struct fixture f;

static struct hec_client *make(enum hec_policy_kind policy, uint32_t max)
{
	struct hec_client_config config = { .max_pages = max,
					    .policy = policy };
	struct hec_client *client = NULL;

	ck_assert_int_eq(hec_client_create(f.cache, &config, &client), 0);
	return client;
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

static uint64_t pool_of_kind(struct hec_client *client, enum hec_pool_kind kind)
{
	uint64_t pool = 0;

	ck_assert_int_eq(hec_pool_create(f.cache, client, kind, &pool), 0);
	return pool;
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
	enum hec_policy_kind policy = (enum hec_policy_kind)(_i % 3);
	struct hec_client *client = make(policy, _i / 3 % 2 ? 20 : 0);
	uint64_t pool = pool_of_kind(client, _i / 6 ? HEC_POOL_INCLUSIVE
						    : HEC_POOL_EPHEMERAL);
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
	config.policy = (enum hec_policy_kind)((policy + 1) % 3);
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
	uint64_t pool = pool_of_kind(client, HEC_POOL_EPHEMERAL);
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
		      uint32_t *record)
{
	struct hec_name name;
	uint32_t i;

	for (i = 0; i < nr; i++) {
		hec_name_init(f.cache, client, pool, 0, i, &name);
		hec_get_finish(f.cache, client, &name, &record[i], true);
		hec_page_give(f.cache, client, record[i]);
	}
}

START_TEST(every_victim_is_pinned)
{
	struct hec_client *small = make(HEC_POLICY_LRU, 3);
	struct hec_client *large = make(HEC_POLICY_LRU, 0);
	uint32_t all = 4 * FIXTURE_CHUNK_FRAMES, record[64], i;
	uint64_t a = pool_of_kind(small, HEC_POOL_EPHEMERAL);
	uint64_t b = pool_of_kind(large, HEC_POOL_EPHEMERAL);

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(put_seed(&f, small, a, 0, i, i), 0);
	pin_all(small, a, 3, record);
	ck_assert_int_eq(put_seed(&f, small, a, 0, 9, 9), HEC_ENOSPC);
	unpin_all(small, a, 3, record);
	ck_assert_int_eq(put_seed(&f, small, a, 0, 9, 9), 0);
	hec_flush(f.cache, small, a, 0, 9);

	for (i = 0; i < all; i++)
		ck_assert_int_eq(put_seed(&f, large, b, 0, i, i), 0);
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

/* More hits than frames, and no frames at all, while idle memory is taxed. */
START_TEST(tax_at_the_extremes)
{
	struct hec_client *one = make(HEC_POLICY_LRU, 0);
	struct hec_client *two = make(HEC_POLICY_LRU, 0);
	uint64_t a = pool_of_kind(one, HEC_POOL_INCLUSIVE);
	uint64_t b = pool_of_kind(two, HEC_POOL_EPHEMERAL);
	uint32_t i;

	ck_assert_int_eq(hec_set_idle_tax(f.cache, 75), 0);
	ck_assert_int_eq(put_seed(&f, one, a, 0, 0, 1), 0);
	for (i = 0; i < 200; i++)
		ck_assert_int_eq(get_seed(&f, one, a, 0, 0, 1), 0);
	for (i = 0; i < 100; i++)
		ck_assert_int_eq(put_seed(&f, two, b, 0, i, i), 0);
	ck_assert_int_eq(get_seed(&f, one, a, 0, 0, 1), 0);
	while (f.chunks_lent)
		ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_int_eq(put_seed(&f, one, a, 0, 0, 1), HEC_ENOSPC);
	hec_room_note_hit(f.cache, one);
	hec_client_destroy(f.cache, one, 0);
	hec_client_destroy(f.cache, two, 0);
}
END_TEST

START_TEST(a_range_among_few_pages)
{
	struct hec_client *client = make(HEC_POLICY_LRU, 0);
	uint64_t pool = pool_of_kind(client, HEC_POOL_EPHEMERAL);
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
	uint64_t pool = pool_of_kind(client, HEC_POOL_EPHEMERAL), i;

	while (f.chunks_lent < FIXTURE_CHUNKS)
		fixture_grow(&f);
	for (i = 1; i <= f.cache->frames.nr_spares; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, i, 0, i), 0);
	ck_assert_int_eq(put_seed(&f, client, pool, i, 0, i), HEC_ENOSPC);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 0, 1), 0);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

START_TEST(a_corrupt_page_of_an_inclusive_pool_goes)
{
	struct hec_client *client = make(HEC_POLICY_LRU, 0);
	uint64_t pool = pool_of_kind(client, HEC_POOL_INCLUSIVE);
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
	ck_assert_int_eq(hec_client_create(f.cache, &config, &client), 0);
	pool = pool_of_kind(client, HEC_POOL_PERSISTENT);
	for (i = 0; i < 12; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 0, i, i), 0);
	ck_assert_int_eq(fixture_shrink(&f), HEC_ENOSPC);
	for (; i < 16; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 0, i, i), 0);
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
	struct hec_config config = fixture_config();
	struct hec_client *client;
	struct fixture g;
	uint64_t pool, i;
	void *chunk;

	config.content = HEC_CONTENT_NONE;
	config.chunk_shift = 13;
	fixture_start(&g, &config, 0);
	ck_assert_int_eq(hec_grow(g.cache, &g), 0);
	client = fixture_client(&g, 0);
	pool = fixture_pool(&g, client);
	for (i = 0; i < 5000; i++)
		ck_assert_int_eq(hec_put(g.cache, client, pool, 0, i, NULL), 0);
	ck_assert_uint_eq(hec_guest_call(g.cache, client, NULL, hello),
			  (uint64_t)HEC_EAGAIN);
	ck_assert_uint_eq(hec_guest_call(g.cache, client, NULL, hello), 0);
	hec_client_destroy(g.cache, client, 0);
	ck_assert_int_eq(hec_shrink(g.cache, &chunk), 0);
	fixture_end(&g);
}
END_TEST

Suite *corners_suite(void)
{
	Suite *suite = suite_create("corners");
	TCase *tc = tcase_create("corners");

	tcase_set_timeout(tc, 0);
	tcase_add_checked_fixture(tc, start, end);
	tcase_add_loop_test(tc, every_policy_under_random_use, 0, 12);
	tcase_add_test(tc, batches_that_fail);
	tcase_add_test(tc, every_victim_is_pinned);
	tcase_add_test(tc, tax_at_the_extremes);
	tcase_add_test(tc, a_range_among_few_pages);
	tcase_add_test(tc, more_objects_than_spares);
	tcase_add_test(tc, a_corrupt_page_of_an_inclusive_pool_goes);
	tcase_add_test(tc, a_chunk_that_cannot_go_is_used_again);
	tcase_add_test(tc, hello_gives_way);
	suite_add_tcase(suite, tc);
	return suite;
}
