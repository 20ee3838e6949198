// SPDX-License-Identifier: GPL-2.0-only
/* Handles: guessed, forged, foreign and stale ones open nothing. */
#include <stdlib.h>

#include "check.h"

#define GUESSES 2000
#define POOLS 1000
#define PAGES 32

static void guessed_handles(void)
{
	uint64_t pool, random = check_seed, i;
	struct vm *vm = check_vm(0, &pool);

	for (i = 0; i < GUESSES; i++)
		EXPECT_EQ(vm_get(vm, check_random(&random), 0, VM_DATA),
			  HEC_ESTALE);
	for (i = 0; i < 64; i++)
		EXPECT_EQ(vm_get(vm, pool ^ 1ull << i, 0, VM_DATA), HEC_ESTALE);
	for (i = 0; i < 300; i++)
		EXPECT_EQ(vm_get(vm, i, 0, VM_DATA), HEC_ESTALE);
	EXPECT_EQ(vm_get(vm, pool, 0, VM_DATA), HEC_ENOENT);
	vm_destroy(vm);
}

static void put_some(struct vm *vm, uint64_t pool)
{
	uint64_t i;

	for (i = 0; i < PAGES; i++) {
		check_fill(vm_page(vm, VM_DATA), i);
		EXPECT_EQ(vm_put(vm, pool, i, VM_DATA), HEC_OK);
	}
}

/* Tries all that a handle allows. */
static void expect_closed(struct vm *vm, uint64_t pool)
{
	static const uint64_t cmds[] = {
		HEC_CMD_PUT,	     HEC_CMD_GET,	 HEC_CMD_FLUSH,
		HEC_CMD_FLUSH_RANGE, HEC_CMD_FLUSH_POOL, HEC_CMD_POOL_END
	};
	size_t i;

	for (i = 0; i < sizeof(cmds) / sizeof(*cmds); i++) {
		uint64_t gfn = cmds[i] == HEC_CMD_PUT || cmds[i] == HEC_CMD_GET
				       ? VM_DATA
				       : 0;

		EXPECT_EQ(vm_call(vm, cmds[i], pool, 0, gfn), HEC_ESTALE);
	}
}

static void foreign_handles(void)
{
	uint64_t pool, other_pool, i;
	struct vm *vm = check_vm(0, &pool);
	struct vm *other = check_vm(0, &other_pool);

	put_some(vm, pool);
	check_fill(vm_page(other, VM_DATA), 1000);
	expect_closed(other, pool);
	EXPECT(check_filled(vm_page(other, VM_DATA), 1000));
	for (i = 0; i < PAGES; i++) {
		EXPECT_EQ(vm_get(other, other_pool, i, VM_DATA), HEC_ENOENT);
		EXPECT_EQ(vm_get(vm, pool, i, VM_DATA), HEC_OK);
		EXPECT(check_filled(vm_page(vm, VM_DATA), i));
	}
	vm_destroy(other);
	vm_destroy(vm);
}

static void stale_handles(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	put_some(vm, pool);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT_EQ(host_stat("pages"), 0);
	expect_closed(vm, pool);
	pool = vm_pool(vm);
	put_some(vm, pool);
	EXPECT(host_unload());
	EXPECT_EQ(vm_get(vm, pool, 0, VM_DATA), VM_ABSENT);
	EXPECT(host_load(CHECK_PARAMS));
	expect_closed(vm, pool);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	expect_closed(vm, pool);
	vm_destroy(vm);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void handles_are_not_reused(void)
{
	static uint64_t handle[POOLS];
	uint64_t pool, i;
	struct vm *vm = check_vm(0, &pool);

	for (i = 0; i < POOLS; i++) {
		handle[i] = vm_pool(vm);
		EXPECT(!hec_abi_is_err(handle[i]));
		EXPECT_EQ(vm_call(vm, HEC_CMD_POOL_END, handle[i], 0, 0),
			  HEC_OK);
	}
	qsort(handle, POOLS, sizeof(*handle), compare);
	for (i = 1; i < POOLS; i++)
		EXPECT(handle[i] != handle[i - 1]);
	vm_destroy(vm);
}

static void pools_are_limited(void)
{
	uint64_t pool, i;
	struct vm *vm = check_vm(0, &pool);
	struct vm *other;

	for (i = 1; i < 64; i++)
		EXPECT(!hec_abi_is_err(vm_pool(vm)));
	EXPECT_EQ(vm_pool(vm), HEC_EPERM);
	EXPECT_EQ(vm_pool(vm), HEC_EPERM);
	other = check_vm(0, &pool);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT(!hec_abi_is_err(vm_pool(vm)));
	vm_destroy(other);
	vm_destroy(vm);
}

const struct check secrecy_checks[] = {
	{ "guessed_handles", guessed_handles },
	{ "foreign_handles", foreign_handles },
	{ "stale_handles", stale_handles },
	{ "handles_are_not_reused", handles_are_not_reused },
	{ "pools_are_limited", pools_are_limited },
	{},
};
