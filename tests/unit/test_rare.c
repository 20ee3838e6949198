/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What happens once in 2^50 calls, or needs a table that the secret seed keeps from
 * filling: made to happen.
 */
#include "suites.h"

#include "../../libhecache/src/cache/name.h"

static struct fixture f;
static struct hec_client *client;
static uint64_t pool;
static struct guest guest;

static void start(void)
{
	struct hec_config config = fixture_config();

	fixture_start(&f, &config, FIXTURE_CHUNKS);
	client = fixture_client(&f, 0);
	pool = fixture_pool(&f, client);
}

static void end(void)
{
	fixture_end_client(&f, client);
}

/*
 * A cipher under which pool slot @slot can have a handle that reads as an error, or
 * (@zero) as nothing; the serial number of that pool.
 */
static uint64_t find_serial(struct hec_cipher *cipher, uint32_t slot, bool zero)
{
	uint64_t seed[2] = { 0 }, handle, id;

	for (;;) {
		seed[0]++;
		hec_cipher_init(cipher, (const uint8_t *)seed);
		for (handle = zero ? 0 : (uint64_t)-4095; handle <= UINT64_MAX;
		     handle++) {
			id = hec_cipher_decrypt(cipher, handle);
			if ((id & ((1u << HEC_POOL_SLOT_BITS) - 1)) == slot)
				return id >> HEC_POOL_SLOT_BITS;
			if (zero || handle == UINT64_MAX)
				break;
		}
	}
}

START_TEST(a_handle_that_reads_as_an_error_is_not_given_out)
{
	const uint64_t arg[4] = { HEC_CMD_POOL_NEW };
	struct hec_cipher handles = f.cache->handles;
	uint64_t serial =
		find_serial(&f.cache->handles, f.cache->free_pool, _i);
	uint64_t was = f.cache->next_serial, handle;

	f.cache->next_serial = serial;
	handle = hec_guest_call(f.cache, client, &guest, arg);
	ck_assert(handle && !hec_abi_is_err(handle));
	ck_assert_uint_eq(f.cache->next_serial, serial + 2);
	ck_assert_int_eq(
		hec_pool_destroy(f.cache, client,
				 hec_cipher_decrypt(&f.cache->handles, handle),
				 0),
		0);
	f.cache->handles = handles;
	f.cache->next_serial = was;
}
END_TEST

#define BUSY 0x77 /* the tag of slots that nobody has */

/* Takes all free slots of the index, with a record that is no page's; or frees them. */
static void crowd(bool full)
{
	struct hec_index *index = &f.cache->index;
	uint32_t buckets = index->nr_shards * index->shard_buckets, i;
	uint32_t root = f.cache->pools[f.cache->config.max_pools - 1].root;
	static bool taken[1000][HEC_BUCKET_SLOTS];
	int slot;

	ck_assert_uint_le(buckets, 1000);
	for (i = 0; i < buckets; i++)
		for (slot = 0; slot < HEC_BUCKET_SLOTS; slot++) {
			struct hec_bucket *bucket = &index->buckets[i];

			if (full) {
				taken[i][slot] = !bucket->tag[slot];
				bucket->record[slot] =
					taken[i][slot] ? root
						       : bucket->record[slot];
			}
			if (taken[i][slot])
				bucket->tag[slot] = full ? BUSY : 0;
		}
}

START_TEST(a_full_index_refuses)
{
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 1), 0);
	crowd(true);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 2, 2), HEC_ENOSPC);
	ck_assert_int_eq(put_seed(&f, client, pool, 7, 2, 2), HEC_ENOSPC);
	ck_assert_uint_eq(fixture_stats(&f, client).puts_refused, 2);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 3), 0);
	ck_assert_uint_eq(fixture_stats(&f, client).puts, 2);
	crowd(false);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	ck_assert_int_eq(get_seed(&f, client, pool, 0, 1, 3), 0);
	crowd(true);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 2, 2), HEC_ENOSPC);
	crowd(false);
}
END_TEST

/* There is a place for the header of a new object, and none for its page. */
START_TEST(a_header_without_a_page_goes_again)
{
	struct hec_index *index = &f.cache->index;
	uint32_t spares = f.cache->frames.nr_spares_free, i, slot;
	struct hec_name name, header;
	uint64_t object = 1;

	do {
		hec_name_init(f.cache, client, pool, ++object, 2, &name);
		header = hec_name_of_header(f.cache, &name);
	} while (hec_index_shard(index, name.hash) ==
		 hec_index_shard(index, header.hash));
	crowd(true);
	i = (uint32_t)(hec_index_shard(index, header.hash) - index->shards) *
	    index->shard_buckets;
	for (slot = 0; slot < index->shard_buckets; slot++)
		if (index->buckets[i + slot].tag[0] == BUSY)
			index->buckets[i + slot].tag[0] = 0;
	ck_assert_int_eq(put_seed(&f, client, pool, object, 2, 2), HEC_ENOSPC);
	ck_assert_uint_eq(f.cache->frames.nr_spares_free, spares);
	crowd(false);
	ck_assert_int_eq(hec_audit(f.cache), 0);
	ck_assert_int_eq(put_seed(&f, client, pool, object, 2, 2), 0);
}
END_TEST

/* More pages than are looked at under one lock. */
START_TEST(an_object_of_many_pages_is_flushed)
{
	uint64_t i;

	for (i = 0; i < 100; i++)
		ck_assert_int_eq(put_seed(&f, client, pool, 7, i, i), 0);
	hec_flush_range(f.cache, client, pool, 7, 50, 1000);
	ck_assert_uint_eq(fixture_stats(&f, client).pages, 50);
	for (i = 0; i < 50; i++)
		ck_assert_int_eq(get_seed(&f, client, pool, 7, i, i), 0);
}
END_TEST

Suite *rare_suite(void)
{
	const TTest *const tests[] = { a_full_index_refuses,
				       a_header_without_a_page_goes_again,
				       an_object_of_many_pages_is_flushed,
				       NULL };
	Suite *suite = suite_create("rare");
	TCase *tc = suite_case(suite, "rare", start, end, tests);

	tcase_add_loop_test(
		tc, a_handle_that_reads_as_an_error_is_not_given_out, 0, 2);
	return suite;
}
