/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who pays: guarantees, maxima, weights and the tax on idle memory, as truth
 * tables; clients that are changed while they run.
 */
#include "suites.h"

#define FRAMES (8 * FIXTURE_CHUNK_FRAMES)
#define CLIENTS 3

static struct fixture f;

static void start(void)
{
	struct hec_config config = fixture_config();

	fixture_start(&f, &config, 8);
}

static void end(void)
{
	fixture_end(&f);
}

static struct hec_client *make(uint32_t guaranteed, uint32_t max,
			       uint32_t weight)
{
	struct hec_client_config config = { .guaranteed_pages = guaranteed,
					    .max_pages = max,
					    .weight = weight,
					    .policy = HEC_POLICY_LRU };

	return fixture_client_on(&f, &config);
}

static uint32_t frames_of(struct hec_client *client)
{
	struct hec_stats s;

	hec_client_stats(f.cache, client, &s);
	return (uint32_t)s.frames;
}

/*
 * Three clients put as much as they like, in turns; what each has in the end is
 * what its terms say.
 */
static const struct {
	const char *name;
	struct {
		uint32_t guaranteed, max, weight, has;
	} client[CLIENTS];
} table[] = {
	{ "alike", { { 0, 0, 0, 21 }, { 0, 0, 0, 21 }, { 0, 0, 0, 21 } } },
	{ "weights",
	  { { 0, 0, 100, 16 }, { 0, 0, 100, 16 }, { 0, 0, 200, 32 } } },
	{ "a guarantee comes first",
	  { { 40, 0, 0, 48 }, { 0, 0, 0, 8 }, { 0, 0, 0, 8 } } },
	{ "a maximum leaves the rest to others",
	  { { 0, 4, 0, 4 }, { 0, 0, 0, 30 }, { 0, 0, 0, 30 } } },
	{ "guarantees of everything",
	  { { 32, 0, 0, 32 }, { 16, 0, 0, 16 }, { 16, 0, 0, 16 } } },
	{ "guarantee and weight",
	  { { 24, 0, 300, 48 }, { 0, 0, 100, 8 }, { 0, 0, 100, 8 } } },
};

START_TEST(each_gets_what_its_terms_say)
{
	struct hec_client *client[CLIENTS];
	uint64_t pool[CLIENTS];
	uint32_t i, round;

	for (i = 0; i < CLIENTS; i++) {
		client[i] = make(table[_i].client[i].guaranteed,
				 table[_i].client[i].max,
				 table[_i].client[i].weight);
		pool[i] = fixture_pool(&f, client[i]);
	}
	for (round = 0; round < 2 * FRAMES; round++)
		for (i = 0; i < CLIENTS; i++)
			put_range(&f, client[i], pool[i], round, 1);
	for (i = 0; i < CLIENTS; i++) {
		uint32_t has = frames_of(client[i]);
		uint32_t due = table[_i].client[i].has;

		ck_assert_msg(has + 1 >= due && has <= due + 1,
			      "%s: client %u has %u, is due %u", table[_i].name,
			      i, has, due);
	}
	ck_assert_int_eq(hec_audit(f.cache), 0);
	for (i = 0; i < CLIENTS; i++)
		hec_client_destroy(f.cache, client[i], 0);
}
END_TEST

START_TEST(nobody_pays_out_of_a_guarantee)
{
	struct hec_client *safe = make(16, 0, 0), *greedy = make(0, 0, 60000);
	uint64_t a = fixture_pool(&f, safe), b = fixture_pool(&f, greedy);
	uint32_t i;

	put_range(&f, safe, a, 0, 16);
	put_range(&f, greedy, b, 0, 4 * FRAMES);
	for (i = 0; i < 16; i++)
		ck_assert_int_eq(get_seed(&f, safe, a, 0, i, i), 0);
	hec_client_destroy(f.cache, safe, 0);
	hec_client_destroy(f.cache, greedy, 0);
}
END_TEST

START_TEST(guarantees_beyond_the_frames_lent_fail_gently)
{
	struct hec_client *one, *two;
	uint64_t a, b;

	one = make(FRAMES / 2, 0, 0);
	two = make(FRAMES / 2, 0, 0);
	while (f.chunks_lent > 1)
		ck_assert_int_eq(fixture_shrink(&f), 0);
	a = fixture_pool(&f, one);
	b = fixture_pool(&f, two);
	put_range(&f, one, a, 0, 3 * FIXTURE_CHUNK_FRAMES);
	ck_assert_uint_eq(frames_of(one), FIXTURE_CHUNK_FRAMES);
	ck_assert_int_eq(put_seed(&f, two, b, 0, 1, 1), HEC_ENOSPC);
	hec_client_destroy(f.cache, one, 0);
	ck_assert_int_eq(put_seed(&f, two, b, 0, 1, 1), 0);
	hec_client_destroy(f.cache, two, 0);
}
END_TEST

START_TEST(the_host_takes_guaranteed_pages_last)
{
	struct hec_client *safe = make(FRAMES / 2, 0, 0),
			  *other = make(0, 0, 0);
	uint64_t a = fixture_pool(&f, safe), b = fixture_pool(&f, other);

	put_range(&f, safe, a, 0, FRAMES / 2);
	put_range(&f, other, b, 0, FRAMES / 2);
	while (f.chunks_lent > 4)
		ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_uint_eq(frames_of(safe), FRAMES / 2);
	ck_assert_uint_eq(frames_of(other), 0);
	while (f.chunks_lent)
		ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_uint_eq(frames_of(safe), 0);
	hec_client_destroy(f.cache, safe, 0);
	hec_client_destroy(f.cache, other, 0);
}
END_TEST

/* A client whose pages are persistent ones and zeroes, and that ought to pay. */
static struct hec_client *make_poor(void)
{
	struct hec_client_config config = { .guaranteed_pages = 8,
					    .policy = HEC_POLICY_LRU };
	struct hec_client *poor = make(8, 0, 0);
	static const uint8_t zeroes[HEC_PAGE_SIZE] __attribute__((aligned(64)));
	uint64_t kept, pool = fixture_pool(&f, poor);
	uint32_t i;

	ck_assert_int_eq(
		hec_pool_create(f.cache, poor, HEC_POOL_PERSISTENT, &kept), 0);
	put_range(&f, poor, kept, 0, 8);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(hec_put(f.cache, poor, pool, 0, i, zeroes), 0);
	config.guaranteed_pages = 0;
	config.weight = 1;
	ck_assert_int_eq(hec_client_set(f.cache, poor, &config), 0);
	return poor;
}

START_TEST(who_cannot_pay_is_passed_over)
{
	struct hec_client *poor, *rich = make(0, 0, 0), *third = make(0, 0, 0);
	uint64_t b = fixture_pool(&f, rich), c = fixture_pool(&f, third);

	put_range(&f, rich, b, 0, FRAMES - 8);
	poor = make_poor();
	ck_assert_int_eq(put_seed(&f, third, c, 0, 1, 1), 0);
	hec_client_destroy(f.cache, poor, 0);

	poor = make_poor();
	ck_assert_int_eq(fixture_shrink(&f), 0);
	hec_client_destroy(f.cache, poor, 0);
	hec_client_destroy(f.cache, rich, 0);
	hec_client_destroy(f.cache, third, 0);
}
END_TEST

START_TEST(terms_are_checked)
{
	struct hec_client_config config = { .policy = HEC_POLICY_LRU };
	struct hec_client *client, *other;

	config.weight = HEC_MAX_WEIGHT + 1;
	ck_assert_int_eq(hec_client_create(f.cache, &config, &client),
			 HEC_EINVAL);
	config.weight = 0;
	config.guaranteed_pages = 5;
	config.max_pages = 4;
	ck_assert_int_eq(hec_client_create(f.cache, &config, &client),
			 HEC_EINVAL);
	config.max_pages = 0;
	config.guaranteed_pages = HEC_MAX_FRAMES + 1;
	ck_assert_int_eq(hec_client_create(f.cache, &config, &client),
			 HEC_EINVAL);
	config.guaranteed_pages = FRAMES;
	client = fixture_client_on(&f, &config);
	config.guaranteed_pages = 1;
	ck_assert_int_eq(hec_client_create(f.cache, &config, &other),
			 HEC_ENOSPC);
	fixture_grow(&f);
	ck_assert_int_eq(hec_client_create(f.cache, &config, &other), 0);
	hec_client_destroy(f.cache, other, 0);
	ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_int_eq(hec_client_set(f.cache, client, &config), 0);
	other = fixture_client_on(&f, &config);
	config.guaranteed_pages = FRAMES;
	ck_assert_int_eq(hec_client_set(f.cache, other, &config), HEC_ENOSPC);
	config.policy = (enum hec_policy_kind)7;
	ck_assert_int_eq(hec_client_set(f.cache, other, &config), HEC_EINVAL);
	hec_client_get(f.cache, other, &config);
	ck_assert_uint_eq(config.guaranteed_pages, 1);
	ck_assert_uint_eq(config.max_pools, HEC_CLIENT_POOLS);
	ck_assert_int_eq(hec_set_idle_tax(f.cache, HEC_MAX_IDLE_TAX + 1),
			 HEC_EINVAL);
	hec_client_destroy(f.cache, client, 0);
	hec_client_destroy(f.cache, other, 0);
}
END_TEST

/* With a tax, the client that uses its pages keeps more of them. */
static uint32_t frames_of_active(uint32_t tax)
{
	struct hec_cache_info info;
	struct hec_client *active = make(0, 0, 0), *idle = make(0, 0, 0);
	uint64_t a = fixture_pool(&f, active), b = fixture_pool(&f, idle);
	uint32_t round, has;

	ck_assert_int_eq(hec_set_idle_tax(f.cache, tax), 0);
	hec_cache_info(f.cache, &info);
	ck_assert_uint_eq(info.idle_tax, tax);
	for (round = 0; round < 40 * FRAMES; round++) {
		uint32_t back = round > 4 ? round - 4 : 0;

		put_range(&f, active, a, round, 1);
		if (get_seed(&f, active, a, 0, back, back) == 0)
			put_range(&f, active, a, back, 1);
		put_range(&f, idle, b, round, 1);
	}
	has = frames_of(active);
	hec_client_destroy(f.cache, active, 0);
	hec_client_destroy(f.cache, idle, 0);
	return has;
}

START_TEST(idle_memory_is_taxed)
{
	uint32_t untaxed = frames_of_active(0), taxed = frames_of_active(75);

	ck_assert_uint_ge(untaxed + 1, FRAMES / 2);
	ck_assert_uint_le(untaxed, FRAMES / 2 + 1);
	ck_assert_uint_gt(taxed, FRAMES * 3 / 5);
}
END_TEST

START_TEST(terms_change_while_it_runs)
{
	struct hec_client *one = make(0, 0, 0), *two = make(0, 0, 0);
	uint64_t a = fixture_pool(&f, one), b = fixture_pool(&f, two);
	struct hec_client_config config;
	uint32_t round;

	put_range(&f, one, a, 0, FRAMES);
	put_range(&f, two, b, 0, FRAMES);
	hec_client_get(f.cache, one, &config);
	config.max_pages = 3;
	ck_assert_int_eq(hec_client_set(f.cache, one, &config), 0);
	for (round = 0; round < FRAMES; round++) {
		put_range(&f, one, a, round, 1);
		put_range(&f, two, b, round, 1);
	}
	ck_assert_uint_le(frames_of(one), 3);
	hec_client_destroy(f.cache, one, 0);
	hec_client_destroy(f.cache, two, 0);
}
END_TEST

START_TEST(a_frozen_client_puts_nothing)
{
	struct hec_client *one = make(0, 0, 0);
	uint64_t a = fixture_pool(&f, one);
	struct hec_stats s;

	put_range(&f, one, a, 0, 2);
	ck_assert(!hec_client_is_frozen(f.cache, one));
	hec_client_freeze(f.cache, one, true);
	ck_assert(hec_client_is_frozen(f.cache, one));
	ck_assert_int_eq(put_seed(&f, one, a, 0, 0, 9), HEC_ENOSPC);
	ck_assert_int_eq(get_seed(&f, one, a, 0, 0, 9), HEC_ENOENT);
	ck_assert_int_eq(get_seed(&f, one, a, 0, 1, 1), 0);
	hec_client_freeze(f.cache, one, false);
	put_range(&f, one, a, 0, 1);
	hec_client_reset_stats(f.cache, one);
	hec_client_stats(f.cache, one, &s);
	ck_assert_uint_eq(s.puts + s.puts_refused + s.hits + s.misses, 0);
	ck_assert_uint_eq(s.pages, 1);
	hec_client_destroy(f.cache, one, 0);
}
END_TEST

/* In a large cache a payer pays more than once before all are looked at anew. */
#define LARGE_CHUNK (1u << 16)
#define LARGE_TURNS 15u /* the most */

static void put_index(struct hec_client *client, uint64_t pool, uint32_t from,
		      uint32_t nr)
{
	uint32_t i;

	for (i = from; i < from + nr; i++)
		ck_assert_int_eq(hec_put(f.cache, client, pool, 0, i, NULL), 0);
}

static void start_large(void)
{
	struct hec_config config = { .max_chunks = 2,
				     .chunk_shift = 16,
				     .max_clients = 4,
				     .max_pools = 4,
				     .content = HEC_CONTENT_NONE };
	uint64_t size = hec_size(&config);

	f.mem = test_memory(size);
	ck_assert_int_eq(hec_init(f.mem, size, &config, &f.cache), 0);
	ck_assert_int_eq(hec_grow(f.cache, f.mem), 0);
	ck_assert_int_eq(hec_grow(f.cache, f.mem), 0);
}

static void end_large(void)
{
	void *chunk;

	ck_assert_int_eq(hec_shrink(f.cache, &chunk), 0);
	ck_assert_int_eq(hec_shrink(f.cache, &chunk), 0);
	hec_fini(f.cache);
	free(f.mem);
}

static void has_about(struct hec_client *client, uint32_t frames)
{
	uint32_t has = frames_of(client), slack = 3 * LARGE_TURNS;

	ck_assert_uint_ge(has + slack, frames);
	ck_assert_uint_le(has, frames + slack);
}

START_TEST(in_a_large_cache_shares_hold_too)
{
	struct hec_client *one = make(0, 0, 100), *two = make(0, 0, 300), *late;
	uint64_t a = fixture_pool(&f, one), b = fixture_pool(&f, two), c;
	uint32_t i;

	for (i = 0; i < 2 * LARGE_CHUNK; i++) {
		put_index(one, a, i, 1);
		put_index(two, b, i, 1);
	}
	has_about(one, LARGE_CHUNK / 2);
	has_about(two, LARGE_CHUNK * 3 / 2);

	/* One's payer is now a slot of somebody else, who has a guarantee. */
	put_index(one, a, i, 1);
	hec_client_destroy(f.cache, two, 0);
	late = make(100, 0, 100);
	c = fixture_pool(&f, late);
	put_index(one, a, 0, 3 * LARGE_CHUNK);
	put_index(late, c, 0, 100);
	put_index(one, a, 0, 3 * LARGE_CHUNK);
	ck_assert_uint_eq(frames_of(late), 100);
	hec_client_destroy(f.cache, late, 0);
	put_index(one, a, 0, 3 * LARGE_CHUNK);
	ck_assert_uint_eq(frames_of(one), 2 * LARGE_CHUNK);
	hec_client_destroy(f.cache, one, 0);
}
END_TEST

/* Two with guarantees of all there is. */
START_TEST(in_a_large_cache_guarantees_hold_too)
{
	struct hec_client *one = make(LARGE_CHUNK, 0, 0);
	struct hec_client *two = make(LARGE_CHUNK, 0, 0);
	uint64_t a = fixture_pool(&f, one), b = fixture_pool(&f, two);

	put_index(one, a, 0, 2 * LARGE_CHUNK);
	put_index(two, b, 0, 2 * LARGE_CHUNK);
	ck_assert_uint_eq(frames_of(one), LARGE_CHUNK);
	ck_assert_uint_eq(frames_of(two), LARGE_CHUNK);
	hec_client_destroy(f.cache, one, 0);
	hec_client_destroy(f.cache, two, 0);
}
END_TEST

/* It is its turn again, but has no pages; the asker has some to give, or none. */
START_TEST(in_a_large_cache_a_payer_may_have_gone)
{
	struct hec_client *first = make(0, 0, 0), *second = make(0, 0, 0);
	struct hec_client *safe = make(LARGE_CHUNK, 0, 0);
	uint64_t a = fixture_pool(&f, first), b = fixture_pool(&f, second);
	uint64_t c = fixture_pool(&f, safe);

	put_index(second, b, 0, LARGE_CHUNK / 2);
	put_index(first, a, 0, 2 * LARGE_CHUNK);
	put_index(second, b, LARGE_CHUNK, 1);
	put_index(safe, c, 0, 1);
	hec_client_destroy(f.cache, first, 0);
	put_index(second, b, 0, 2 * LARGE_CHUNK);
	put_index(safe, c, 0, LARGE_CHUNK);
	ck_assert_uint_eq(frames_of(safe), LARGE_CHUNK);
	ck_assert_uint_eq(frames_of(second), LARGE_CHUNK);

	first = make(0, 0, 0);
	a = fixture_pool(&f, first);
	put_index(first, a, 0, LARGE_CHUNK);
	has_about(first, LARGE_CHUNK / 2);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	hec_client_destroy(f.cache, first, 0);
	hec_client_destroy(f.cache, second, 0);
	hec_client_destroy(f.cache, safe, 0);
}
END_TEST

Suite *share_suite(void)
{
	const TTest *const tests[] = {
		nobody_pays_out_of_a_guarantee,
		guarantees_beyond_the_frames_lent_fail_gently,
		the_host_takes_guaranteed_pages_last,
		who_cannot_pay_is_passed_over,
		terms_are_checked,
		idle_memory_is_taxed,
		terms_change_while_it_runs,
		a_frozen_client_puts_nothing,
		NULL,
	};
	const TTest *const large[] = {
		in_a_large_cache_shares_hold_too,
		in_a_large_cache_guarantees_hold_too,
		in_a_large_cache_a_payer_may_have_gone,
		NULL,
	};
	Suite *suite = suite_create("share");
	TCase *tc = suite_case(suite, "share", start, end, tests);

	suite_case(suite, "large", start_large, end_large, large);
	tcase_add_loop_test(tc, each_gets_what_its_terms_say, 0,
			    sizeof(table) / sizeof(table[0]));
	return suite;
}
