/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the public header promises where a reader would have to guess: a test for
 * each such sentence, named after it.
 */
#include "suites.h"

#include "../../libhecache/src/cache/flush.h"
#include "../../libhecache/src/cache/get.h"

#define FRAMES (4 * FIXTURE_CHUNK_FRAMES)

static struct fixture f;
static struct hec_client *client;
static uint64_t pool;

static void start(void)
{
	const struct hec_client_config terms = { .policy = HEC_POLICY_S3FIFO };
	struct hec_config config = fixture_config();

	fixture_start(&f, &config, 4);
	client = fixture_client_on(&f, &terms);
	pool = fixture_pool(&f, client);
}

static void end(void)
{
	hec_client_destroy(f.cache, client, 0);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	fixture_end(&f);
}

static bool is_filled_with(const uint8_t *page, uint8_t byte)
{
	uint32_t i;

	for (i = 0; i < HEC_PAGE_SIZE; i++)
		if (page[i] != byte)
			return false;
	return true;
}

static bool is_ghost(uint64_t index)
{
	struct hec_name name;

	ck_assert_int_eq(hec_name_init(f.cache, client, pool, 0, index, &name),
			 0);
	return hec_ghost_is_there(&f.cache->ghosts, &client->policy.past,
				  name.hash);
}

/* The same key is handed up: it is a ghost then. */
static void make_ghost(uint64_t index)
{
	ck_assert_int_eq(put_seed(&f, client, pool, 0, index, index), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, index, index), 0);
	ck_assert(is_ghost(index));
}

START_TEST(a_get_that_finds_nothing_leaves_the_buffer)
{
	_Alignas(64) uint8_t page[HEC_PAGE_SIZE];

	memset(page, 0xa5, sizeof(page));
	ck_assert_int_eq(hec_get(f.cache, client, pool, 0, 1, page),
			 HEC_ENOENT);
	ck_assert(is_filled_with(page, 0xa5));
}
END_TEST

START_TEST(a_get_whose_page_is_dropped_meanwhile_leaves_zeroes)
{
	_Alignas(64) uint8_t page[HEC_PAGE_SIZE];
	struct hec_name name;
	uint32_t n;

	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 7), 0);
	memset(page, 0xa5, sizeof(page));
	ck_assert_int_eq(hec_name_init(f.cache, client, pool, 0, 1, &name), 0);
	ck_assert_int_eq(hec_get_pin(f.cache, &name, &n), 0);
	hec_flush(f.cache, client, pool, 0, 1);
	ck_assert_int_eq(hec_get_pinned(f.cache, client, &name, n,
					HEC_NO_RECORD, page),
			 HEC_ENOENT);
	ck_assert(is_filled_with(page, 0));
}
END_TEST

START_TEST(a_batch_that_fails_as_a_whole_does_nothing)
{
	_Alignas(64) uint8_t page[HEC_PAGE_SIZE] = { 1 };
	static struct hec_batch_item item[HEC_BATCH_MAX + 1];
	uint32_t i;

	for (i = 0; i <= HEC_BATCH_MAX; i++)
		item[i].page = page;
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 0, 5), 0);
	ck_assert_int_eq(hec_put_batch(f.cache, client, pool, item, 0),
			 HEC_EINVAL);
	ck_assert_int_eq(hec_put_batch(f.cache, client, pool, item,
				       HEC_BATCH_MAX + 1),
			 HEC_EINVAL);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 0, 5), 0);
}
END_TEST

START_TEST(a_flush_of_a_key_forgets_it_and_others_do_not)
{
	make_ghost(1);
	hec_flush(f.cache, client, pool, 0, 1);
	ck_assert(!is_ghost(1));

	make_ghost(2);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 100, 1), 0);
	hec_flush_range(f.cache, client, pool, 0, 2, 1);
	ck_assert(is_ghost(2));
	hec_flush_range(f.cache, client, pool, 0, 0, HEC_MAX_INDEX);
	ck_assert(is_ghost(2));
	hec_flush_object(f.cache, client, pool, 0);
	ck_assert(is_ghost(2));
	ck_assert_int_eq(hec_flush_pool(f.cache, client, pool, 0), 0);
	ck_assert(is_ghost(2));
	ck_assert_int_eq(hec_client_flush(f.cache, client, 0), 0);
	ck_assert(is_ghost(2));
}
END_TEST

START_TEST(a_lowered_client_gives_up_two_for_one)
{
	struct hec_client_change change = { .terms = HEC_TERM_MAX };
	uint32_t i;

	put_range(&f, client, pool, 0, 10);
	change.config.max_pages = 4;
	ck_assert_int_eq(hec_client_change(f.cache, client, &change), 0);
	ck_assert_uint_eq(fixture_stats(&f, client).frames, 10);
	for (i = 0; i < 10; i++) {
		ck_assert_int_eq(put_seed(&f, client, pool, 0, 100 + i, 1), 0);
		ck_assert_uint_eq(fixture_stats(&f, client).frames,
				  i < 6 ? 9 - i : 4);
	}
}
END_TEST

START_TEST(persistent_pages_beyond_a_lowered_guarantee_stay)
{
	struct hec_client_config config = { .guaranteed_pages = 4 };
	struct hec_client_change change = { .terms = HEC_TERM_GUARANTEED };
	struct hec_client *other = fixture_client_on(&f, &config);
	uint64_t kept = fixture_pool_of(&f, other, HEC_POOL_PERSISTENT), i;

	put_range(&f, other, kept, 0, 4);
	ck_assert_int_eq(hec_client_change(f.cache, other, &change), 0);
	ck_assert_int_eq(put_seed(&f, other, kept, 0, 9, 9), HEC_ENOSPC);
	put_range(&f, client, pool, 0, 3 * FRAMES);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(get_seed(&f, other, kept, 0, i, i), 0);
	hec_client_destroy(f.cache, other, 0);
}
END_TEST

START_TEST(again_may_be_said_with_nothing_left)
{
	put_range(&f, client, pool, 0, 3);
	ck_assert_int_eq(hec_client_flush(f.cache, client, 3), HEC_EAGAIN);
	ck_assert_uint_eq(fixture_stats(&f, client).pages, 0);
	ck_assert_int_eq(hec_client_flush(f.cache, client, 3), 0);
	put_range(&f, client, pool, 0, 3);
	ck_assert_int_eq(hec_pool_destroy(f.cache, client, pool, 3),
			 HEC_EAGAIN);
	ck_assert_uint_eq(fixture_stats(&f, client).pages, 0);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 0, 1), HEC_ESTALE);
	ck_assert_int_eq(hec_pool_destroy(f.cache, client, pool, 3), 0);
}
END_TEST

START_TEST(some_terms_change_and_the_others_stay)
{
	struct hec_client_change change = {
		.terms = HEC_TERM_WEIGHT | HEC_TERM_POOLS | HEC_TERM_POLICY |
			 HEC_TERM_FROZEN,
		.config = { .weight = 7,
			    .max_pools = 3,
			    .policy = HEC_POLICY_ARC,
			    .max_pages = 1 },
		.frozen = true,
	};
	struct hec_client_config config;

	ck_assert_int_eq(hec_client_change(f.cache, client, &change), 0);
	hec_client_get(f.cache, client, &config);
	ck_assert_uint_eq(config.weight, 7);
	ck_assert_uint_eq(config.max_pools, 3);
	ck_assert_int_eq(config.policy, HEC_POLICY_ARC);
	ck_assert_uint_eq(config.max_pages, 0);
	ck_assert(hec_client_is_frozen(f.cache, client));
	change.terms = HEC_TERM_MAX | HEC_TERM_GUARANTEED;
	change.config.guaranteed_pages = 2;
	ck_assert_int_eq(hec_client_change(f.cache, client, &change),
			 HEC_EINVAL);
	change.terms = 1u << 6;
	ck_assert_int_eq(hec_client_change(f.cache, client, &change),
			 HEC_EINVAL);
	hec_client_get(f.cache, client, &config);
	ck_assert_uint_eq(config.max_pages + config.guaranteed_pages, 0);
}
END_TEST

/* A change of one term, with other values for all. */
START_TEST(one_term_changes_and_no_other)
{
	static const struct hec_client_config values = {
		.guaranteed_pages = 2,
		.max_pages = 40,
		.weight = 7,
		.max_pools = 3,
		.policy = HEC_POLICY_S3FIFO,
	};
	struct hec_client_change change = { .config = values, .frozen = true };
	struct hec_client_config was, now;
	uint32_t term;

	for (term = 1; term <= HEC_TERMS_KNOWN; term *= 2) {
		hec_client_get(f.cache, client, &was);
		change.terms = term;
		ck_assert_int_eq(hec_client_change(f.cache, client, &change),
				 0);
		hec_client_get(f.cache, client, &now);
#define IS_RIGHT(field, name) \
	ck_assert(now.field == (term == (name) ? values.field : was.field))
		IS_RIGHT(guaranteed_pages, HEC_TERM_GUARANTEED);
		IS_RIGHT(max_pages, HEC_TERM_MAX);
		IS_RIGHT(weight, HEC_TERM_WEIGHT);
		IS_RIGHT(max_pools, HEC_TERM_POOLS);
		IS_RIGHT(policy, HEC_TERM_POLICY);
#undef IS_RIGHT
		ck_assert_int_eq(hec_client_is_frozen(f.cache, client),
				 term == HEC_TERM_FROZEN);
		ck_assert_uint_eq(client->policy.kind, now.policy);
		ck_assert_uint_eq(client->policy.most, now.max_pages);
		change.terms = HEC_TERMS_KNOWN;
		change.config = was;
		change.frozen = false;
		ck_assert_int_eq(hec_client_change(f.cache, client, &change),
				 0);
		change.config = values;
		change.frozen = true;
	}
}
END_TEST

START_TEST(names_of_policies)
{
	uint32_t kind;

	for (kind = 0; kind < HEC_NR_POLICIES; kind++) {
		const char *name = hec_policy_name(kind);

		ck_assert_ptr_nonnull(name);
		ck_assert_uint_eq(hec_policy_find(name, strlen(name)), kind);
		ck_assert_uint_eq(hec_policy_find(name, strlen(name) - 1),
				  HEC_NR_POLICIES);
	}
	ck_assert_ptr_null(hec_policy_name(HEC_NR_POLICIES));
	ck_assert_uint_eq(hec_policy_find("arcs", 4), HEC_NR_POLICIES);
	ck_assert_uint_eq(hec_policy_find("", 0), HEC_NR_POLICIES);
}
END_TEST

Suite *contract_suite(void)
{
	const TTest *const tests[] = {
		a_get_that_finds_nothing_leaves_the_buffer,
		a_get_whose_page_is_dropped_meanwhile_leaves_zeroes,
		a_batch_that_fails_as_a_whole_does_nothing,
		a_flush_of_a_key_forgets_it_and_others_do_not,
		a_lowered_client_gives_up_two_for_one,
		persistent_pages_beyond_a_lowered_guarantee_stay,
		again_may_be_said_with_nothing_left,
		some_terms_change_and_the_others_stay,
		one_term_changes_and_no_other,
		names_of_policies,
		NULL,
	};
	Suite *suite = suite_create("contract");

	suite_case(suite, "contract", start, end, tests);
	return suite;
}
