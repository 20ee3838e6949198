/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Pools whose gets keep, pages without frames, batches, objects.
 */
#include <sys/mman.h>

#include "suites.h"

#include "../../libhecache/src/cache/entry.h"
#include "../../libhecache/src/cache/get.h"
#include "../../libhecache/src/cache/room.h"

#define FRAMES (4 * FIXTURE_CHUNK_FRAMES)

static struct fixture f;
static struct hec_client *client;

static void start(void)
{
	struct hec_config config = fixture_config();
	struct hec_client_config terms = { .guaranteed_pages = 4,
					   .policy = HEC_POLICY_LRU };

	fixture_start(&f, &config, 4);
	client = fixture_client_on(&f, &terms);
}

static void end(void)
{
	fixture_end_client(&f, client);
}

static struct hec_stats stats(void)
{
	return fixture_stats(&f, client);
}

static uint32_t record_of(uint64_t pool, uint64_t index, struct hec_name *name)
{
	ck_assert_int_eq(hec_name_init(f.cache, client, pool, 0, index, name),
			 0);
	return hec_entry_find(f.cache, name);
}

/* A get that has page @n pinned ends; true if it was still linked. */
static bool unpin(const struct hec_name *name, uint32_t n, bool *mine)
{
	bool linked;

	hec_env_lock(&client->lock);
	linked = hec_entry_unpin(f.cache, client, name, n, HEC_LEAVE_HANDED_UP,
				 mine);
	hec_env_unlock(&client->lock);
	return linked;
}

START_TEST(an_inclusive_get_keeps_and_promotes)
{
	uint64_t pool = fixture_pool_of(&f, client, HEC_POOL_INCLUSIVE);
	uint32_t i;

	for (i = 0; i < FRAMES; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 0, i, i + 1), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 0, 1), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 0, 1), 0);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, i, i + 1), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 0, 1), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 1, 2), HEC_ENOENT);
}
END_TEST

START_TEST(persistent_pages_stay_within_the_guarantee)
{
	uint64_t pool = fixture_pool_of(&f, client, HEC_POOL_PERSISTENT);
	uint64_t other = fixture_pool(&f, client);
	uint32_t i;

	for (i = 0; i < 6; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 0, i, i + 1),
				 i < 4 ? 0 : HEC_ENOSPC);
	for (i = 0; i < 3 * FRAMES; i++)
		ck_assert_int_eq(put_seed(&f, client, other, 0, i, i + 1), 0);
	ck_assert_uint_eq(stats().persistent_pages, 4);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, 0, i, i + 1), 0);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 2, 77), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 2, 77), 0);
	hec_flush(f.cache, client, pool, 0, 3);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 9, 9), 0);
}
END_TEST

START_TEST(a_corrupt_persistent_page_is_an_error_not_a_miss)
{
	_Alignas(64) uint8_t page[HEC_PAGE_SIZE];
	uint64_t pool = fixture_pool_of(&f, client, HEC_POOL_PERSISTENT);
	struct hec_name name;
	uint8_t *frame;

	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 1), 0);
	frame = hec_frame_map(&f.cache->frames, record_of(pool, 1, &name));
	frame[99] ^= 1;
	ck_assert_int_eq(hec_get(f.cache, client, pool, 0, 1, page), HEC_EIO);
	ck_assert_int_eq(hec_get(f.cache, client, pool, 0, 1, page), HEC_EIO);
	ck_assert_uint_eq(stats().corrupt, 2);
}
END_TEST

/* Many gets at once of a page that stays; the last one that it can count. */
START_TEST(pins_are_counted_and_limited)
{
	uint64_t kept = fixture_pool_of(&f, client, HEC_POOL_PERSISTENT);
	uint64_t shared = fixture_pool_of(&f, client, HEC_POOL_INCLUSIVE);
	struct hec_name name, name2;
	uint32_t n, m, i;
	bool mine;

	put_seed(&f, client, kept, 0, 1, 1);
	put_seed(&f, client, shared, 0, 1, 1);
	n = record_of(kept, 1, &name);
	m = record_of(shared, 1, &name2);
	for (i = 0; i < 15; i++) {
		ck_assert_int_eq(hec_get_pin(f.cache, &name, &n), 0);
		ck_assert_int_eq(hec_get_pin(f.cache, &name2, &m), 0);
	}
	ck_assert_int_eq(get_seed(&f, client, kept, 0, 1, 1), HEC_EAGAIN);
	ck_assert_int_eq(get_seed(&f, client, shared, 0, 1, 1), HEC_ENOENT);
	n = record_of(kept, 1, &name);
	hec_flush(f.cache, client, kept, 0, 1);
	for (i = 0; i < 15; i++) {
		ck_assert(!unpin(&name, n, &mine));
		ck_assert_int_eq(mine, i == 14);
	}
	hec_store_give(&f.cache->store, n, client->number);
	m = record_of(shared, 1, &name2);
	for (i = 0; i < 15; i++)
		ck_assert(unpin(&name2, m, &mine));
}
END_TEST

START_TEST(persistent_pages_stop_a_shrink_and_are_moved)
{
	uint64_t pool = fixture_pool_of(&f, client, HEC_POOL_PERSISTENT);
	uint32_t i;

	for (i = 0; i < 4; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 0, i, i + 1), 0);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(fixture_shrink(&f), 0);
	ck_assert_int_eq(fixture_shrink(&f), HEC_ENOSPC);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, 0, i, i + 1), 0);
	hec_flush_pool(f.cache, client, pool, 0);
}
END_TEST

/* A flushed page that a get copies from is the get's to give back. */
START_TEST(a_flush_leaves_a_pinned_page_to_its_get)
{
	uint64_t pool = fixture_pool(&f, client);
	struct hec_name name;
	bool mine;
	uint32_t n;

	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 1), 0);
	hec_name_init(f.cache, client, pool, 0, 1, &name);
	ck_assert_int_eq(hec_get_pin(f.cache, &name, &n), 0);
	ck_assert_int_eq(hec_flush_pool(f.cache, client, pool, 0), 0);
	ck_assert_uint_eq(stats().pages, 0);
	ck_assert_uint_eq(stats().frames, 1);
	ck_assert(!unpin(&name, n, &mine));
	ck_assert(mine);
	hec_store_give(&f.cache->store, n, client->number);
	ck_assert_uint_eq(stats().frames, 0);
	ck_assert_int_eq(hec_audit(f.cache), 0);
}
END_TEST

/* A frame in flight is in the way for now; persistent zeroes never are. */
START_TEST(persistent_zeroes_do_not_stop_a_shrink)
{
	uint64_t pool = fixture_pool_of(&f, client, HEC_POOL_PERSISTENT);
	uint32_t i, n;

	while (f.chunks_lent > 1)
		ck_assert_int_eq(fixture_shrink(&f), 0);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 0, i, SEED_ZEROES),
				 0);
	n = hec_room_take(f.cache, client);
	ck_assert_uint_ne(n, HEC_NO_RECORD);
	ck_assert_int_eq(fixture_shrink(&f), HEC_EAGAIN);
	hec_frame_give(&f.cache->frames, n, client->number);
	ck_assert_int_eq(fixture_shrink(&f), 0);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, 0, i, SEED_ZEROES),
				 0);
	hec_flush_pool(f.cache, client, pool, 0);
}
END_TEST

/* Nor do zeroes that could be evicted, but need not be, make it wait for ever. */
START_TEST(zeroes_hide_no_persistent_page)
{
	uint64_t pool = fixture_pool_of(&f, client, HEC_POOL_PERSISTENT);
	uint64_t theirs;
	struct hec_client *other = fixture_client(&f, 0);
	uint32_t i;

	theirs = fixture_pool(&f, other);
	while (f.chunks_lent > 1)
		ck_assert_int_eq(fixture_shrink(&f), 0);
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(put_seed(&f, client, pool, 0, i, i + 1), 0);
		ck_assert_int_eq(put_seed(&f, other, theirs, 0, i, SEED_ZEROES),
				 0);
	}
	ck_assert_int_eq(fixture_shrink(&f), HEC_ENOSPC);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 0, SEED_ZEROES), 0);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	hec_flush_pool(f.cache, client, pool, 0);
	hec_client_destroy(f.cache, other, 0);
}
END_TEST

START_TEST(zeroes_need_no_frame)
{
	uint64_t pool = fixture_pool(&f, client);
	uint32_t i;

	for (i = 0; i < 20; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 0, i, SEED_ZEROES),
				 0);
	ck_assert_uint_eq(stats().zero_pages, 20);
	ck_assert_uint_eq(stats().frames, 0);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 3, 4), 0);
	ck_assert_uint_eq(stats().zero_pages, 19);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 3, SEED_ZEROES), 0);
	ck_assert_uint_eq(stats().frames, 0);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	for (i = 0; i < 20; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, 0, i, SEED_ZEROES),
				 0);
	ck_assert_uint_eq(stats().zero_pages, 0);
}
END_TEST

START_TEST(zeroes_beyond_the_spares_take_frames)
{
	uint64_t pool = fixture_pool(&f, client);
	uint64_t zeroes;
	uint32_t i;

	for (i = 0; stats().frames < 3; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 0, i, SEED_ZEROES),
				 0);
	ck_assert_uint_ge(stats().zero_pages, f.cache->frames.nr_spares / 2);
	for (i = 0; i < 2 * FRAMES; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 1, i, i + 1),
				 HEC_ENOSPC);
	/* Zeroes have no frame to give: one put has so many go and no more. */
	for (i = 0; stats().frames < FRAMES; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 0, 1000 + i, 1), 0);
	zeroes = stats().zero_pages;
	for (i = 0; put_seed(&f, client, pool, 0, 999, 1) == HEC_ENOSPC; i++) {
		ck_assert_uint_eq(stats().zero_pages,
				  zeroes - HEC_ROOM_EVICTIONS);
		zeroes = stats().zero_pages;
	}
	ck_assert_uint_gt(i, 0);
	for (i = 0; i < 2 * FRAMES; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 0, 1000 + i, i + 1),
				 0);
	ck_assert_uint_eq(stats().frames, FRAMES);
}
END_TEST

static void fill_items(struct hec_batch_item *items, uint8_t *pages,
		       uint32_t nr)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		memset(&items[i], 0xee, sizeof(items[i]));
		items[i].object = i % 3;
		items[i].index = i;
		items[i].page = pages + (size_t)i * HEC_PAGE_SIZE;
	}
}

START_TEST(a_batch_does_what_single_calls_do)
{
	static _Alignas(64) uint8_t pages[HEC_BATCH_MAX * HEC_PAGE_SIZE];
	struct hec_batch_item items[HEC_BATCH_MAX];
	uint64_t pool = fixture_pool(&f, client);
	uint32_t i, nr = FRAMES;

	fill_items(items, pages, nr);
	for (i = 0; i < nr; i++)
		page_fill(items[i].page, i);
	items[3].index = HEC_MAX_INDEX + 1;
	ck_assert_int_eq(hec_put_batch(f.cache, client, pool, items, nr), 0);
	for (i = 0; i < nr; i++)
		ck_assert_int_eq(items[i].status, i == 3 ? HEC_EINVAL : 0);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	ck_assert_uint_eq(stats().pages, nr - 1);
	fill_items(items, pages, nr);
	items[5].index = 4000;
	items[6].index = items[9].index;
	items[6].object = items[9].object;
	ck_assert_int_eq(hec_get_batch(f.cache, client, pool, items, nr), 0);
	for (i = 0; i < nr; i++) {
		bool miss = i == 3 || i == 5 || i == 9;

		ck_assert_int_eq(items[i].status, miss ? HEC_ENOENT : 0);
		if (!miss)
			ck_assert(page_holds(items[i].page, i == 6 ? 9 : i));
	}
	ck_assert_uint_eq(stats().misses, 3);
}
END_TEST

START_TEST(batches_are_checked)
{
	static _Alignas(64) uint8_t pages[2 * HEC_PAGE_SIZE];
	struct hec_batch_item items[2];
	uint64_t pool = fixture_pool(&f, client);

	fill_items(items, pages, 2);
	ck_assert_int_eq(hec_put_batch(f.cache, client, pool, items, 0),
			 HEC_EINVAL);
	ck_assert_int_eq(hec_get_batch(f.cache, client, pool, items,
				       HEC_BATCH_MAX + 1),
			 HEC_EINVAL);
	ck_assert_int_eq(hec_put_batch(f.cache, client, pool + 1, items, 2), 0);
	ck_assert_int_eq(items[1].status, HEC_ESTALE);
	hec_client_freeze(f.cache, client, true);
	ck_assert_int_eq(hec_put_batch(f.cache, client, pool, items, 2), 0);
	ck_assert_int_eq(items[0].status, HEC_ENOSPC);
	ck_assert_int_eq(items[1].status, HEC_ENOSPC);
	ck_assert_uint_eq(stats().puts_refused, 2);
}
END_TEST

/* No memory begins where the items end, nor ends where they begin. */
START_TEST(a_batch_looks_at_its_items_only)
{
	static _Alignas(64) uint8_t pages[3 * HEC_PAGE_SIZE];
	const size_t part = 65536;
	uint64_t pool = fixture_pool(&f, client);
	struct hec_batch_item *items;
	uint8_t *area;
	uint32_t i, nr, back;

	area = mmap(NULL, 3 * part, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0);
	ck_assert_ptr_ne(area, MAP_FAILED);
	ck_assert_int_eq(mprotect(area + part, part, PROT_READ | PROT_WRITE),
			 0);
	for (nr = 1; nr <= 3; nr++)
		for (back = 0; back < 2; back++) {
			items = (void *)(area + (back ? part : 2 * part));
			items -= back ? 0 : nr;
			fill_items(items, pages, nr);
			for (i = 0; i < nr; i++)
				page_fill(items[i].page, i);
			ck_assert_int_eq(hec_put_batch(f.cache, client, pool,
						       items, nr),
					 0);
			ck_assert_int_eq(hec_get_batch(f.cache, client, pool,
						       items, nr),
					 0);
			for (i = 0; i < nr; i++)
				ck_assert(!items[i].status &&
					  page_holds(items[i].page, i));
		}
	munmap(area, 3 * part);
}
END_TEST

START_TEST(a_corrupt_page_in_a_batch_is_a_miss)
{
	static _Alignas(64) uint8_t pages[4 * HEC_PAGE_SIZE];
	struct hec_batch_item items[4];
	uint64_t pool = fixture_pool(&f, client);
	struct hec_name name;
	uint8_t *frame;
	uint32_t i;

	for (i = 0; i < 4; i++)
		put_seed(&f, client, pool, 0, i, i + 1);
	frame = hec_frame_map(&f.cache->frames, record_of(pool, 2, &name));
	frame[0] ^= 0x80;
	fill_items(items, pages, 4);
	for (i = 0; i < 4; i++)
		items[i].object = 0;
	ck_assert_int_eq(hec_get_batch(f.cache, client, pool, items, 4), 0);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(items[i].status, i == 2 ? HEC_ENOENT : 0);
	ck_assert(page_holds(items[2].page, SEED_ZEROES));
}
END_TEST

START_TEST(an_object_is_flushed_alone)
{
	uint64_t pool = fixture_pool(&f, client);
	uint32_t i;

	for (i = 0; i < 12; i++)
		put_seed(&f, client, pool, i % 3, i, i + 1);
	hec_flush_object(f.cache, client, pool, 1);
	hec_flush_object(f.cache, client, pool, 55);
	hec_flush_object(f.cache, client, pool + 1, 0);
	for (i = 0; i < 12; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, i % 3, i, i + 1),
				 i % 3 == 1 ? HEC_ENOENT : 0);
	ck_assert_uint_eq(stats().flushes, 4);
}
END_TEST

/* In every policy's queues, in several pools, zeroes among them. */
START_TEST(a_client_is_flushed_of_all_but_persistent_pages)
{
	static const enum hec_policy_kind kinds[] = { HEC_POLICY_S3FIFO,
						      HEC_POLICY_ARC,
						      HEC_POLICY_LRU };
	uint64_t kept = fixture_pool_of(&f, client, HEC_POOL_PERSISTENT);
	uint64_t one = fixture_pool(&f, client);
	uint64_t two = fixture_pool_of(&f, client, HEC_POOL_INCLUSIVE);
	struct hec_client_config terms;
	uint64_t flushes;
	uint32_t i, j;

	put_seed(&f, client, kept, 0, 1, 7);
	for (j = 0; j < 3; j++) {
		hec_client_get(f.cache, client, &terms);
		terms.policy = kinds[j];
		ck_assert_int_eq(hec_client_set(f.cache, client, &terms), 0);
		for (i = 0; i < 6; i++) {
			put_seed(&f, client, one, 0, i,
				 i == 2 ? SEED_ZEROES : i + 1);
			put_seed(&f, client, two, 0, i, i + 1);
			ck_assert_int_eq(get_seed(&f, client, two, 0, i, i + 1),
					 0);
		}
		flushes = stats().flushes;
		ck_assert_int_eq(hec_client_flush(f.cache, client, 5),
				 HEC_EAGAIN);
		ck_assert_uint_eq(stats().pages, 8);
		ck_assert_int_eq(hec_client_flush(f.cache, client, 0), 0);
		ck_assert_int_eq(hec_client_flush(f.cache, client, 1), 0);
		ck_assert_uint_eq(stats().pages, 1);
		ck_assert_uint_eq(stats().flushes, flushes + 12);
		for (i = 0; i < 6; i++) {
			ck_assert_int_eq(get_seed(&f, client, one, 0, i, 0),
					 HEC_ENOENT);
			ck_assert_int_eq(get_seed(&f, client, two, 0, i, 0),
					 HEC_ENOENT);
		}
	}
	ck_assert_int_eq(get_seed(&f, client, kept, 0, 1, 7), 0);
}
END_TEST

/* From the newest on; what begins and ends on the way disturbs nothing. */
static bool is_of_page_key(uint64_t word)
{
	const struct hec_page_key *key = &f.cache->store.key;
	size_t i;

	for (i = 0; i < HEC_PAGE_WORDS; i++)
		if (key->word[i] == word)
			return true;
	for (i = 0; i < HEC_PAGE_FINAL_WORDS; i++)
		if (key->final[i] == word)
			return true;
	return false;
}

/* A secret that becomes known must not be one of another use. */
START_TEST(no_secret_word_serves_two_uses)
{
	struct hec_cache *cache = f.cache;
	uint32_t i;

	for (i = 0; i < HEC_PAGE_WORDS + HEC_PAGE_FINAL_WORDS; i++) {
		uint64_t pool = fixture_pool(&f, client);
		uint32_t slot = pool & ((1u << HEC_POOL_SLOT_BITS) - 1);
		uint64_t salt = cache->pools[slot].salt;

		ck_assert(!is_of_page_key(salt));
		ck_assert_uint_ne(salt, cache->key_secret[0]);
		ck_assert_uint_ne(salt, cache->key_secret[1]);
		ck_assert_int_eq(hec_pool_destroy(cache, client, pool, 0), 0);
	}
	ck_assert(!is_of_page_key(cache->key_secret[0]));
	ck_assert(!is_of_page_key(cache->key_secret[1]));
}
END_TEST

/* Of the seed, each byte is part of a secret; and nothing else is. */
START_TEST(each_byte_of_the_seed_counts)
{
	struct hec_config config = fixture_config();
	struct hec_cipher handles, secrets;
	struct fixture g;
	uint32_t i;

	fixture_start(&g, &config, 1);
	handles = g.cache->handles;
	secrets = g.cache->secrets;
	fixture_end(&g);
	for (i = 0; i <= sizeof(config.seed); i++) {
		struct hec_config other = config;

		if (i < sizeof(config.seed))
			other.seed[i] ^= 1;
		fixture_start(&g, &other, 1);
		ck_assert_int_eq(!memcmp(&handles, &g.cache->handles,
					 sizeof(handles)) &&
					 !memcmp(&secrets, &g.cache->secrets,
						 sizeof(secrets)),
				 i == sizeof(config.seed));
		fixture_end(&g);
	}
}
END_TEST

START_TEST(a_client_shows_its_pools)
{
	struct hec_client_config terms = { .weight = 1 };
	struct hec_pool_info info;
	struct hec_client *other;
	uint64_t one, two, three, mine, theirs = 0;

	other = fixture_client_on(&f, &terms);
	ck_assert_int_eq(hec_pool_info(f.cache, client, UINT64_MAX, &info),
			 HEC_ENOENT);
	one = fixture_pool_of(&f, client, HEC_POOL_PERSISTENT);
	two = fixture_pool(&f, client);
	three = fixture_pool_of(&f, client, HEC_POOL_INCLUSIVE);
	theirs = fixture_pool(&f, other);
	put_seed(&f, client, one, 0, 1, 1);
	put_seed(&f, client, two, 0, 1, 1);
	put_seed(&f, client, two, 7, 2, SEED_ZEROES);

	ck_assert_int_eq(hec_pool_info(f.cache, client, UINT64_MAX, &info), 0);
	ck_assert(info.pool == three && info.kind == HEC_POOL_INCLUSIVE);
	ck_assert_uint_eq(info.pages, 0);
	mine = fixture_pool(&f, client);
	ck_assert_int_eq(hec_pool_destroy(f.cache, client, three, 0), 0);
	ck_assert_int_eq(hec_pool_info(f.cache, client, info.pool, &info), 0);
	ck_assert(info.pool == two && info.kind == HEC_POOL_EPHEMERAL);
	ck_assert_uint_eq(info.pages, 2);
	ck_assert_int_eq(hec_pool_info(f.cache, client, two, &info), 0);
	ck_assert(info.pool == one && info.kind == HEC_POOL_PERSISTENT);
	ck_assert_uint_eq(info.pages, 1);
	ck_assert_int_eq(hec_pool_info(f.cache, client, one, &info),
			 HEC_ENOENT);
	ck_assert_int_eq(hec_pool_info(f.cache, client, UINT64_MAX, &info), 0);
	ck_assert(info.pool == mine);

	ck_assert_int_eq(hec_pool_info(f.cache, other, UINT64_MAX, &info), 0);
	ck_assert(info.pool == theirs);
	ck_assert_int_eq(hec_client_destroy(f.cache, other, 0), 0);
}
END_TEST

Suite *pools_suite(void)
{
	const TTest *const tests[] = {
		an_inclusive_get_keeps_and_promotes,
		persistent_pages_stay_within_the_guarantee,
		a_corrupt_persistent_page_is_an_error_not_a_miss,
		pins_are_counted_and_limited,
		persistent_pages_stop_a_shrink_and_are_moved,
		a_flush_leaves_a_pinned_page_to_its_get,
		persistent_zeroes_do_not_stop_a_shrink,
		zeroes_hide_no_persistent_page,
		zeroes_need_no_frame,
		zeroes_beyond_the_spares_take_frames,
		a_batch_does_what_single_calls_do,
		batches_are_checked,
		a_batch_looks_at_its_items_only,
		a_corrupt_page_in_a_batch_is_a_miss,
		an_object_is_flushed_alone,
		a_client_is_flushed_of_all_but_persistent_pages,
		a_client_shows_its_pools,
		no_secret_word_serves_two_uses,
		each_byte_of_the_seed_counts,
		NULL,
	};

	return suite_of("pools", start, end, tests);
}
