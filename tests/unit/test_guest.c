/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The guest ABI: every command, every field that a guest could get wrong.
 */
#include "suites.h"

static struct fixture f;
static struct hec_client *client;
static struct guest *guest;

static uint64_t call(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3)
{
	const uint64_t arg[4] = { a0, a1, a2, a3 };

	return hec_guest_call(f.cache, client, guest, arg);
}

static void start(void)
{
	struct hec_config config = fixture_config();

	fixture_start(&f, &config, 4);
	client = fixture_client(&f, 0);
	guest = test_memory(sizeof(*guest));
	ck_assert_uint_eq(call(HEC_CMD_HELLO, HEC_ABI_VERSION,
			       HEC_FEATURE_BATCH, 0),
			  HEC_FEATURE_BATCH);
}

static void end(void)
{
	ck_assert_uint_eq(guest->nr_mapped, 0);
	fixture_end_client(&f, client);
	free(guest);
}

static uint64_t new_pool(void)
{
	uint64_t handle = call(HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0);

	ck_assert(!hec_abi_is_err(handle));
	ck_assert_uint_ne(handle, 0);
	return handle;
}

START_TEST(a_page_goes_and_comes)
{
	uint64_t pool = new_pool();

	page_fill(guest->page[3], 77);
	ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 9, 3), 0);
	memset(guest->page[3], 0, HEC_PAGE_SIZE);
	ck_assert_uint_eq(call(HEC_CMD_GET, pool, 9, 4), 0);
	ck_assert(page_holds(guest->page[4], 77));
	ck_assert_uint_eq(call(HEC_CMD_GET, pool, 9, 4), (uint64_t)HEC_ENOENT);
}
END_TEST

/* A VM that is no client yet makes its first calls. */
static uint64_t first_call(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3)
{
	const uint64_t arg[4] = { a0, a1, a2, a3 };

	return hec_guest_call(f.cache, NULL, guest, arg);
}

START_TEST(only_a_good_hello_makes_a_client)
{
	uint64_t command;

	for (command = 0; command <= HEC_CMD_LAST + 1; command++)
		if (command != HEC_CMD_HELLO)
			ck_assert_uint_eq(first_call(command, 0, 0, 0),
					  (uint64_t)HEC_ESTALE);
	ck_assert_uint_eq(first_call(HEC_CMD_HELLO, HEC_ABI_VERSION + 1, 0, 0),
			  (uint64_t)HEC_EVERSION);
	ck_assert_uint_eq(first_call(HEC_CMD_HELLO, HEC_ABI_VERSION, 1ull << 9,
				     0),
			  (uint64_t)HEC_EVERSION);
	ck_assert_uint_eq(first_call(HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 1),
			  (uint64_t)HEC_EINVAL);
	ck_assert_uint_eq(first_call(HEC_CMD_HELLO | 1 << 8, HEC_ABI_VERSION, 0,
				     0),
			  (uint64_t)HEC_EINVAL);
	ck_assert_uint_eq(guest->nr_admissions, 0);
	ck_assert_uint_eq(first_call(HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0),
			  (uint64_t)HEC_EPERM);
	ck_assert_uint_eq(guest->nr_admissions, 1);
	guest->admitted = client;
	ck_assert_uint_eq(first_call(HEC_CMD_HELLO, HEC_ABI_VERSION,
				     HEC_FEATURE_BATCH, 0),
			  HEC_FEATURE_BATCH);
	new_pool();
}
END_TEST

START_TEST(hello_is_checked_and_ends_all_pools)
{
	uint64_t pool = new_pool(), other = new_pool();

	page_fill(guest->page[3], 1);
	ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 9, 3), 0);
	ck_assert_uint_eq(call(HEC_CMD_HELLO, HEC_ABI_VERSION + 1, 0, 0),
			  (uint64_t)HEC_EVERSION);
	ck_assert_uint_eq(call(HEC_CMD_HELLO, HEC_ABI_VERSION, 1ull << 63, 0),
			  (uint64_t)HEC_EVERSION);
	ck_assert_uint_eq(call(HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 1),
			  (uint64_t)HEC_EINVAL);
	ck_assert_uint_eq(call(HEC_CMD_GET, pool, 9, 3), 0);
	ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 9, 3), 0);
	ck_assert_uint_eq(call(HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0), 0);
	ck_assert_uint_eq(call(HEC_CMD_GET, pool, 9, 3), (uint64_t)HEC_ESTALE);
	ck_assert_uint_eq(call(HEC_CMD_PUT, other, 9, 3), (uint64_t)HEC_ESTALE);
}
END_TEST

/* What one client had is not the next one's, which has its place in the tables. */
START_TEST(a_new_client_inherits_nothing)
{
	struct hec_client *before = client;
	struct hec_stats s;
	uint64_t pool = new_pool();

	page_fill(guest->page[3], 1);
	ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 9, 3), 0);
	ck_assert_uint_eq(call(HEC_CMD_GET, pool, 8, 3), (uint64_t)HEC_ENOENT);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH, pool, 9, 0), 0);
	ck_assert_uint_eq(call(HEC_CMD_HELLO, HEC_ABI_VERSION,
			       HEC_FEATURE_UNASKED, 0),
			  HEC_FEATURE_UNASKED);
	call(HEC_CMD_FLUSH, pool, 9, 1ull << HEC_ABI_UNASKED_SHIFT);
	ck_assert_uint_eq(fixture_stats(&f, client).unasked, 1);
	hec_client_freeze(f.cache, client, true);
	ck_assert_int_eq(hec_client_destroy(f.cache, client, 0), 0);
	client = fixture_client(&f, 0);
	ck_assert_ptr_eq(client, before);
	ck_assert(!hec_client_is_frozen(f.cache, client));
	s = fixture_stats(&f, client);
	ck_assert_uint_eq(s.puts + s.hits + s.misses + s.flushes + s.pages, 0);
	ck_assert_uint_eq(s.puts_refused + s.evictions + s.rollbacks, 0);
	ck_assert_uint_eq(s.unasked, 0);
	/* It has said no HELLO: batches are not its to use. */
	ck_assert_uint_eq(call(HEC_CMD_BATCH_GET, new_pool(), 0, 0),
			  (uint64_t)HEC_ENOSYS);
}
END_TEST

START_TEST(handles_are_secret_and_never_come_again)
{
	uint64_t seen[200];
	int i, j;

	for (i = 0; i < 200; i++) {
		seen[i] = new_pool();
		for (j = 0; j < i; j++)
			ck_assert_uint_ne(seen[i], seen[j]);
		ck_assert_uint_eq(call(HEC_CMD_POOL_END, seen[i], 0, 0), 0);
		ck_assert_uint_eq(call(HEC_CMD_PUT, seen[i], 0, 1),
				  (uint64_t)HEC_ESTALE);
	}
	for (j = 0; j < 100000; j++)
		ck_assert_uint_eq(call(HEC_CMD_FLUSH, (uint64_t)j, 0, 0),
				  (uint64_t)HEC_ESTALE);
}
END_TEST

START_TEST(bad_frames_are_errors_and_leave_nothing_older)
{
	static const struct {
		uint64_t gfn;
		int put, get;
	} frames[] = { { 10, HEC_EFAULT, HEC_EFAULT },
		       { 11, HEC_OK, HEC_EFAULT },
		       { 12, HEC_EAGAIN, HEC_OK },
		       { GUEST_FRAMES, HEC_EFAULT, HEC_EFAULT },
		       { ~0ull, HEC_EFAULT, HEC_EFAULT } };
	uint64_t pool = new_pool();
	size_t i;

	for (i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		guest->kind[10] = GUEST_HOLE;
		guest->kind[11] = GUEST_READ_ONLY;
		guest->kind[12] = GUEST_ABSENT;
		page_fill(guest->page[1], i);
		ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 9, 1), 0);
		ck_assert_uint_eq(call(HEC_CMD_GET, pool, 9, frames[i].gfn),
				  (uint64_t)frames[i].get);
		if (frames[i].get) /* copy out, then unlink: it is still there */
			ck_assert_uint_eq(call(HEC_CMD_GET, pool, 9, 2), 0);
		guest->kind[12] = GUEST_ABSENT;
		ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 9, 1), 0);
		ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 9, frames[i].gfn),
				  (uint64_t)frames[i].put);
		ck_assert_uint_eq(call(HEC_CMD_GET, pool, 9, 2),
				  frames[i].put ? (uint64_t)HEC_ENOENT : 0);
	}
}
END_TEST

START_TEST(fields_that_a_command_does_not_use_are_zero)
{
	uint64_t pool = new_pool();
	uint64_t inval = (uint64_t)HEC_EINVAL, seq = 1ull << HEC_ABI_SEQ_SHIFT;

	ck_assert_uint_eq(call(HEC_CMD_POOL_NEW, 1, 0, 0), inval);
	ck_assert_uint_eq(call(HEC_CMD_POOL_NEW, 0, 0, 1), inval);
	ck_assert_uint_eq(call(HEC_CMD_POOL_NEW, 0, 1ull << 32, 0), inval);
	ck_assert_uint_eq(call(HEC_CMD_POOL_END, pool, 1, 0), inval);
	ck_assert_uint_eq(call(HEC_CMD_POOL_END, pool, 0, 1), inval);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH, pool, 0, 1), inval);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH_POOL, pool, 1, 0), inval);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH_POOL, pool, 0, 1), inval);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH | seq, pool, 0, 0), inval);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH | 1 << 8, pool, 0, 0), inval);
	ck_assert_uint_eq(call(HEC_CMD_PUT, pool, HEC_MAX_INDEX + 1, 1), inval);
	ck_assert_uint_eq(call(HEC_CMD_GET, pool, HEC_MAX_INDEX + 1, 1), inval);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH, pool, ~0ull, 0), inval);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH_RANGE, pool, HEC_MAX_INDEX,
			       HEC_ABI_RANGE_MAX),
			  0);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH_RANGE, pool, 0,
			       HEC_ABI_RANGE_MAX + 1),
			  inval);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH_RANGE, pool, ~0ull, 1), inval);
	ck_assert_uint_eq(call(0, 0, 0, 0), (uint64_t)HEC_ENOSYS);
	ck_assert_uint_eq(call(0xff, 0, 0, 0), (uint64_t)HEC_ENOSYS);
}
END_TEST

START_TEST(stale_handles_are_stale_in_every_command)
{
	static const uint64_t commands[] = {
		HEC_CMD_POOL_END, HEC_CMD_PUT,	      HEC_CMD_GET,
		HEC_CMD_FLUSH,	  HEC_CMD_FLUSH_POOL, HEC_CMD_FLUSH_RANGE,
	};
	uint64_t pool = new_pool();
	size_t i;

	ck_assert_uint_eq(call(HEC_CMD_POOL_END, pool, 0, 0), 0);
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		ck_assert_uint_eq(call(commands[i], pool, 0, 0),
				  (uint64_t)HEC_ESTALE);
	ck_assert_uint_eq(call(HEC_CMD_BATCH_GET, pool, 0, 1),
			  (uint64_t)HEC_ESTALE);
}
END_TEST

START_TEST(flushes_drop_what_they_name)
{
	uint64_t pool = new_pool(), i;

	for (i = 0; i < 10; i++)
		ck_assert_uint_eq(call(HEC_CMD_PUT, pool, i, 1), 0);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH, pool, 0, 0), 0);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH_RANGE, pool, 2, 3), 0);
	for (i = 0; i < 10; i++)
		ck_assert_uint_eq(
			call(HEC_CMD_GET, pool, i, 2),
			i == 0 || (i >= 2 && i < 5) ? (uint64_t)HEC_ENOENT : 0);
	ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 1, 1), 0);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH_POOL, pool, 0, 0), 0);
	ck_assert_uint_eq(call(HEC_CMD_GET, pool, 1, 2), (uint64_t)HEC_ENOENT);
}
END_TEST

START_TEST(a_batch_is_many_calls)
{
	struct hec_abi_desc *desc = (struct hec_abi_desc *)guest->page[0];
	uint64_t pool = new_pool(), i;

	for (i = 0; i < 8; i++) {
		page_fill(guest->page[1 + i], i);
		desc[i].object = i % 2;
		desc[i].index = 100 + i;
		desc[i].gfn = 1 + i;
		desc[i].status = 99;
	}
	desc[6].reserved = 1;
	desc[7].gfn = GUEST_FRAMES;
	ck_assert_uint_eq(call(HEC_CMD_BATCH_PUT, pool, 0, 8), 0);
	for (i = 0; i < 8; i++)
		ck_assert_int_eq(desc[i].status, i == 7	  ? HEC_EFAULT
						 : i == 6 ? HEC_EINVAL
							  : 0);
	/* A put only reads the guest's frame. */
	guest->kind[1] = GUEST_READ_ONLY;
	ck_assert_uint_eq(call(HEC_CMD_BATCH_PUT, pool, 0, 1), 0);
	ck_assert_int_eq(desc[0].status, 0);
	guest->kind[1] = GUEST_RAM;
	desc[6].reserved = 0;
	desc[6].index = HEC_MAX_INDEX + 1;
	ck_assert_uint_eq(call(HEC_CMD_BATCH_PUT, pool, 0, 7), 0);
	ck_assert_int_eq(desc[6].status, HEC_EINVAL);
	desc[6].index = 106;
	desc[7].gfn = 8;
	memset(guest->page[1], 0, 8 * HEC_PAGE_SIZE);
	ck_assert_uint_eq(call(HEC_CMD_BATCH_GET, pool, 0, 8), 0);
	for (i = 0; i < 8; i++) {
		ck_assert_int_eq(desc[i].status, i < 6 ? 0 : HEC_ENOENT);
		ck_assert_int_eq(page_holds(guest->page[1 + i], i), i < 6);
	}
}
END_TEST

/* A key put twice in a batch, once from a frame that there is not. */
START_TEST(a_failed_put_in_a_batch_leaves_nothing_older)
{
	struct hec_abi_desc *desc = (struct hec_abi_desc *)guest->page[0];
	uint64_t pool = new_pool();
	int bad;

	for (bad = 0; bad < 2; bad++) {
		memset(desc, 0, HEC_PAGE_SIZE);
		desc[bad].gfn = GUEST_FRAMES;
		desc[1 - bad].gfn = 1;
		ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 0, 2), 0);
		ck_assert_uint_eq(call(HEC_CMD_BATCH_PUT, pool, 0, 2), 0);
		ck_assert_int_eq(desc[bad].status, HEC_EFAULT);
		ck_assert_int_eq(desc[1 - bad].status, 0);
		ck_assert_uint_eq(call(HEC_CMD_GET, pool, 0, 2),
				  bad ? (uint64_t)HEC_ENOENT : 0);
	}
}
END_TEST

START_TEST(a_bad_descriptor_of_a_put_leaves_nothing_older)
{
	struct hec_abi_desc *desc = (struct hec_abi_desc *)guest->page[0];
	uint64_t pool = new_pool();

	ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 9, 2), 0);
	memset(desc, 0, HEC_PAGE_SIZE);
	desc[0].index = 9;
	desc[0].gfn = 1;
	desc[0].reserved = 1;
	ck_assert_uint_eq(call(HEC_CMD_BATCH_PUT, pool, 0, 1), 0);
	ck_assert_int_eq(desc[0].status, HEC_EINVAL);
	ck_assert_uint_eq(call(HEC_CMD_GET, pool, 9, 2), (uint64_t)HEC_ENOENT);
}
END_TEST

/* What may be found under a key: the last that was put, or nothing. */
#define MODEL_KEYS 24
struct model {
	uint64_t seed[MODEL_KEYS];
	bool there[MODEL_KEYS];
	uint64_t hits;
};

/* Descriptors of random keys, for frames that are random but one each. */
static uint32_t random_batch(struct xorshift *random, struct hec_abi_desc *desc)
{
	uint32_t nr = 1 + (uint32_t)random_below(random, GUEST_FRAMES - 1), i;

	for (i = 0; i < nr; i++) {
		desc[i].object = 0;
		desc[i].index = random_below(random, MODEL_KEYS);
		desc[i].gfn = 1 + i;
		desc[i].reserved = random_below(random, 16) == 0;
		guest->kind[1 + i] = GUEST_RAM;
		if (random_below(random, 8) == 0)
			guest->kind[1 + i] =
				(enum guest_frame)random_below(random, 4);
	}
	return nr;
}

static void model_puts(struct model *model, struct xorshift *random,
		       uint64_t pool)
{
	struct hec_abi_desc *desc = (struct hec_abi_desc *)guest->page[0];
	uint32_t nr = random_batch(random, desc), i;
	uint64_t seed[GUEST_FRAMES];

	for (i = 0; i < nr; i++) {
		seed[i] = random_next(random);
		page_fill(guest->page[1 + i], seed[i]);
	}
	ck_assert_uint_eq(call(HEC_CMD_BATCH_PUT, pool, 0, nr), 0);
	for (i = 0; i < nr; i++) {
		model->there[desc[i].index] = desc[i].status == HEC_OK;
		model->seed[desc[i].index] = seed[i];
	}
}

static void model_gets(struct model *model, struct xorshift *random,
		       uint64_t pool)
{
	struct hec_abi_desc *desc = (struct hec_abi_desc *)guest->page[0];
	uint32_t nr = random_batch(random, desc), i;

	ck_assert_uint_eq(call(HEC_CMD_BATCH_GET, pool, 0, nr), 0);
	for (i = 0; i < nr; i++) {
		uint64_t key = desc[i].index;

		if (desc[i].status)
			continue;
		ck_assert(model->there[key]);
		ck_assert(page_holds(guest->page[1 + i], model->seed[key]));
		model->there[key] = false;
		model->hits++;
	}
}

START_TEST(batches_give_what_was_put_last_or_nothing)
{
	struct xorshift random = { test_seed("batches") };
	struct model model = { 0 };
	uint64_t pool = new_pool(), i, rounds = 3000 * test_scale();

	for (i = 0; i < rounds; i++) {
		if (random_below(&random, 2))
			model_puts(&model, &random, pool);
		else
			model_gets(&model, &random, pool);
		ck_assert_int_eq(hec_audit(f.cache), 0);
	}
	ck_assert_uint_gt(model.hits, rounds);
}
END_TEST

START_TEST(batches_are_checked)
{
	uint64_t pool = new_pool();

	guest->kind[10] = GUEST_READ_ONLY;
	ck_assert_uint_eq(call(HEC_CMD_BATCH_GET, pool, 0, 0),
			  (uint64_t)HEC_EINVAL);
	ck_assert_uint_eq(call(HEC_CMD_BATCH_PUT, pool, 0,
			       HEC_ABI_BATCH_MAX + 1),
			  (uint64_t)HEC_EINVAL);
	ck_assert_uint_eq(call(HEC_CMD_BATCH_PUT, pool, 10, 1),
			  (uint64_t)HEC_EFAULT);
	ck_assert_uint_eq(call(HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0), 0);
	ck_assert_uint_eq(call(HEC_CMD_BATCH_PUT, new_pool(), 0, 1),
			  (uint64_t)HEC_ENOSYS);
}
END_TEST

/* A descriptor page that is itself the destination of a get. */
START_TEST(a_batch_may_overwrite_itself)
{
	struct hec_abi_desc *desc = (struct hec_abi_desc *)guest->page[0];
	uint64_t pool = new_pool();

	page_fill(guest->page[1], 5);
	ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 1, 1), 0);
	memset(desc, 0, HEC_PAGE_SIZE);
	desc[0].index = 1;
	desc[0].gfn = 0;
	ck_assert_uint_eq(call(HEC_CMD_BATCH_GET, pool, 0, HEC_ABI_BATCH_MAX),
			  0);
}
END_TEST

static uint64_t numbered(uint64_t number, uint64_t a0, uint64_t a1, uint64_t a2,
			 uint64_t a3)
{
	return call(number << HEC_ABI_SEQ_SHIFT | a0, a1, a2, a3);
}

/* What was put after the snapshot is what the disk has not. */
START_TEST(a_reverted_vm_gets_nothing_and_starts_over)
{
	const uint64_t features = HEC_FEATURE_BATCH | HEC_FEATURE_SEQUENCE;
	uint64_t pool, i;

	ck_assert_uint_eq(numbered(7, HEC_CMD_HELLO, HEC_ABI_VERSION, features,
				   0),
			  features);
	pool = numbered(8, HEC_CMD_POOL_NEW, 0, 0, 0);
	ck_assert(!hec_abi_is_err(pool));
	ck_assert_uint_eq(numbered(10, HEC_CMD_PUT, pool, 1, 1), 0);
	ck_assert_uint_eq(numbered(9, HEC_CMD_PUT, pool, 2, 1), 0);
	ck_assert_uint_eq(numbered(11, HEC_CMD_GET, pool, 1, 2), 0);
	/* To the moment after call 10. */
	ck_assert_uint_eq(numbered(11, HEC_CMD_GET, pool, 2, 2),
			  (uint64_t)HEC_ESTALE);
	ck_assert_uint_eq(fixture_stats(&f, client).pages, 0);
	ck_assert_uint_eq(fixture_stats(&f, client).pools, 0);
	for (i = HEC_CMD_POOL_NEW; i <= HEC_CMD_BATCH_GET + 1; i++)
		ck_assert_uint_eq(numbered(20 + i, i, pool, 0, 0),
				  (uint64_t)HEC_ESTALE);
	ck_assert_uint_eq(fixture_stats(&f, client).rollbacks, 1);
	ck_assert_uint_eq(numbered(1, HEC_CMD_HELLO, HEC_ABI_VERSION, features,
				   0),
			  features);
	pool = numbered(2, HEC_CMD_POOL_NEW, 0, 0, 0);
	ck_assert_uint_eq(numbered(3, HEC_CMD_PUT, pool, 2, 1), 0);
	hec_client_reset_stats(f.cache, client);
	ck_assert_uint_eq(fixture_stats(&f, client).rollbacks, 0);
	ck_assert_uint_eq(numbered(4, HEC_CMD_GET, pool, 2, 2), 0);
}
END_TEST

START_TEST(numbers_are_for_who_asked_for_them)
{
	ck_assert_uint_eq(numbered(1, HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0),
			  (uint64_t)HEC_EINVAL);
	ck_assert_uint_eq(numbered(1, HEC_CMD_POOL_NEW, 0, 0, 0),
			  (uint64_t)HEC_EINVAL);
	ck_assert_uint_eq(call(HEC_CMD_HELLO, HEC_ABI_VERSION,
			       HEC_FEATURE_SEQUENCE, 0),
			  HEC_FEATURE_SEQUENCE);
	ck_assert_uint_eq(numbered(1, HEC_CMD_FLUSH | 1 << 8, 0, 0, 0),
			  (uint64_t)HEC_EINVAL);
	ck_assert_uint_eq(call(HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0), 0);
	ck_assert(!hec_abi_is_err(call(HEC_CMD_POOL_NEW, 0, 0, 0)));
	ck_assert_uint_eq(fixture_stats(&f, client).rollbacks, 0);
}
END_TEST

/* Of several mistakes the earlier in SPEC.md's table is the answer. */
START_TEST(a_stale_handle_comes_first)
{
	const uint64_t stale = (uint64_t)HEC_ESTALE, none = new_pool() + 1;
	const uint64_t beyond = HEC_MAX_INDEX + 1;

	ck_assert_uint_eq(call(HEC_CMD_PUT, none, 1, GUEST_FRAMES), stale);
	ck_assert_uint_eq(call(HEC_CMD_PUT, none, beyond, 1), stale);
	ck_assert_uint_eq(call(HEC_CMD_GET, none, 1, GUEST_FRAMES), stale);
	ck_assert_uint_eq(call(HEC_CMD_GET, none, beyond, 1), stale);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH, none, beyond, 0), stale);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH_RANGE, none, beyond, 1), stale);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH_RANGE, none, 1,
			       HEC_ABI_RANGE_MAX + 1),
			  stale);
}
END_TEST

/* Each call but HELLO may say how many pages were not asked for. */
START_TEST(pages_not_asked_for_are_counted)
{
	const uint64_t inval = (uint64_t)HEC_EINVAL, one = 1ull << 48;
	struct hec_abi_desc *desc = (struct hec_abi_desc *)guest->page[0];
	uint64_t pool = new_pool(), many = 0xffffull << 48;

	/* Without the feature these bits are what they were. */
	ck_assert_uint_eq(call(HEC_CMD_FLUSH, pool, 1, one), inval);
	ck_assert_uint_eq(call(HEC_CMD_GET, pool, 1, one | 3),
			  (uint64_t)HEC_ENOENT);
	ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 1, one | 3),
			  (uint64_t)HEC_EFAULT);
	ck_assert_uint_eq(call(HEC_CMD_HELLO, HEC_ABI_VERSION,
			       HEC_FEATURE_UNASKED, one),
			  inval);
	ck_assert_uint_eq(fixture_stats(&f, client).unasked, 0);

	ck_assert_uint_eq(call(HEC_CMD_HELLO, HEC_ABI_VERSION,
			       HEC_FEATURE_UNASKED | HEC_FEATURE_BATCH, 0),
			  HEC_FEATURE_UNASKED | HEC_FEATURE_BATCH);
	pool = call(HEC_CMD_POOL_NEW, 0, 0, one);
	ck_assert(!hec_abi_is_err(pool));
	page_fill(guest->page[3], 5);
	ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 1, many | 3), 0);
	ck_assert_uint_eq(call(HEC_CMD_PUT, pool, 2, 3), 0);
	memset(guest->page[4], 0, HEC_PAGE_SIZE);
	ck_assert_uint_eq(call(HEC_CMD_GET, pool, 1, 2 * one | 4), 0);
	ck_assert(page_holds(guest->page[4], 5));
	ck_assert_uint_eq(call(HEC_CMD_FLUSH, pool, 2, one), 0);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH_RANGE, pool, 2, one | 7), 0);
	ck_assert_uint_eq(call(HEC_CMD_FLUSH_POOL, pool, 0, one), 0);
	desc[0] = (struct hec_abi_desc){ .index = 9, .gfn = 3 };
	ck_assert_uint_eq(call(HEC_CMD_BATCH_PUT, pool, 0, one | 1), 0);
	ck_assert_int_eq(desc[0].status, 0);
	ck_assert_uint_eq(call(HEC_CMD_BATCH_GET, pool, 0, one | 1), 0);
	ck_assert_uint_eq(call(HEC_CMD_POOL_END, pool, 0, one), 0);
	ck_assert_uint_eq(fixture_stats(&f, client).unasked,
			  0xffff + 1 + 2 + 3 + 2 + 1);
	/* What is counted is no page of the cache's. */
	ck_assert_uint_eq(fixture_stats(&f, client).misses, 1);
	hec_client_reset_stats(f.cache, client);
	ck_assert_uint_eq(fixture_stats(&f, client).unasked, 0);
}
END_TEST

START_TEST(absence_is_told_from_our_errors)
{
	ck_assert(hec_abi_absent((uint64_t)-1000));
	ck_assert(hec_abi_absent((uint64_t)-38));
	ck_assert(hec_abi_absent((uint64_t)-1));
	ck_assert(!hec_abi_absent((uint64_t)HEC_ENOENT));
	ck_assert(!hec_abi_absent((uint64_t)HEC_EIO));
	ck_assert(!hec_abi_absent(0));
	ck_assert(!hec_abi_absent(12345));
}
END_TEST

START_TEST(random_words_break_nothing)
{
	struct xorshift random = { test_seed("guest") };
	uint64_t pools[2] = { new_pool(), new_pool() };
	uint64_t i, rounds = 100000 * test_scale();

	for (i = 0; i < rounds; i++) {
		uint64_t a[4] = { random_below(&random, 14),
				  pools[random_below(&random, 2)],
				  random_below(&random, 70),
				  random_below(&random, 70) };
		uint64_t result;

		if (random_below(&random, 8) == 0)
			a[random_below(&random, 4)] = random_next(&random);
		guest->kind[random_below(&random, GUEST_FRAMES)] =
			(enum guest_frame)random_below(&random, 4);
		result = call(a[0], a[1], a[2], a[3]);
		if (a[0] == HEC_CMD_POOL_NEW && !hec_abi_is_err(result))
			pools[random_below(&random, 2)] = result;
		ck_assert(!hec_abi_absent(result));
		if (i % 1000 == 0)
			ck_assert_int_eq(hec_audit(f.cache), 0);
	}
}
END_TEST

Suite *guest_suite(void)
{
	const TTest *const tests[] = {
		a_page_goes_and_comes,
		only_a_good_hello_makes_a_client,
		hello_is_checked_and_ends_all_pools,
		a_new_client_inherits_nothing,
		handles_are_secret_and_never_come_again,
		bad_frames_are_errors_and_leave_nothing_older,
		fields_that_a_command_does_not_use_are_zero,
		stale_handles_are_stale_in_every_command,
		flushes_drop_what_they_name,
		a_batch_is_many_calls,
		a_failed_put_in_a_batch_leaves_nothing_older,
		a_bad_descriptor_of_a_put_leaves_nothing_older,
		batches_give_what_was_put_last_or_nothing,
		batches_are_checked,
		a_batch_may_overwrite_itself,
		a_reverted_vm_gets_nothing_and_starts_over,
		numbers_are_for_who_asked_for_them,
		a_stale_handle_comes_first,
		pages_not_asked_for_are_counted,
		absence_is_told_from_our_errors,
		random_words_break_nothing,
		NULL,
	};

	return suite_of("guest", start, end, tests);
}
