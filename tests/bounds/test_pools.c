/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Pools and clients: tables that are full, lists that are long, and a HELLO that
 * others work against.
 */
#include "suites.h"

#define RIVALS 100000u /* pools made by others during one call */

#define CLIENTS 32u /* together they fill the largest table */
#define POOLS 1024u /* the most of a client */

/* A cache of one chunk and the largest table of pools; @vm is the first client. */
static void pools_start(struct scene *s, struct vm *vm)
{
	struct hec_client_config client = { .max_pools = POOLS };
	struct hec_config config = scene_config(512);

	config.max_pools = HEC_MAX_POOLS;
	config.max_clients = CLIENTS;
	scene_start(s, &config, 1);
	*vm = vm_start(s, &client, HEC_POOL_EPHEMERAL);
}

/* Makes pools until there are no more. */
static void make_pools(struct vm *vm, struct work *work)
{
	while (!hec_abi_is_err(
		vm_count(vm, work, HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0)))
		;
}

static void pools_end(struct scene *s, struct vm *vm)
{
	vm_end(vm);
	scene_end(s);
}

static uint64_t hello(struct vm *vm, struct work *work)
{
	return vm_count(vm, work, HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0);
}

struct pool_maker {
	struct vm *vm;
	uint32_t left;
};

static bool make_pool(void *arg)
{
	struct pool_maker *maker = arg;

	vm_pool_new(maker->vm, HEC_POOL_EPHEMERAL);
	return --maker->left;
}

/* Other vCPUs make a pool wherever the HELLO lets go of its locks. */
START_TEST(hello_ends_against_vcpus_that_make_pools)
{
	struct pool_maker maker = { .left = RIVALS };
	struct work work = { 0 };
	struct scene s;
	struct vm vm;

	pools_start(&s, &vm);
	maker.vm = &vm;
	work_against(make_pool, &maker);
	hello(&vm, &work);
	work_against(NULL, NULL);
	verdict(&s, "vCPUs make pools", &work, BOUND_HELLO);
	pools_end(&s, &vm);
}
END_TEST

START_TEST(hello_ends_many_empty_pools)
{
	struct work work = { 0 }, making = { 0 };
	struct scene s;
	struct vm vm;

	pools_start(&s, &vm);
	make_pools(&vm, &making);
	ck_assert_uint_ge(vm_stats(&vm).pools, HEC_MAX_POOLS / CLIENTS);
	while (hello(&vm, &work) == (uint64_t)HEC_EAGAIN)
		;
	ck_assert_uint_eq(vm_stats(&vm).pools, 0);
	verdict(&s, "a client's most pools, empty", &work, BOUND_HELLO);
	pools_end(&s, &vm);
}
END_TEST

/* Some clients find the table full, others have the most that one may have. */
START_TEST(a_pool_is_refused_at_once_where_the_table_is_full)
{
	struct hec_client_config client = { .max_pools = POOLS };
	struct work work = { 0 };
	struct vm vm[CLIENTS];
	struct hec_stats all;
	struct scene s;
	uint32_t i;

	pools_start(&s, &vm[0]);
	for (i = 1; i < CLIENTS; i++)
		vm[i] = vm_start(&s, &client, HEC_POOL_EPHEMERAL);
	for (i = 0; i < CLIENTS; i++)
		make_pools(&vm[i], &work);
	hec_cache_stats(s.cache, &all);
	ck_assert_uint_gt(all.pools, HEC_MAX_POOLS * 3 / 4);
	verdict(&s, "the largest table of pools", &work, BOUND_POOL_NEW);
	for (i = 1; i < CLIENTS; i++)
		vm_end(&vm[i]);
	pools_end(&s, &vm[0]);
}
END_TEST

START_TEST(the_oldest_of_many_pools_ends_at_once)
{
	struct work work = { 0 }, making = { 0 };
	struct scene s;
	struct vm vm;

	pools_start(&s, &vm);
	make_pools(&vm, &making);
	ck_assert_uint_eq(
		vm_count(&vm, &work, HEC_CMD_POOL_END, vm.handle, 0, 0), 0);
	verdict(&s, "the oldest of the most pools", &work, BOUND_POOL_END);
	pools_end(&s, &vm);
}
END_TEST

START_TEST(all_pools_are_told_each_at_once)
{
	struct work work = { 0 }, making = { 0 };
	uint64_t before = UINT64_MAX, nr = 0;
	struct hec_pool_info info;
	struct scene s;
	struct vm vm;
	int err;

	pools_start(&s, &vm);
	make_pools(&vm, &making);
	for (;;) {
		work_begin(&work);
		err = hec_pool_info(s.cache, vm.client, before, &info);
		work_end(&work);
		if (err)
			break;
		ck_assert_uint_lt(info.pool, before);
		before = info.pool;
		nr++;
	}
	ck_assert_uint_eq(nr, vm_stats(&vm).pools);
	verdict(&s, "a client's most pools", &work, BOUND_INFO);
	pools_end(&s, &vm);
}
END_TEST

/* The table of clients is full; then only its first place is in use. */
START_TEST(clients_come_and_go_at_once)
{
	struct hec_config config = scene_config(512);
	struct hec_client *client[HEC_MAX_CLIENTS], *one;
	struct work create = { 0 }, destroy = { 0 }, stats = { 0 };
	struct hec_client_config terms = { 0 };
	struct hec_stats sum;
	struct scene s;
	uint32_t i;

	config.max_clients = HEC_MAX_CLIENTS;
	scene_start(&s, &config, 1);
	for (i = 0; i < HEC_MAX_CLIENTS; i++) {
		work_begin(&create);
		hec_client_create(s.cache, &terms, &client[i]);
		work_end(&create);
	}
	work_begin(&create);
	ck_assert_int_eq(hec_client_create(s.cache, &terms, &one), HEC_ENOMEM);
	work_end(&create);
	work_begin(&stats);
	hec_cache_stats(s.cache, &sum);
	work_end(&stats);
	for (i = 1; i < HEC_MAX_CLIENTS; i++) {
		work_begin(&destroy);
		ck_assert_int_eq(hec_client_destroy(s.cache, client[i], 0), 0);
		work_end(&destroy);
	}
	verdict(&s, "1024 clients come", &create, BOUND_CREATE);
	verdict(&s, "1024 clients go", &destroy, BOUND_CREATE);
	verdict(&s, "1024 clients", &stats, BOUND_STATS);
	scene_end(&s);
}
END_TEST

void pools_case(Suite *suite)
{
	const TTest *const tests[] = {
		hello_ends_against_vcpus_that_make_pools,
		hello_ends_many_empty_pools,
		a_pool_is_refused_at_once_where_the_table_is_full,
		the_oldest_of_many_pools_ends_at_once,
		all_pools_are_told_each_at_once,
		clients_come_and_go_at_once,
		NULL,
	};

	add_tests(suite, "pools", tests);
}
