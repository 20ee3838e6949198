/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The policies: what each keeps and lets go, and that any of them can follow any
 * other while it runs.
 */
#include "suites.h"

#include "../../libhecache/src/cache/entry.h"

#define FRAMES (10 * FIXTURE_CHUNK_FRAMES) /* S3-FIFO's small queue: 8 */

static struct fixture f;

static void start(void)
{
	struct hec_config config = fixture_config();

	fixture_start(&f, &config, 10);
}

static void end(void)
{
	fixture_end(&f);
}

static struct hec_client *make(enum hec_policy_kind policy)
{
	struct hec_client_config config = { .policy = policy };

	return fixture_client_on(&f, &config);
}

static uint32_t hits(struct hec_client *client, uint64_t pool, uint32_t from,
		     uint32_t nr)
{
	uint32_t i, count = 0;

	for (i = from; i < from + nr; i++)
		count += get_seed(&f, client, pool, 0, i, i) == 0;
	return count;
}

/* What came back survives a scan that is larger than the cache. */
static void comes_back_and_survives(enum hec_policy_kind policy, bool survives)
{
	struct hec_client *client = make(policy);
	uint64_t pool = fixture_pool(&f, client);

	put_range(&f, client, pool, 0, 20);
	ck_assert_uint_eq(hits(client, pool, 0, 20), 20);
	put_range(&f, client, pool, 0, 20);
	put_range(&f, client, pool, 1000, 2 * FRAMES);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	ck_assert_uint_eq(hits(client, pool, 0, 20), survives ? 20 : 0);
	hec_client_destroy(f.cache, client, 0);
}

START_TEST(what_comes_back_survives_a_scan)
{
	comes_back_and_survives(HEC_POLICY_LRU, false);
	comes_back_and_survives(HEC_POLICY_ARC, true);
	comes_back_and_survives(HEC_POLICY_S3FIFO, true);
}
END_TEST

START_TEST(s3fifo_gives_an_evicted_key_another_chance)
{
	struct hec_client *client = make(HEC_POLICY_S3FIFO);
	uint64_t pool = fixture_pool(&f, client);
	const uint32_t *nr = client->policy.nr;

	put_range(&f, client, pool, 0, FRAMES);
	ck_assert_uint_eq(nr[0], FRAMES);
	put_range(&f, client, pool, 1000, 10); /* 0 to 9 become ghosts */
	ck_assert_uint_eq(client->policy.past.nr[HEC_GHOST_OUT1], 10);
	put_range(&f, client, pool, 0, 10);
	ck_assert_uint_eq(nr[1], 10);
	put_range(&f, client, pool, 2000, 3 * FRAMES);
	ck_assert_uint_eq(hits(client, pool, 0, 10), 10);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

START_TEST(s3fifo_counts_uses_along_with_the_key)
{
	struct hec_client *client = make(HEC_POLICY_S3FIFO);
	uint64_t pool = fixture_pool(&f, client);
	struct hec_name name;
	uint32_t round, n;

	for (round = 0; round < 6; round++) {
		put_range(&f, client, pool, 7, 1);
		ck_assert_int_eq(
			hec_name_init(f.cache, client, pool, 0, 7, &name), 0);
		n = hec_entry_find(f.cache, &name);
		ck_assert_uint_eq(f.cache->records[n].queue / HEC_QUEUE_USE,
				  round < 3 ? round : 3);
		ck_assert_uint_eq(hits(client, pool, 7, 1), 1);
	}
	/* A write ends its past. */
	hec_flush(f.cache, client, pool, 0, 7);
	put_range(&f, client, pool, 7, 1);
	n = hec_entry_find(f.cache, &name);
	ck_assert_uint_eq(f.cache->records[n].queue, 0);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

START_TEST(arc_learns_from_its_ghosts)
{
	struct hec_client *client = make(HEC_POLICY_ARC);
	uint64_t pool = fixture_pool(&f, client);

	put_range(&f, client, pool, 0, 20);
	ck_assert_uint_eq(hits(client, pool, 0, 20), 20);
	put_range(&f, client, pool, 0, 20); /* in T2 now */
	put_range(&f, client, pool, 1000, FRAMES);
	ck_assert_uint_gt(client->policy.past.nr[HEC_GHOST_OUT1], 0);
	ck_assert_uint_eq(client->policy.target, 0);
	ck_assert_uint_eq(hits(client, pool, 1000, 1), 0);
	ck_assert_uint_gt(client->policy.target, 0);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

START_TEST(ghosts_stay_within_their_room)
{
	static const enum hec_policy_kind kinds[] = { HEC_POLICY_S3FIFO,
						      HEC_POLICY_ARC };
	struct hec_client *client = make(kinds[_i]);
	uint64_t pool = fixture_pool(&f, client);
	struct xorshift random = { test_seed("ghosts") };
	const uint32_t *nr = client->policy.past.nr;
	uint32_t i;

	for (i = 0; i < 20000; i++) {
		uint32_t index = (uint32_t)random_below(&random, 4 * FRAMES);

		if (get_seed(&f, client, pool, 0, index, index))
			put_range(&f, client, pool, index, 1);
		ck_assert_uint_le(nr[0] + nr[1] + nr[2],
				  HEC_GHOSTS_OF(FRAMES) + 1);
	}
	ck_assert_int_eq(hec_audit(f.cache), 0);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

/* A table of three buckets, and the lock of whoever has ghosts, held. */
static void three_buckets(struct hec_ghosts *ghosts, struct hec_env_lock *lock)
{
	memset(ghosts, 0, sizeof(*ghosts));
	ghosts->nr_shards = 1;
	ghosts->shard_buckets = 3;
	ghosts->buckets = test_memory(3 * 64);
	ghosts->shards = test_memory(sizeof(struct hec_shard));
	hec_ghosts_init(ghosts);
	hec_env_lock_init(lock);
	hec_env_lock(lock);
}

static void three_buckets_end(struct hec_ghosts *ghosts,
			      struct hec_env_lock *lock)
{
	hec_env_unlock(lock);
	hec_env_lock_fini(lock);
	hec_ghosts_fini(ghosts);
	free(ghosts->buckets);
	free(ghosts->shards);
}

/* In three buckets, of which each has a ghost elsewhere, no search finds an end. */
START_TEST(a_search_for_a_ghost_ends)
{
	const uint32_t home[3] = { 0, 0x60000000, 0xc0000000 };
	struct hec_ghosts ghosts;
	struct hec_env_lock lock;
	struct hec_ghost_lists lists = { .lock = &lock };
	uint32_t uses, i;

	three_buckets(&ghosts, &lock);
	hec_ghost_lists_init(&lists, 1);
	/* Six of the last: one is in the first; five of the first; four. */
	for (i = 0; i < 15; i++)
		hec_ghost_add(&ghosts, &lists, HEC_GHOST_UP,
			      (uint64_t)i << 46 | home[i < 6	? 2
						       : i < 11 ? 0
								: 1],
			      0);
	ck_assert_uint_eq(lists.nr[HEC_GHOST_UP], 15);
	ck_assert_int_eq(hec_ghost_take(&ghosts, &lists, 1ull << 46 | home[2],
					&uses),
			 HEC_GHOST_UP);
	hec_ghost_add(&ghosts, &lists, HEC_GHOST_UP, 20ull << 46 | home[1], 0);
	for (i = 0; i < 3; i++) {
		ck_assert_uint_eq(ghosts.buckets[i].overflow, 1);
		ck_assert(!hec_ghost_is_there(&ghosts, &lists,
					      30ull << 46 | home[i]));
	}
	ck_assert(hec_ghost_is_there(&ghosts, &lists, 20ull << 46 | home[1]));
	/* A free slot looks like a ghost of client 0's key 0, but is none. */
	ck_assert_int_eq(hec_ghost_take(&ghosts, &lists, 20ull << 46 | home[1],
					&uses),
			 HEC_GHOST_UP);
	lists.client = 0;
	ck_assert(!hec_ghost_is_there(&ghosts, &lists, home[2]));
	three_buckets_end(&ghosts, &lock);
}
END_TEST

/* The fewer buckets of ghosts there are, the fuller they get. */
START_TEST(a_full_table_of_ghosts_loses_some)
{
	struct hec_ghosts ghosts;
	struct hec_env_lock lock;
	struct hec_ghost_lists one = { .lock = &lock }, two = one;
	uint64_t i;
	uint32_t uses;

	three_buckets(&ghosts, &lock);
	hec_ghost_lists_init(&one, 1);
	hec_ghost_lists_init(&two, 2);
	for (i = 0; i < 20; i++)
		hec_ghost_add(&ghosts, i % 2 ? &one : &two, HEC_GHOST_UP,
			      i << 46 | i * 7919, 2);
	ck_assert_uint_eq(one.nr[0] + two.nr[0], 15);
	ck_assert_int_eq(hec_ghost_audit(&ghosts, &one, HEC_GHOST_UP), 0);
	ck_assert_int_eq(hec_ghost_audit(&ghosts, &two, HEC_GHOST_UP), 0);
	for (i = 0; i < 20; i++) {
		struct hec_ghost_lists *mine = i % 2 ? &one : &two;
		struct hec_ghost_lists *other = i % 2 ? &two : &one;
		uint64_t hash = i << 46 | i * 7919;

		ck_assert(!hec_ghost_is_there(&ghosts, other, hash));
		ck_assert_int_eq(hec_ghost_take(&ghosts, mine, hash, &uses),
				 i < 15 ? HEC_GHOST_UP : HEC_GHOST_NONE);
		ck_assert_uint_eq(uses, i < 15 ? 2 : 0);
	}
	ck_assert_uint_eq(one.nr[0] + two.nr[0], 0);
	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(ghosts.buckets[i].overflow, 0);
	three_buckets_end(&ghosts, &lock);
}
END_TEST

/* Puts, gets and flushes in all kinds of pools, the policy changing as we go. */
START_TEST(any_policy_follows_any_other)
{
	static const enum hec_policy_kind kinds[] = { HEC_POLICY_S3FIFO,
						      HEC_POLICY_LRU,
						      HEC_POLICY_ARC };
	struct hec_client *client = make(HEC_POLICY_S3FIFO);
	uint64_t pool[2] = { fixture_pool(&f, client),
			     fixture_pool_of(&f, client, HEC_POOL_INCLUSIVE) };
	struct xorshift random = { test_seed("policy") };
	struct hec_client_config config;
	uint64_t i, rounds = 30000 * test_scale(), hit = 0;

	for (i = 0; i < rounds; i++) {
		uint32_t index = (uint32_t)random_below(&random, 3 * FRAMES);
		uint64_t in = pool[random_below(&random, 2)];

		switch (random_below(&random, 16)) {
		case 0:
			hec_flush(f.cache, client, in, 0, index);
			break;
		case 1:
			if (random_below(&random, 20))
				break;
			hec_client_get(f.cache, client, &config);
			config.policy = kinds[random_below(&random, 3)];
			ck_assert_int_eq(
				hec_client_set(f.cache, client, &config), 0);
			break;
		default:
			if (get_seed(&f, client, in, 0, index, index) == 0)
				hit++;
			else
				put_range(&f, client, in, index, 1);
		}
		if (i % 16 == 0)
			ck_assert_int_eq(hec_audit(f.cache), 0);
	}
	ck_assert_uint_gt(hit, rounds / 20);
	hec_client_destroy(f.cache, client, 0);
}
END_TEST

Suite *policy_suite(void)
{
	const TTest *const tests[] = {
		what_comes_back_survives_a_scan,
		s3fifo_gives_an_evicted_key_another_chance,
		s3fifo_counts_uses_along_with_the_key,
		arc_learns_from_its_ghosts,
		a_search_for_a_ghost_ends,
		a_full_table_of_ghosts_loses_some,
		any_policy_follows_any_other,
		NULL,
	};
	Suite *suite = suite_create("policy");
	TCase *tc = suite_case(suite, "policy", start, end, tests);

	tcase_add_loop_test(tc, ghosts_stay_within_their_room, 0, 2);
	return suite;
}
