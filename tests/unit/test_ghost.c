/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table of ghosts by itself, as large as one of a real cache: how full it gets,
 * what it forgets, and in which order.
 */
#include "suites.h"

#include "../../libhecache/src/table/ghost.h"

#define GHOSTS 6000u
#define SHARDS 4u

static struct hec_ghosts ghosts;
static struct hec_env_lock lock; /* the client's, held */
static struct hec_ghost_lists lists;

static void start(void)
{
	ghosts.nr_shards = SHARDS;
	ghosts.shard_buckets = hec_ghost_shard_buckets(GHOSTS, SHARDS);
	ghosts.buckets = test_memory((size_t)SHARDS * ghosts.shard_buckets *
				     sizeof(struct hec_ghost_bucket));
	ghosts.shards = test_memory(SHARDS * sizeof(struct hec_shard));
	hec_ghosts_init(&ghosts);
	hec_env_lock_init(&lock);
	hec_env_lock(&lock);
	lists.lock = &lock;
	hec_ghost_lists_init(&lists, 1);
}

static void end(void)
{
	hec_env_unlock(&lock);
	hec_env_lock_fini(&lock);
	hec_ghosts_fini(&ghosts);
	free(ghosts.buckets);
	free(ghosts.shards);
}

static uint32_t slots_in_use(void)
{
	uint32_t b, i, count = 0;

	for (b = 0; b < SHARDS * ghosts.shard_buckets; b++)
		for (i = 0; i < HEC_GHOST_SLOTS; i++)
			count += ghosts.buckets[b].slot[i].tag != 0;
	return count;
}

/* So many keys of each list, from a generator that @seed starts. */
static void add(uint64_t seed, uint32_t nr)
{
	struct xorshift random = { seed };
	uint32_t i, kind;

	for (i = 0; i < nr; i++)
		for (kind = 0; kind < HEC_NR_GHOSTS; kind++)
			hec_ghost_add(&ghosts, &lists,
				      (enum hec_ghost_kind)kind,
				      random_next(&random), kind);
}

static uint32_t nr_ghosts(void)
{
	return lists.nr[0] + lists.nr[1] + lists.nr[2];
}

/* Known answers: n ghosts at 93 % of 5 slots, two buckets more, and spare ones. */
START_TEST(so_many_buckets_are_made)
{
	ck_assert_uint_eq(hec_ghost_shard_buckets(0, 1), 0 + 2 + 32);
	ck_assert_uint_eq(hec_ghost_shard_buckets(92, 1), 20 + 2 + 32);
	ck_assert_uint_eq(hec_ghost_shard_buckets(91, 1), 19 + 2 + 32);
	ck_assert_uint_eq(hec_ghost_shard_buckets(929999, 1), 200000 + 2 + 32);
	ck_assert_uint_eq(hec_ghost_shard_buckets(929998, 1), 199999 + 2 + 32);
	ck_assert_uint_eq(hec_ghost_shard_buckets(929999, 8), 25000 + 2 + 4);
	ck_assert_uint_eq(hec_ghost_shard_buckets(929999, 64), 3125 + 2 + 0);
}
END_TEST

/* It is 93 % full then, and its shards are alike. */
START_TEST(a_table_holds_nearly_all_that_it_is_made_for)
{
	add(11, GHOSTS / 3);
	ck_assert_uint_ge(nr_ghosts(), GHOSTS - GHOSTS / 40);
	ck_assert_uint_eq(slots_in_use(), nr_ghosts());
}
END_TEST

/* What goes makes room for what comes: none gets lost by and by. */
START_TEST(it_is_as_full_after_many_have_come_and_gone)
{
	uint32_t round, kind, i;

	add(12, GHOSTS / 3);
	for (round = 0; round < 10; round++) {
		for (kind = 0; kind < HEC_NR_GHOSTS; kind++)
			for (i = lists.nr[kind] / 2; i; i--)
				hec_ghost_forget(&ghosts, &lists,
						 (enum hec_ghost_kind)kind);
		add(13 + round, GHOSTS / 6);
		ck_assert_uint_eq(slots_in_use(), nr_ghosts());
	}
	ck_assert_uint_ge(nr_ghosts(), GHOSTS - GHOSTS / 20);
	for (kind = 0; kind < HEC_NR_GHOSTS; kind++)
		ck_assert_int_eq(hec_ghost_audit(&ghosts, &lists, kind), 0);
}
END_TEST

/* All lists are forgotten, by as many as asked for at a time, and no more. */
START_TEST(it_forgets_as_much_as_it_is_asked_to)
{
	add(14, 10);
	ck_assert(!hec_ghost_forget_some(&ghosts, &lists, 1));
	ck_assert_uint_eq(nr_ghosts(), 29);
	ck_assert(!hec_ghost_forget_some(&ghosts, &lists, 28));
	ck_assert_uint_eq(nr_ghosts(), 1);
	ck_assert(hec_ghost_forget_some(&ghosts, &lists, 1));
	ck_assert_uint_eq(nr_ghosts(), 0);
	ck_assert(hec_ghost_forget_some(&ghosts, &lists, 0));
	ck_assert_uint_eq(slots_in_use(), 0);
}
END_TEST

/* The oldest goes first, and each is found until then. */
START_TEST(each_list_is_in_order)
{
	struct xorshift random = { 15 };
	uint64_t hash[30];
	uint32_t i, uses;

	for (i = 0; i < 30; i++) {
		hash[i] = random_next(&random);
		hec_ghost_add(&ghosts, &lists, (enum hec_ghost_kind)(i % 3),
			      hash[i], i % 4);
	}
	for (i = 0; i < 15; i++) {
		ck_assert(hec_ghost_is_there(&ghosts, &lists, hash[i]));
		hec_ghost_forget(&ghosts, &lists, (enum hec_ghost_kind)(i % 3));
		ck_assert(!hec_ghost_is_there(&ghosts, &lists, hash[i]));
	}
	for (i = 29; i >= 15; i--) {
		ck_assert_int_eq(
			hec_ghost_take(&ghosts, &lists, hash[i], &uses), i % 3);
		ck_assert_uint_eq(uses, i % 4);
	}
	ck_assert_uint_eq(slots_in_use(), 0);
}
END_TEST

Suite *ghost_suite(void)
{
	const TTest *const tests[] = {
		so_many_buckets_are_made,
		a_table_holds_nearly_all_that_it_is_made_for,
		it_is_as_full_after_many_have_come_and_gone,
		it_forgets_as_much_as_it_is_asked_to,
		each_list_is_in_order,
		NULL,
	};

	return suite_of("ghost", start, end, tests);
}
