/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Answers to what one call alone can never meet: a look-up that is overtaken by two
 * other calls, or a count that has run out although another says that it has not.
 * Each state is made by hand, and undone.
 */
#include "suites.h"

#include "../../libhecache/src/cache/entry.h"
#include "../../libhecache/src/cache/past.h"

static struct fixture f;
static struct hec_client *client;
static uint64_t pool;
static struct hec_name name; /* of the only page */
static uint32_t page; /* its record */

static void start(void)
{
	struct hec_config config = fixture_config();

	fixture_start(&f, &config, 2);
	client = fixture_client(&f, 0);
	pool = fixture_pool(&f, client);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 1), 0);
	ck_assert_int_eq(hec_name_init(f.cache, client, pool, 0, 1, &name), 0);
	page = hec_entry_find(f.cache, &name);
	ck_assert_uint_ne(page, HEC_NO_RECORD);
}

static void end(void)
{
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 1, 1), 0);
	fixture_end_client(&f, client);
}

START_TEST(a_page_of_the_slots_next_pool_is_no_match)
{
	name.pool += 1ull << HEC_POOL_SLOT_BITS;
	ck_assert_uint_eq(hec_entry_find(f.cache, &name), HEC_NO_RECORD);
}
END_TEST

START_TEST(a_record_of_no_page_has_no_client)
{
	struct hec_record *record = &f.cache->records[page];
	struct hec_record *header = &f.cache->records[record->object];
	uint32_t was = record->object;

	ck_assert_ptr_eq(hec_entry_client(f.cache, page), client);
	record->object = f.cache->nr_records;
	ck_assert_ptr_null(hec_entry_client(f.cache, page));
	record->object = was;
	was = header->object;
	header->object = f.cache->config.max_pools;
	ck_assert_ptr_null(hec_entry_client(f.cache, page));
	header->object = was;
}
END_TEST

START_TEST(a_free_slot_has_no_pool)
{
	struct hec_pool *p = hec_pool_any(f.cache, client, pool);

	p->state = HEC_POOL_FREE;
	ck_assert_ptr_null(hec_pool_any(f.cache, client, pool));
	ck_assert_ptr_null(hec_pool_find(f.cache, client, pool));
	p->state = HEC_POOL_LIVE;
}
END_TEST

/* What lies behind the last slot is no pool, even if it looks like one. */
START_TEST(a_slot_beyond_the_last_has_no_pool)
{
	uint32_t slot = f.cache->config.max_pools;
	struct hec_pool *beyond = &f.cache->pools[slot], was = *beyond;
	uint64_t id = 1ull << HEC_POOL_SLOT_BITS | slot;

	*beyond = *hec_pool_find(f.cache, client, pool);
	beyond->id = id;
	ck_assert_ptr_null(hec_pool_find(f.cache, client, id));
	*beyond = was;
}
END_TEST

START_TEST(no_frame_is_taken_where_none_is_free)
{
	struct hec_frames *frames = &f.cache->frames;
	uint32_t taken[2 * FIXTURE_CHUNK_FRAMES], nr = 0, n;

	while ((n = hec_frame_take_for_move(frames)) != HEC_NO_RECORD)
		taken[nr++] = n;
	ck_assert_uint_eq(nr, 2 * FIXTURE_CHUNK_FRAMES - 1);
	while (nr)
		hec_frame_give_moved(frames, taken[--nr]);
}
END_TEST

START_TEST(no_spare_record_is_taken_where_none_is_free)
{
	struct hec_frames *frames = &f.cache->frames;
	uint32_t was = frames->nr_spares_free;

	frames->nr_spares_free = 0;
	ck_assert_uint_eq(hec_spare_take(frames, client->number),
			  HEC_NO_RECORD);
	frames->nr_spares_free = was;
}
END_TEST

/* So many pages have a spare record, and each client has some that are its own. */
START_TEST(spare_records_are_shared_out)
{
	struct hec_config config = fixture_config();
	struct hec_client_config terms = { .guaranteed_pages = 256 };
	struct hec_client *one;
	struct fixture g;
	uint32_t i;

	config.chunk_shift = 15;
	config.max_chunks = 2;
	config.max_clients = 3;
	fixture_start(&g, &config, 1);
	ck_assert_uint_eq(g.cache->frames.nr_spares, 65536 / 64 + 3 * 4);
	for (i = 0; i < 3; i++)
		ck_assert_uint_eq(g.cache->frames.spares[i].reserved, 4);
	one = fixture_client_on(&g, &terms);
	ck_assert_uint_eq(g.cache->frames.spares[one->number].reserved, 4 + 4);
	fixture_end_client(&g, one);
}
END_TEST

/* A client's quota of spare records ends as one of pools does, and the reverse. */
START_TEST(both_ways_out_of_a_quota)
{
	struct hec_frames *frames = &f.cache->frames;
	struct hec_quota *spares = &frames->spare_quota;
	struct hec_quota_part *part = &frames->spares[client->number];
	struct hec_quota_part was = *part;
	int32_t spare = spares->spare;
	uint64_t another;

	spares->spare = 0;
	part->reserved = part->used;
	ck_assert_uint_eq(hec_spare_take(frames, client->number),
			  HEC_NO_RECORD);
	spares->spare = 1;
	part->used = part->reserved + HEC_QUOTA_GREED;
	ck_assert_uint_eq(hec_spare_take(frames, client->number),
			  HEC_NO_RECORD);
	spares->spare = spare;
	*part = was;

	was = client->pools;
	spare = f.cache->pool_quota.spare;
	client->pools.reserved = client->pools.used;
	f.cache->pool_quota.spare = 0;
	ck_assert_int_eq(hec_pool_create(f.cache, client, HEC_POOL_EPHEMERAL,
					 &another),
			 HEC_ENOMEM);
	f.cache->pool_quota.spare = 1;
	client->pools.reserved = 0;
	client->pools.used = HEC_QUOTA_GREED;
	ck_assert_int_eq(hec_pool_create(f.cache, client, HEC_POOL_EPHEMERAL,
					 &another),
			 HEC_ENOMEM);
	f.cache->pool_quota.spare = spare;
	client->pools = was;
}
END_TEST

/* A chunk that another call of hec_shrink() has opened again, or is taking out. */
START_TEST(no_chunk_is_closing)
{
	struct hec_frames *frames = &f.cache->frames;
	uint32_t was = frames->nr_chunks;

	ck_assert_ptr_null(hec_chunk_remove(frames));
	hec_chunk_reopen(frames);
	ck_assert_uint_eq(hec_frames_present(frames), 2 * FIXTURE_CHUNK_FRAMES);
	ck_assert_uint_ne(hec_chunk_close(frames), HEC_NO_CHUNK);
	ck_assert_uint_eq(hec_frames_present(frames), FIXTURE_CHUNK_FRAMES);
	frames->nr_chunks = 0;
	ck_assert_uint_eq(hec_frames_present(frames), 0);
	frames->nr_chunks = was;
	hec_chunk_reopen(frames);
	ck_assert_uint_eq(hec_frames_present(frames), 2 * FIXTURE_CHUNK_FRAMES);
	ck_assert_int_eq(hec_audit(f.cache), 0);
}
END_TEST

/* The ghosts that S3-FIFO has left behind would be used up, or move a target. */
START_TEST(lru_learns_nothing_from_a_miss)
{
	struct hec_client_config terms = { .policy = HEC_POLICY_S3FIFO };
	struct hec_client *one = fixture_client_on(&f, &terms);
	uint64_t p = fixture_pool(&f, one);
	const struct hec_policy *policy = &one->policy;
	uint32_t ghosts[HEC_NR_GHOSTS], target;

	put_range(&f, one, p, 0, 40);
	ck_assert_uint_gt(policy->past.nr[HEC_GHOST_OUT1], 0);
	ck_assert_int_eq(hec_name_init(f.cache, one, p, 0, 39, &name), 0);
	while (hec_entry_find(f.cache, &name) != HEC_NO_RECORD ||
	       !hec_policy_remembers(policy, name.hash)) {
		ck_assert_uint_gt(name.key.index, 0);
		ck_assert_int_eq(hec_name_init(f.cache, one, p, 0,
					       name.key.index - 1, &name),
				 0);
	}
	terms.policy = HEC_POLICY_LRU;
	ck_assert_int_eq(hec_client_set(f.cache, one, &terms), 0);
	memcpy(ghosts, policy->past.nr, sizeof(ghosts));
	target = policy->target;
	ck_assert_int_eq(get_seed(&f, one, p, 0, name.key.index, 0),
			 HEC_ENOENT);
	hec_env_lock(&one->lock);
	hec_policy_miss(&one->policy, name.hash);
	hec_env_unlock(&one->lock);
	ck_assert_mem_eq(ghosts, policy->past.nr, sizeof(ghosts));
	ck_assert_uint_eq(policy->target, target);
	ck_assert_int_eq(hec_client_destroy(f.cache, one, 0), 0);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 1), 0);
}
END_TEST

Suite *defences_suite(void)
{
	const TTest *const tests[] = {
		a_page_of_the_slots_next_pool_is_no_match,
		a_record_of_no_page_has_no_client,
		a_free_slot_has_no_pool,
		a_slot_beyond_the_last_has_no_pool,
		no_frame_is_taken_where_none_is_free,
		no_spare_record_is_taken_where_none_is_free,
		spare_records_are_shared_out,
		both_ways_out_of_a_quota,
		no_chunk_is_closing,
		lru_learns_nothing_from_a_miss,
		NULL,
	};

	return suite_of("defences", start, end, tests);
}
