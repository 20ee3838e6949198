/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Put, get, flush, clients and pools: what each promises, one test a promise.
 */
#include "suites.h"

#include "../../libhecache/src/cache/entry.h"

#define ALL_FRAMES (4 * FIXTURE_CHUNK_FRAMES)

static struct fixture f;
static struct hec_client *client;
static uint64_t pool;

static void start(void)
{
	struct hec_config config = fixture_config();

	fixture_start(&f, &config, 4);
	client = fixture_client(&f, 0);
	pool = fixture_pool(&f, client);
}

static void end(void)
{
	fixture_end_client(&f, client);
}

static struct hec_stats stats(void)
{
	return fixture_stats(&f, client);
}

START_TEST(configurations_are_checked)
{
	struct hec_config bad[11];
	struct hec_cache *cache;
	size_t i;

	for (i = 0; i < 11; i++)
		bad[i] = fixture_config();
	bad[0].max_chunks = 0;
	bad[1].chunk_shift = 17;
	bad[2].max_chunks = HEC_MAX_FRAMES;
	bad[3].max_clients = 0;
	bad[4].max_clients = HEC_MAX_CLIENTS + 1;
	bad[5].max_pools = 0;
	bad[6].max_pools = HEC_MAX_POOLS + 1;
	bad[7].nr_shards = 3;
	bad[8].nr_shards = 2 * HEC_MAX_SHARDS;
	for (i = 0; i < 9; i++) {
		ck_assert_uint_eq(hec_size(&bad[i]), 0);
		ck_assert_int_eq(hec_init(f.mem, 1 << 20, &bad[i], &cache),
				 HEC_EINVAL);
	}
	ck_assert_int_eq(hec_init(f.mem, hec_size(&bad[9]) - 1, &bad[9],
				  &cache),
			 HEC_ENOMEM);
}
END_TEST

START_TEST(too_little_memory_is_left_alone)
{
	struct hec_config config = fixture_config();
	uint64_t size = hec_size(&config), touched = 0, i;
	uint8_t *mem = test_memory(size);
	struct hec_cache *cache = NULL;

	for (i = 1; i <= size; i *= 2)
		ck_assert_int_eq(hec_init(mem, size - i, &config, &cache),
				 HEC_ENOMEM);
	ck_assert_ptr_null(cache);
	for (i = 0; i < size; i++)
		touched += mem[i];
	ck_assert_uint_eq(touched, 0);
	ck_assert_int_eq(hec_init(mem, size, &config, &cache), 0);
	hec_fini(cache);
	free(mem);
}
END_TEST

START_TEST(metadata_is_at_most_64_bytes_a_page)
{
	struct hec_config config = fixture_config();

	config.chunk_shift = 9;
	config.max_chunks = 512;
	config.nr_shards = 0;
	ck_assert_uint_le(hec_size(&config), 64ull * 512 * 512);
	config.max_chunks = 1 << 17;
	config.max_clients = 256;
	config.max_pools = 1024;
	ck_assert_uint_le(hec_size(&config), 64ull * 512 << 17);
}
END_TEST

/* However small the cache, as the header says. */
START_TEST(metadata_grows_with_frames_clients_and_pools_only)
{
	struct hec_config config = fixture_config();
	uint64_t nr, clients, pools;

	config.chunk_shift = 9;
	config.nr_shards = 0;
	for (nr = 1; nr <= HEC_MAX_FRAMES >> 9; nr += nr / 2 + 1)
		for (clients = 1; clients <= HEC_MAX_CLIENTS; clients *= 4)
			for (pools = 1; pools <= HEC_MAX_POOLS; pools *= 4) {
				config.max_chunks = (uint32_t)nr;
				config.max_clients = (uint32_t)clients;
				config.max_pools = (uint32_t)pools;
				ck_assert_uint_le(hec_size(&config),
						  64 * 512 * nr +
							  1280 * clients +
							  176 * pools + 10240);
			}
}
END_TEST

START_TEST(a_get_returns_what_was_put_and_removes_it)
{
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 5, 1), 0);
	ck_assert_uint_eq(stats().pages, 1);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 5, 1), 0);
	ck_assert_uint_eq(stats().pages, 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 5, 1), HEC_ENOENT);
	ck_assert_uint_eq(stats().hits, 1);
	ck_assert_uint_eq(stats().misses, 1);
}
END_TEST

START_TEST(a_put_replaces)
{
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 5, 1), 0);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 5, 2), 0);
	ck_assert_uint_eq(stats().pages, 1);
	ck_assert_uint_eq(stats().frames, 1);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 5, 2), 0);
}
END_TEST

START_TEST(a_failed_put_leaves_nothing_older)
{
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 5, 1), 0);
	hec_put_failed(f.cache, client, pool, 0, 5);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 5, 1), HEC_ENOENT);
	ck_assert_uint_eq(stats().puts_refused, 1);
	hec_put_failed(f.cache, client, pool + 1, 0, 5);
	ck_assert_uint_eq(stats().puts_refused, 1);
}
END_TEST

START_TEST(a_put_with_no_room_leaves_nothing_older)
{
	struct hec_client *poor;
	uint64_t theirs;

	while (fixture_shrink(&f) == 0)
		;
	poor = fixture_client(&f, 1);
	theirs = fixture_pool(&f, poor);
	ck_assert_int_eq(put_seed(&f, poor, theirs, 0, 5, 1), HEC_ENOSPC);
	ck_assert_int_eq(get_seed(&f, poor, theirs, 0, 5, 1), HEC_ENOENT);
	ck_assert_int_eq(hec_client_destroy(f.cache, poor, 0), 0);
}
END_TEST

START_TEST(keys_differ_in_object_index_and_pool)
{
	uint64_t other = fixture_pool(&f, client);

	ck_assert_int_eq(put_seed(&f, client, pool, 0, 5, 1), 0);
	ck_assert_int_eq(put_seed(&f, client, pool, 9, 5, 2), 0);
	ck_assert_int_eq(put_seed(&f, client, pool, 9, HEC_MAX_INDEX, 3), 0);
	ck_assert_int_eq(put_seed(&f, client, other, 0, 5, 4), 0);
	ck_assert_int_eq(put_seed(&f, client, pool, ~0ull, 5, 5), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, ~0ull, 5, 5), 0);
	ck_assert_int_eq(get_seed(&f, client, other, 0, 5, 4), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 9, HEC_MAX_INDEX, 3), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 9, 5, 2), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 5, 1), 0);
}
END_TEST

START_TEST(indices_beyond_the_largest_are_refused)
{
	uint64_t beyond = HEC_MAX_INDEX + 1;

	ck_assert_int_eq(put_seed(&f, client, pool, 0, beyond, 1), HEC_EINVAL);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, beyond, 1), HEC_EINVAL);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, ~0ull, 1), HEC_EINVAL);
	hec_flush(f.cache, client, pool, 0, beyond);
	hec_flush_range(f.cache, client, pool, 0, beyond, 3);
}
END_TEST

START_TEST(another_clients_pool_is_stale)
{
	struct hec_client *other = fixture_client(&f, 0);

	ck_assert_int_eq(put_seed(&f, client, pool, 0, 5, 1), 0);
	ck_assert_int_eq(get_seed(&f, other, pool, 0, 5, 1), HEC_ESTALE);
	ck_assert_int_eq(put_seed(&f, other, pool, 0, 5, 2), HEC_ESTALE);
	hec_flush(f.cache, other, pool, 0, 5);
	ck_assert_int_eq(hec_flush_pool(f.cache, other, pool, 0), HEC_ESTALE);
	ck_assert_int_eq(hec_pool_destroy(f.cache, other, pool, 0), HEC_ESTALE);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 5, 1), 0);
	ck_assert_int_eq(hec_client_destroy(f.cache, other, 0), 0);
}
END_TEST

START_TEST(a_pools_id_is_never_used_again)
{
	uint64_t next;
	int i;

	ck_assert_int_eq(put_seed(&f, client, pool, 0, 5, 1), 0);
	ck_assert_int_eq(hec_pool_destroy(f.cache, client, pool, 0), 0);
	for (i = 0; i < 100; i++) {
		next = fixture_pool(&f, client);
		ck_assert_uint_ne(next, pool);
		ck_assert_int_eq(get_seed(&f, client, next, 0, 5, 1),
				 HEC_ENOENT);
		ck_assert_int_eq(get_seed(&f, client, pool, 0, 5, 1),
				 HEC_ESTALE);
		ck_assert_int_eq(hec_pool_destroy(f.cache, client, next, 0), 0);
	}
	ck_assert_int_eq(hec_pool_destroy(f.cache, client, pool, 0),
			 HEC_ESTALE);
}
END_TEST

START_TEST(eviction_takes_the_oldest_put)
{
	uint32_t i;

	put_range(&f, client, pool, 0, ALL_FRAMES + 3);
	ck_assert_uint_eq(stats().evictions, 3);
	for (i = 0; i < ALL_FRAMES + 3; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, 0, i, i),
				 i < 3 ? HEC_ENOENT : 0);
}
END_TEST

START_TEST(the_largest_client_pays_until_all_are_alike)
{
	struct hec_client *other = fixture_client(&f, 0);
	uint64_t theirs = fixture_pool(&f, other);
	struct hec_stats their_stats;

	put_range(&f, client, pool, 0, ALL_FRAMES);
	put_range(&f, other, theirs, 0, ALL_FRAMES);
	hec_client_stats(f.cache, other, &their_stats);
	ck_assert_uint_ge(their_stats.frames, ALL_FRAMES / 2 - 1);
	ck_assert_uint_ge(stats().frames, ALL_FRAMES / 2 - 1);
	ck_assert_uint_eq(their_stats.frames + stats().frames, ALL_FRAMES);
	ck_assert_int_eq(hec_client_destroy(f.cache, other, 0), 0);
}
END_TEST

START_TEST(a_client_at_its_limit_pays_itself)
{
	struct hec_client *poor = fixture_client(&f, 2);
	uint64_t theirs = fixture_pool(&f, poor);
	struct hec_stats s;

	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 1), 0);
	put_range(&f, poor, theirs, 0, 5);
	hec_client_stats(f.cache, poor, &s);
	ck_assert_uint_eq(s.frames, 2);
	ck_assert_uint_eq(s.evictions, 3);
	ck_assert_int_eq(get_seed(&f, poor, theirs, 0, 4, 4), 0);
	ck_assert_int_eq(get_seed(&f, poor, theirs, 0, 3, 3), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 1, 1), 0);
	ck_assert_int_eq(hec_client_destroy(f.cache, poor, 0), 0);
}
END_TEST

START_TEST(flush_range_drops_exactly_the_range)
{
	static const struct {
		uint64_t first, count;
	} ranges[] = { { 0, 0 },  { 3, 1 },	{ 2, 5 },
		       { 8, 99 }, { 5, ~0ull }, { 0, HEC_MAX_INDEX } };
	size_t r;
	uint64_t i;

	for (r = 0; r < sizeof(ranges) / sizeof(ranges[0]); r++) {
		for (i = 0; i < 10; i++) {
			put_seed(&f, client, pool, 0, i, i);
			put_seed(&f, client, pool, 7, i, 100 + i);
		}
		hec_flush_range(f.cache, client, pool, 0, ranges[r].first,
				ranges[r].count);
		ck_assert_int_eq(hec_audit(f.cache), 0);
		for (i = 0; i < 10; i++) {
			bool in = i >= ranges[r].first &&
				  i - ranges[r].first < ranges[r].count;

			ck_assert_int_eq(get_seed(&f, client, pool, 0, i, i),
					 in ? HEC_ENOENT : 0);
			ck_assert_int_eq(
				get_seed(&f, client, pool, 7, i, 100 + i), 0);
		}
	}
	hec_flush_range(f.cache, client, pool, 55, 0, 100);
	hec_flush_range(f.cache, client, pool + 1, 0, 0, 100);
}
END_TEST

/* In a pool of fewer pages than the range is long, and in one of more. */
START_TEST(a_range_may_reach_beyond_the_last_index)
{
	uint64_t first = HEC_MAX_INDEX - 4, i;
	int more;

	for (more = 0; more < 2; more++) {
		for (i = 0; i < 20; i++)
			if (more)
				put_seed(&f, client, pool, 3, i, i);
		for (i = 0; i < 5; i++)
			put_seed(&f, client, pool, 0, first + i, i);
		hec_flush_range(f.cache, client, pool, 0, first + 2, 10);
		ck_assert_int_eq(hec_audit(f.cache), 0);
		for (i = 0; i < 5; i++)
			ck_assert_int_eq(get_seed(&f, client, pool, 0,
						  first + i, i),
					 i < 2 ? 0 : HEC_ENOENT);
	}
}
END_TEST

START_TEST(flush_pool_keeps_the_pool_and_its_budget)
{
	uint32_t i;

	for (i = 0; i < 10; i++)
		put_seed(&f, client, pool, i % 3, i, i);
	ck_assert_int_eq(hec_flush_pool(f.cache, client, pool, 4), HEC_EAGAIN);
	ck_assert_uint_eq(stats().pages, 6);
	ck_assert_int_eq(hec_flush_pool(f.cache, client, pool, 0), 0);
	ck_assert_uint_eq(stats().pages, 0);
	ck_assert_uint_eq(stats().flushes, 10);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 1), 0);
}
END_TEST

START_TEST(a_pool_that_ends_admits_nothing)
{
	uint32_t i;

	for (i = 0; i < 10; i++)
		put_seed(&f, client, pool, i % 3, i, i);
	ck_assert_int_eq(hec_pool_destroy(f.cache, client, pool, 4),
			 HEC_EAGAIN);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 1), HEC_ESTALE);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 9, 9), HEC_ESTALE);
	ck_assert_int_eq(hec_pool_destroy(f.cache, client, pool, 4),
			 HEC_EAGAIN);
	ck_assert_int_eq(hec_pool_destroy(f.cache, client, pool, 4), 0);
	ck_assert_uint_eq(stats().pools, 0);
}
END_TEST

START_TEST(pools_and_clients_are_limited)
{
	struct hec_client_config config = { .max_pools = 2 };
	struct hec_client *others[4];
	uint64_t id;
	int i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(
			hec_client_create(f.cache, &config, &others[i]), 0);
	ck_assert_int_eq(hec_client_create(f.cache, &config, &others[3]),
			 HEC_ENOMEM);
	config.max_pools = HEC_MAX_CLIENT_POOLS + 1;
	ck_assert_int_eq(hec_client_create(f.cache, &config, &others[3]),
			 HEC_EINVAL);
	config.max_pools = 0;
	config.policy = (enum hec_policy_kind)99;
	ck_assert_int_eq(hec_client_create(f.cache, &config, &others[3]),
			 HEC_EINVAL);
	for (i = 0; i < 3; i++) {
		fixture_pool(&f, others[i]);
		fixture_pool(&f, others[i]);
	}
	ck_assert_int_eq(hec_pool_create(f.cache, others[0], HEC_POOL_EPHEMERAL,
					 &id),
			 HEC_EPERM);
	/* What is reserved for the others it does not get. */
	for (i = 1; !hec_pool_create(f.cache, client, HEC_POOL_EPHEMERAL, &id);
	     i++)
		;
	ck_assert_int_gt(i, FIXTURE_POOLS / 2);
	ck_assert_int_lt(i, FIXTURE_POOLS - 6);
	ck_assert_int_eq(hec_pool_create(f.cache, client, HEC_POOL_EPHEMERAL,
					 &id),
			 HEC_ENOMEM);
	ck_assert_int_eq(hec_pool_create(f.cache, client,
					 (enum hec_pool_kind)99, &id),
			 HEC_EINVAL);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(hec_client_destroy(f.cache, others[i], 0), 0);
}
END_TEST

START_TEST(a_client_goes_by_budget_and_its_counts_stay)
{
	struct hec_client *other = fixture_client(&f, 0);
	uint64_t theirs = fixture_pool(&f, other);
	struct hec_stats s;
	uint32_t i;

	for (i = 0; i < 10; i++)
		put_seed(&f, other, theirs, i % 2, i, i);
	for (i = 0; hec_client_destroy(f.cache, other, 3) == HEC_EAGAIN; i++)
		;
	ck_assert_uint_eq(i, 3);
	hec_cache_stats(f.cache, &s);
	ck_assert_uint_eq(s.puts, 10);
	ck_assert_uint_eq(s.flushes, 10);
	ck_assert_uint_eq(s.pages, 0);
	ck_assert_uint_eq(s.frames, 0);
	ck_assert_uint_eq(s.pools, 1);
}
END_TEST

START_TEST(a_budget_is_for_all_pools_of_a_client_together)
{
	struct hec_client *other = fixture_client(&f, 0);
	uint64_t theirs = 0;
	struct hec_stats s;
	uint32_t i;

	for (i = 0; i < 9; i++) {
		if (i % 3 == 0)
			theirs = fixture_pool(&f, other);
		put_seed(&f, other, theirs, 0, i, i);
	}
	/* A pool counts as a page. */
	ck_assert_int_eq(hec_client_destroy(f.cache, other, 5), HEC_EAGAIN);
	hec_client_stats(f.cache, other, &s);
	ck_assert_uint_eq(s.flushes, 4);
	ck_assert_int_eq(hec_client_destroy(f.cache, other, 5), HEC_EAGAIN);
	hec_client_stats(f.cache, other, &s);
	ck_assert_uint_eq(s.flushes, 8);
	ck_assert_int_eq(hec_client_destroy(f.cache, other, 4), 0);
}
END_TEST

/* Any byte of a cached page that changes makes it a miss, never a hit. */
START_TEST(a_flipped_bit_is_never_handed_out)
{
	_Alignas(64) uint8_t page[HEC_PAGE_SIZE], zeroes[HEC_PAGE_SIZE] = { 0 };
	struct hec_name name;
	uint32_t byte;

	for (byte = 0; byte < HEC_PAGE_SIZE; byte++) {
		uint8_t *frame;

		put_seed(&f, client, pool, 0, byte, byte);
		hec_name_init(f.cache, client, pool, 0, byte, &name);
		frame = hec_frame_map(&f.cache->frames,
				      hec_entry_find(f.cache, &name));
		frame[byte] ^= (uint8_t)(1 << byte % 8);
		memset(page, 0xff, sizeof(page));
		ck_assert_int_eq(hec_get(f.cache, client, pool, 0, byte, page),
				 HEC_ENOENT);
		ck_assert_mem_eq(page, zeroes, sizeof(page));
	}
	ck_assert_uint_eq(stats().corrupt, HEC_PAGE_SIZE);
	ck_assert_uint_eq(stats().pages, 0);
}
END_TEST

START_TEST(a_page_under_a_wrong_key_is_not_handed_out)
{
	_Alignas(64) uint8_t page[HEC_PAGE_SIZE];
	struct hec_name one, two;
	uint32_t n, m;

	put_seed(&f, client, pool, 0, 1, 1);
	put_seed(&f, client, pool, 0, 2, 2);
	hec_name_init(f.cache, client, pool, 0, 1, &one);
	hec_name_init(f.cache, client, pool, 0, 2, &two);
	n = hec_entry_find(f.cache, &one);
	m = hec_entry_find(f.cache, &two);
	memcpy(hec_frame_map(&f.cache->frames, n),
	       hec_frame_map(&f.cache->frames, m), HEC_PAGE_SIZE);
	hec_record_set_word(&f.cache->records[n],
			    hec_record_word(&f.cache->records[m]));
	ck_assert_int_eq(hec_get(f.cache, client, pool, 0, 1, page),
			 HEC_ENOENT);
	ck_assert_uint_eq(stats().corrupt, 1);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 2, 2), 0);
}
END_TEST

START_TEST(without_checksum_it_is_a_plain_copy)
{
	struct hec_config config = fixture_config();
	struct hec_client *one;
	struct fixture plain;
	uint64_t id;

	config.content = HEC_CONTENT_PLAIN;
	fixture_start(&plain, &config, 1);
	one = fixture_client(&plain, 0);
	id = fixture_pool(&plain, one);
	ck_assert_int_eq(put_seed(&plain, one, id, 0, 1, 1), 0);
	ck_assert_int_eq(get_seed(&plain, one, id, 0, 1, 1), 0);
	fixture_end_client(&plain, one);
}
END_TEST

/* More objects than spare records: puts are refused, nothing breaks. */
START_TEST(objects_are_limited_by_spares)
{
	struct hec_config config = fixture_config();
	struct hec_client *one;
	struct fixture big;
	uint32_t i, refused = 0;
	uint64_t id;

	fixture_start(&big, &config, FIXTURE_CHUNKS);
	one = fixture_client(&big, 0);
	id = fixture_pool(&big, one);
	for (i = 1; i <= FIXTURE_CHUNKS * FIXTURE_CHUNK_FRAMES; i++)
		refused += put_seed(&big, one, id, i, 1, i) == HEC_ENOSPC;
	ck_assert_uint_gt(refused, 0);
	ck_assert_int_eq(hec_audit(big.cache), 0);
	ck_assert_int_eq(get_seed(&big, one, id, 1, 1, 1), 0);
	ck_assert_int_eq(put_seed(&big, one, id, i, 1, i), 0);
	fixture_end_client(&big, one);
}
END_TEST

Suite *cache_suite(void)
{
	const TTest *const tests[] = {
		configurations_are_checked,
		too_little_memory_is_left_alone,
		metadata_is_at_most_64_bytes_a_page,
		metadata_grows_with_frames_clients_and_pools_only,
		a_get_returns_what_was_put_and_removes_it,
		a_put_replaces,
		a_failed_put_leaves_nothing_older,
		a_put_with_no_room_leaves_nothing_older,
		keys_differ_in_object_index_and_pool,
		indices_beyond_the_largest_are_refused,
		another_clients_pool_is_stale,
		a_pools_id_is_never_used_again,
		eviction_takes_the_oldest_put,
		the_largest_client_pays_until_all_are_alike,
		a_client_at_its_limit_pays_itself,
		flush_range_drops_exactly_the_range,
		a_range_may_reach_beyond_the_last_index,
		flush_pool_keeps_the_pool_and_its_budget,
		a_pool_that_ends_admits_nothing,
		pools_and_clients_are_limited,
		a_client_goes_by_budget_and_its_counts_stay,
		a_budget_is_for_all_pools_of_a_client_together,
		a_flipped_bit_is_never_handed_out,
		a_page_under_a_wrong_key_is_not_handed_out,
		without_checksum_it_is_a_plain_copy,
		objects_are_limited_by_spares,
		NULL,
	};

	return suite_of("cache", start, end, tests);
}
