/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The index alone: overflow, search ends, a full shard, stuck counts.
 */
#include "suites.h"

#include "../../libhecache/src/table/index.h"

#define NR_RECORDS 2000
#define HEADER (NR_RECORDS - 1)

struct table {
	struct hec_index index;
	struct hec_record records[NR_RECORDS];
};

/* The locks are held all the time. */
static struct table *table_make(uint32_t shards, uint32_t buckets)
{
	struct table *t = test_memory(sizeof(*t));
	uint32_t i;

	t->index.records = t->records;
	t->index.nr_shards = shards;
	t->index.shard_buckets = buckets;
	t->index.buckets = test_memory((size_t)shards * buckets * 64);
	t->index.shards = test_memory(shards * sizeof(struct hec_shard));
	t->records[HEADER].flags = HEC_RECORD_HEADER;
	hec_index_init(&t->index);
	for (i = 0; i < shards; i++)
		hec_env_lock(&t->index.shards[i].lock);
	return t;
}

static void table_free(struct table *t)
{
	uint32_t i;

	for (i = 0; i < t->index.nr_shards; i++)
		hec_env_unlock(&t->index.shards[i].lock);
	hec_index_fini(&t->index);
	free(t->index.buckets);
	free(t->index.shards);
	free(t);
}

static struct hec_key key_of(uint32_t n)
{
	struct hec_key key = { .index = n };

	return key;
}

static int table_add(struct table *t, uint32_t n, uint64_t hash)
{
	t->records[n].flags = HEC_RECORD_LINKED;
	t->records[n].object = HEADER;
	hec_record_set_index(&t->records[n], n);
	return hec_index_insert(&t->index, hash, n);
}

static uint32_t table_find(struct table *t, uint32_t n, uint64_t hash)
{
	struct hec_key key = key_of(n);

	return hec_index_find(&t->index, hash, &key);
}

/* Known answers: ten keys a bucket, and two buckets more. */
START_TEST(so_many_buckets_are_made)
{
	ck_assert_uint_eq(hec_index_shard_buckets(0, 1), 2);
	ck_assert_uint_eq(hec_index_shard_buckets(8, 1), 2);
	ck_assert_uint_eq(hec_index_shard_buckets(9, 1), 3);
	ck_assert_uint_eq(hec_index_shard_buckets(79, 8), 3);
	ck_assert_uint_eq(hec_index_shard_buckets(71, 8), 2);
	ck_assert_uint_eq(hec_index_shard_buckets(1 << 20, 16), 6555);
}
END_TEST

START_TEST(one_bucket_takes_all_and_says_when_full)
{
	struct table *t = table_make(1, 4);
	uint32_t n;

	for (n = 0; n < 4 * HEC_BUCKET_SLOTS; n++)
		ck_assert_int_eq(table_add(t, n, 42), 0);
	ck_assert_int_eq(table_add(t, n, 42), HEC_ENOSPC);
	ck_assert_uint_eq(table_find(t, n, 42), HEC_NO_RECORD);
	for (n = 0; n < 4 * HEC_BUCKET_SLOTS; n++)
		ck_assert_uint_eq(table_find(t, n, 42), n);
	for (n = 0; n < 4 * HEC_BUCKET_SLOTS; n += 2)
		hec_index_remove(&t->index, 42, n);
	for (n = 0; n < 4 * HEC_BUCKET_SLOTS; n++)
		ck_assert_uint_eq(table_find(t, n, 42),
				  n % 2 ? n : HEC_NO_RECORD);
	table_free(t);
}
END_TEST

/* A shard may have more buckets than a key may be away from its own. */
START_TEST(a_key_lives_within_reach_or_nowhere)
{
	struct table *t = table_make(1, HEC_INDEX_REACH + 8);
	uint32_t n, all = HEC_INDEX_REACH * HEC_BUCKET_SLOTS;

	for (n = 0; n < all; n++)
		ck_assert_int_eq(table_add(t, n, 5), 0);
	ck_assert_int_eq(table_add(t, n, 5), HEC_ENOSPC);
	ck_assert_uint_eq(table_find(t, n, 5), HEC_NO_RECORD);
	ck_assert_uint_eq(table_find(t, all - 1, 5), all - 1);
	hec_index_remove(&t->index, 5, all - 1);
	ck_assert_int_eq(table_add(t, n, 5), 0);
	ck_assert_uint_eq(table_find(t, n, 5), n);
	table_free(t);
}
END_TEST

START_TEST(search_ends_when_the_overflow_is_gone)
{
	struct table *t = table_make(1, 4);
	struct hec_bucket *home, *next;
	uint32_t n;

	for (n = 0; n < 2 * HEC_BUCKET_SLOTS; n++)
		ck_assert_int_eq(table_add(t, n, 7), 0);
	for (n = 0; n < 2 * HEC_BUCKET_SLOTS; n++)
		hec_index_remove(&t->index, 7, n);
	for (n = 0; n < 4; n++)
		ck_assert_uint_eq(t->index.buckets[n].overflow, 0);
	/* One that is where no count leads to is not found. */
	ck_assert_int_eq(table_add(t, 1, 7), 0);
	for (n = 0; !t->index.buckets[n].tag[0]; n++)
		;
	home = &t->index.buckets[n];
	next = &t->index.buckets[(n + 1) % 4];
	next->tag[0] = home->tag[0];
	next->record[0] = home->record[0];
	home->tag[0] = 0;
	ck_assert_uint_eq(table_find(t, 1, 7), HEC_NO_RECORD);
	home->overflow = 1;
	ck_assert_uint_eq(table_find(t, 1, 7), 1);
	table_free(t);
}
END_TEST

START_TEST(a_count_that_is_stuck_stops_no_search)
{
	struct table *t = table_make(1, 40);
	uint32_t n, all = 40 * HEC_BUCKET_SLOTS;

	for (n = 0; n < all; n++)
		ck_assert_int_eq(table_add(t, n, 3), 0);
	for (n = 0; n < all - 1; n++)
		hec_index_remove(&t->index, 3, n);
	ck_assert_uint_eq(table_find(t, all - 1, 3), all - 1);
	table_free(t);
}
END_TEST

/* Keys of both buckets live in the other one: every search goes all around. */
START_TEST(a_search_that_finds_no_end_ends)
{
	const uint64_t home[2] = { 0, 0xffffffff };
	struct table *t = table_make(1, 2);
	const uint64_t absent = 0xffffull << 48;
	uint32_t n, all = 2 * HEC_BUCKET_SLOTS;

	for (n = 0; n < all; n++)
		ck_assert_int_eq(table_add(t, n, home[n > HEC_BUCKET_SLOTS]),
				 0);
	hec_index_remove(&t->index, home[0], 0);
	ck_assert_int_eq(table_add(t, all, home[1]), 0);
	for (n = 0; n < 2; n++) {
		ck_assert_uint_eq(t->index.buckets[n].overflow, 1);
		ck_assert_uint_eq(table_find(t, 0, home[n] | absent),
				  HEC_NO_RECORD);
		ck_assert_uint_eq(hec_index_guess(&t->index, home[n] | absent),
				  HEC_NO_RECORD);
	}
	ck_assert_uint_eq(table_find(t, all, home[1]), all);
	table_free(t);
}
END_TEST

START_TEST(replace_keeps_the_slot)
{
	struct table *t = table_make(2, 4);

	ck_assert_int_eq(table_add(t, 5, 1ull << 32), 0);
	t->records[6] = t->records[5];
	hec_index_replace(&t->index, 1ull << 32, 5, 6);
	ck_assert_uint_eq(table_find(t, 5, 1ull << 32), 6);
	ck_assert_uint_eq(table_find(t, 5, 0), HEC_NO_RECORD);
	table_free(t);
}
END_TEST

START_TEST(headers_and_pages_do_not_mix)
{
	struct table *t = table_make(1, 4);
	struct hec_key header = { .index = HEC_NO_INDEX },
		       page = { .index = 0 };

	ck_assert_int_eq(hec_index_insert(&t->index, 9, HEADER), 0);
	ck_assert_uint_eq(hec_index_find(&t->index, 9, &header), HEADER);
	ck_assert_uint_eq(hec_index_find(&t->index, 9, &page), HEC_NO_RECORD);
	table_free(t);
}
END_TEST

START_TEST(random_keys_agree_with_an_array)
{
	struct table *t = table_make(4, 60);
	struct xorshift random = { test_seed("index") };
	uint64_t hash[NR_RECORDS] = { 0 };
	uint32_t i, n;

	for (i = 0; i < 200000; i++) {
		n = (uint32_t)random_below(&random, HEADER);
		if (hash[n]) {
			ck_assert_uint_eq(table_find(t, n, hash[n]), n);
			hec_index_remove(&t->index, hash[n], n);
			ck_assert_uint_eq(table_find(t, n, hash[n]),
					  HEC_NO_RECORD);
			hash[n] = 0;
		} else {
			hash[n] = random_next(&random) | 1;
			ck_assert_int_eq(table_add(t, n, hash[n]), 0);
		}
	}
	table_free(t);
}
END_TEST

Suite *index_suite(void)
{
	const TTest *const tests[] = {
		so_many_buckets_are_made,
		one_bucket_takes_all_and_says_when_full,
		a_key_lives_within_reach_or_nowhere,
		search_ends_when_the_overflow_is_gone,
		a_count_that_is_stuck_stops_no_search,
		a_search_that_finds_no_end_ends,
		replace_keeps_the_slot,
		headers_and_pages_do_not_mix,
		random_keys_agree_with_an_array,
		NULL,
	};

	return suite_of("index", NULL, NULL, tests);
}
