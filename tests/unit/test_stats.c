/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Statistics, every count of them: they are set from behind, each to a number of
 * its own, since some events are too rare to wait for.
 */
#include "suites.h"

#include "../../libhecache/src/cache/state.h"

#define COUNTS (offsetof(struct hec_stats, pages) / sizeof(uint64_t))

static struct fixture f;

static void start(void)
{
	struct hec_config config = fixture_config();

	fixture_start(&f, &config, 4);
}

static void end(void)
{
	fixture_end(&f);
}

/* A client that has counted @by, 2 * @by and so on. */
static struct hec_client *has_counted(uint64_t by)
{
	struct hec_client *client = fixture_client(&f, 0);

	client->stats.puts = by;
	client->stats.puts_refused = 2 * by;
	client->stats.hits = 3 * by;
	client->misses = 4 * by;
	client->flushes = 5 * by;
	client->stats.evictions = 6 * by;
	client->stats.corrupt = 7 * by;
	client->sequence.breaks = 8 * by;
	client->unasked = 9 * by;
	return client;
}

static void are(const struct hec_stats *stats, uint64_t by)
{
	const uint64_t *count = (const uint64_t *)stats;
	uint64_t i;

	for (i = 0; i < COUNTS; i++)
		ck_assert_uint_eq(count[i], (i + 1) * by);
}

START_TEST(counts_are_each_client_s_and_in_sum_the_cache_s)
{
	struct hec_client *one = has_counted(100), *two = has_counted(1000);
	struct hec_stats s = fixture_stats(&f, one);

	are(&s, 100);
	hec_cache_stats(f.cache, &s);
	are(&s, 1100);
	ck_assert_int_eq(hec_client_destroy(f.cache, one, 0), 0);
	hec_cache_stats(f.cache, &s);
	are(&s, 1100);
	hec_client_reset_stats(f.cache, two);
	s = fixture_stats(&f, two);
	are(&s, 0);
	hec_cache_stats(f.cache, &s);
	are(&s, 100);
	ck_assert_int_eq(hec_client_destroy(f.cache, two, 0), 0);
}
END_TEST

START_TEST(flushes_are_counted_where_there_was_a_page)
{
	struct hec_client *one = fixture_client(&f, 0);
	uint64_t pool = fixture_pool(&f, one);

	put_range(&f, one, pool, 0, 9);
	hec_flush(f.cache, one, pool, 0, 0);
	ck_assert_uint_eq(fixture_stats(&f, one).flushes, 1);
	hec_flush(f.cache, one, pool, 0, 0);
	ck_assert_uint_eq(fixture_stats(&f, one).flushes, 1);
	hec_flush_range(f.cache, one, pool, 0, 0, 4);
	ck_assert_uint_eq(fixture_stats(&f, one).flushes, 4);
	hec_flush_range(f.cache, one, pool, 0, 0, 100);
	ck_assert_uint_eq(fixture_stats(&f, one).flushes, 9);
	put_range(&f, one, pool, 0, 3);
	ck_assert_int_eq(hec_flush_pool(f.cache, one, pool, 0), 0);
	ck_assert_uint_eq(fixture_stats(&f, one).flushes, 12);
	ck_assert_int_eq(hec_client_destroy(f.cache, one, 0), 0);
}
END_TEST

START_TEST(the_cache_says_how_large_it_is)
{
	struct hec_cache_info info;

	hec_cache_info(f.cache, &info);
	ck_assert_uint_eq(info.metadata_bytes, hec_size(&f.config));
}
END_TEST

START_TEST(levels_are_those_of_the_clients_that_are_there)
{
	static const uint8_t zeroes[HEC_PAGE_SIZE] __attribute__((aligned(64)));
	const struct hec_client_config terms = { .guaranteed_pages = 4 };
	struct hec_client *one = fixture_client_on(&f, &terms);
	struct hec_client *two = fixture_client(&f, 0);
	uint64_t kept = 0, pool = fixture_pool(&f, two);
	struct hec_stats s;

	ck_assert_int_eq(
		hec_pool_create(f.cache, one, HEC_POOL_PERSISTENT, &kept), 0);
	ck_assert_int_eq(put_seed(&f, one, kept, 0, 1, 1), 0);
	ck_assert_int_eq(put_seed(&f, two, pool, 0, 1, 1), 0);
	ck_assert_int_eq(hec_put(f.cache, two, pool, 0, 2, zeroes), 0);
	hec_client_reset_stats(f.cache, two);
	hec_cache_stats(f.cache, &s);
	ck_assert_uint_eq(s.pages, 3);
	ck_assert_uint_eq(s.zero_pages, 1);
	ck_assert_uint_eq(s.persistent_pages, 1);
	ck_assert_uint_eq(s.frames, 2);
	ck_assert_uint_eq(s.pools, 2);
	ck_assert_int_eq(hec_client_destroy(f.cache, two, 0), 0);
	hec_cache_stats(f.cache, &s);
	ck_assert_uint_eq(s.pages + s.frames + s.pools + s.zero_pages, 3);
	ck_assert_int_eq(hec_client_destroy(f.cache, one, 0), 0);
}
END_TEST

Suite *stats_suite(void)
{
	const TTest *const tests[] = {
		counts_are_each_client_s_and_in_sum_the_cache_s,
		flushes_are_counted_where_there_was_a_page,
		the_cache_says_how_large_it_is,
		levels_are_those_of_the_clients_that_are_there,
		NULL,
	};

	return suite_of("stats", start, end, tests);
}
