/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calls that drop or move many pages by design, and numbers that skip: as much as
 * each of them may do.
 */
#include "suites.h"

#define PAGES (1u << 16)

static void drops_start(struct scene *s, struct vm *vm, enum hec_pool_kind kind)
{
	struct hec_client_config terms = { .guaranteed_pages = PAGES };
	struct hec_config config = scene_config(PAGES);

	scene_start(s, &config, config.max_chunks);
	*vm = vm_start(s, &terms, kind);
}

static void drops_end(struct scene *s, struct vm *vm)
{
	vm_end(vm);
	scene_end(s);
}

/* Every page has an object of its own, as long as there are records for them. */
static void put_objects(struct vm *vm)
{
	uint64_t i;

	for (i = 0; i < PAGES; i++)
		hec_put(vm->s->cache, vm->client, vm->pool, 1 + i, i,
			vm->guest->page[FRAME_OF_DATA]);
}

static void drop_by(uint64_t command, uint64_t a3, enum bounded bound)
{
	struct work work = { 0 };
	struct scene s;
	struct vm vm;

	drops_start(&s, &vm, HEC_POOL_EPHEMERAL);
	vm_put_many(&vm, 0, PAGES, FRAME_OF_DATA);
	vm_count(&vm, &work, command, vm.handle, 0, a3);
	verdict(&s, "65536 pages", &work, bound);
	drops_end(&s, &vm);
	drops_start(&s, &vm, HEC_POOL_EPHEMERAL);
	put_objects(&vm);
	vm_count(&vm, &work, command, vm.handle, 0, a3);
	verdict(&s, "as many objects as there can be", &work, bound);
	drops_end(&s, &vm);
}

START_TEST(a_range_of_the_most_pages_is_flushed)
{
	drop_by(HEC_CMD_FLUSH_RANGE, HEC_ABI_RANGE_MAX, BOUND_FLUSH_RANGE);
}
END_TEST

START_TEST(a_pool_is_flushed_in_parts)
{
	drop_by(HEC_CMD_FLUSH_POOL, 0, BOUND_FLUSH_POOL);
}
END_TEST

START_TEST(a_pool_ends_in_parts)
{
	drop_by(HEC_CMD_POOL_END, 0, BOUND_POOL_END);
}
END_TEST

START_TEST(hello_drops_pages_in_parts)
{
	struct work work = { 0 };
	struct scene s;
	struct vm vm;

	drops_start(&s, &vm, HEC_POOL_EPHEMERAL);
	vm_put_many(&vm, 0, PAGES, FRAME_OF_DATA);
	vm_count(&vm, &work, HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0);
	verdict(&s, "65536 pages", &work, BOUND_HELLO);
	drops_end(&s, &vm);
}
END_TEST

/* Content is kept and verified; each page has an object, each victim one too. */
START_TEST(a_batch_is_so_many_single_calls)
{
	struct hec_config config = scene_config(1u << 12);
	struct hec_client_config terms = { 0 };
	struct work work = { 0 };
	struct scene s;
	struct vm vm;
	uint64_t i;

	config.content = HEC_CONTENT_VERIFIED;
	scene_start(&s, &config, config.max_chunks);
	vm = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	for (i = 1; i < 1u << 13; i += HEC_ABI_BATCH_MAX) {
		uint64_t frame = FRAME_OF_ZEROES +
				 i / HEC_ABI_BATCH_MAX % 2; /* or of data */

		vm_describe(&vm, i, frame);
		vm_count(&vm, &work, HEC_CMD_BATCH_PUT, vm.handle,
			 FRAME_OF_DESCRIPTORS, HEC_ABI_BATCH_MAX);
	}
	for (i = 1; i < 1u << 13; i += HEC_ABI_BATCH_MAX) {
		vm_describe(&vm, i, 0);
		vm_count(&vm, &work, HEC_CMD_BATCH_GET, vm.handle,
			 FRAME_OF_DESCRIPTORS, HEC_ABI_BATCH_MAX);
	}
	verdict(&s, "64 objects", &work, BOUND_BATCH);
	vm_end(&vm);
	scene_end(&s);
}
END_TEST

/* As many numbers are skipped as may be; then one is used twice. */
START_TEST(numbers_that_skip_take_few_steps)
{
	struct work skip = { 0 }, again = { 0 };
	uint64_t number = 0;
	struct scene s;
	struct vm vm;
	int i;

	drops_start(&s, &vm, HEC_POOL_EPHEMERAL);
	vm_call(&vm, HEC_CMD_HELLO, HEC_ABI_VERSION, HEC_FEATURE_SEQUENCE, 0);
	for (i = 0; i < 4; i++) {
		number += 4096;
		vm_count(&vm, &skip, HEC_CMD_GET | number << HEC_ABI_SEQ_SHIFT,
			 vm.handle, 0, 0);
	}
	vm_count(&vm, &again, HEC_CMD_GET | number << HEC_ABI_SEQ_SHIFT,
		 vm.handle, 0, 0);
	verdict(&s, "4096 numbers", &skip, BOUND_SKIP);
	verdict(&s, "a number used twice", &again, BOUND_HELLO);
	drops_end(&s, &vm);
}
END_TEST

/* What the host drops may take long, but no lock is held for long. */
START_TEST(an_object_is_flushed_in_parts)
{
	struct work work = { 0 };
	struct scene s;
	struct vm vm;

	drops_start(&s, &vm, HEC_POOL_EPHEMERAL);
	vm_put_many(&vm, 0, PAGES, FRAME_OF_DATA);
	work_begin(&work);
	hec_flush_object(s.cache, vm.client, vm.pool, 0);
	work_end(&work);
	ck_assert_uint_eq(vm_stats(&vm).pages, 0);
	verdict(&s, "an object of 65536 pages", &work, BOUND_BULK);
	drops_end(&s, &vm);
}
END_TEST

START_TEST(a_range_beyond_the_pool_is_flushed_in_parts)
{
	struct work work = { 0 };
	struct scene s;
	struct vm vm;

	drops_start(&s, &vm, HEC_POOL_EPHEMERAL);
	vm_put_many(&vm, 0, PAGES, FRAME_OF_DATA);
	work_begin(&work);
	hec_flush_range(s.cache, vm.client, vm.pool, 0, PAGES - 1, 1ull << 40);
	work_end(&work);
	ck_assert_uint_eq(vm_stats(&vm).pages, PAGES - 1);
	verdict(&s, "a range of 2^40", &work, BOUND_BULK);
	drops_end(&s, &vm);
}
END_TEST

START_TEST(a_client_is_flushed_in_parts)
{
	struct work work = { 0 };
	struct scene s;
	struct vm vm;

	drops_start(&s, &vm, HEC_POOL_EPHEMERAL);
	vm_put_many(&vm, 0, PAGES, FRAME_OF_DATA);
	work_begin(&work);
	ck_assert_int_eq(hec_client_flush(s.cache, vm.client, 0), 0);
	work_end(&work);
	ck_assert_uint_eq(vm_stats(&vm).pages, 0);
	verdict(&s, "a client of 65536 pages", &work, BOUND_BULK);
	drops_end(&s, &vm);
}
END_TEST

void drops_case(Suite *suite)
{
	const TTest *const tests[] = {
		a_range_of_the_most_pages_is_flushed,
		a_pool_is_flushed_in_parts,
		a_pool_ends_in_parts,
		hello_drops_pages_in_parts,
		a_batch_is_so_many_single_calls,
		numbers_that_skip_take_few_steps,
		an_object_is_flushed_in_parts,
		a_range_beyond_the_pool_is_flushed_in_parts,
		a_client_is_flushed_in_parts,
		NULL,
	};

	add_tests(suite, "drops", tests);
}
