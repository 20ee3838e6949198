// SPDX-License-Identifier: GPL-2.0-only
/* The protocol: every command, its errors, and what it does to the pages. */
#include <string.h>

#include "check.h"

#define NR_PAGES 256

static void before_loading(void)
{
	struct vm *vm = vm_create();

	EXPECT_EQ(vm_hello(vm, 0), VM_ABSENT);
	EXPECT(hec_abi_absent(VM_ABSENT));
	EXPECT(host_load(CHECK_PARAMS));
	EXPECT_EQ(host_stat("frames"), 64 << 8);
	EXPECT_EQ(host_stat("clients"), 0);
	vm_destroy(vm);
}

static void other_numbers(void)
{
	static const uint64_t no_arg[4];
	struct vm *vm = vm_create();
	uint64_t calls = host_stat("calls");

	/* 1: KVM_HC_VAPIC_POLL_IRQ, which does nothing */
	EXPECT_EQ(vcpu_hypercall(&vm->vcpu[0], 1, no_arg), 0);
	EXPECT_EQ(vcpu_hypercall(&vm->vcpu[0], 0x1234, no_arg), VM_ABSENT);
	EXPECT_EQ(vcpu_hypercall(&vm->vcpu[0], HEC_KVM_HYPERCALL | 1ull << 32,
				 no_arg),
		  VM_ABSENT);
	EXPECT_EQ(host_stat("calls"), calls);
	vm_destroy(vm);
}

static void before_hello(void)
{
	struct vm *vm = vm_create();

	EXPECT_EQ(vm_pool(vm), HEC_ESTALE);
	EXPECT_EQ(vm_put(vm, 1, 2, VM_DATA), HEC_ESTALE);
	EXPECT_EQ(host_stat("clients"), 0);
	vm_destroy(vm);
	EXPECT(host_stat("error_estale") >= 2);
}

static void hello(void)
{
	struct vm *vm = vm_create();

	EXPECT_EQ(vm_call(vm, HEC_CMD_HELLO, 0, 0, 0), HEC_EVERSION);
	EXPECT_EQ(vm_call(vm, HEC_CMD_HELLO, HEC_ABI_VERSION + 1, 0, 0),
		  HEC_EVERSION);
	EXPECT_EQ(vm_call(vm, HEC_CMD_HELLO, HEC_ABI_VERSION | 1ull << 32, 0,
			  0),
		  HEC_EVERSION);
	EXPECT_EQ(vm_hello(vm, 1ull << 63), HEC_EVERSION);
	EXPECT_EQ(vm_call(vm, HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 1),
		  HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_HELLO | 1 << 8, HEC_ABI_VERSION, 0, 0),
		  HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_HELLO | 1ull << HEC_ABI_SEQ_SHIFT,
			  HEC_ABI_VERSION, 0, 0),
		  HEC_EINVAL);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT_EQ(vm_hello(vm, HEC_FEATURE_BATCH), HEC_FEATURE_BATCH);
	EXPECT_EQ(host_stat("clients"), 1);
	vm_destroy(vm);
}

/* Calls come in any order; one that comes twice is from a VM that was reverted. */
static void reversion(void)
{
	const uint64_t number = 1ull << HEC_ABI_SEQ_SHIFT;
	uint64_t rollbacks = host_stat("rollbacks"), pool;
	struct vm *vm = vm_create();

	check_fill(vm_page(vm, VM_DATA), 7);
	EXPECT_EQ(vm_hello(vm, HEC_FEATURE_SEQUENCE), HEC_FEATURE_SEQUENCE);
	pool = vm_call(vm, HEC_CMD_POOL_NEW | number, 0, 0, 0);
	EXPECT_EQ(vm_call(vm, HEC_CMD_PUT | 3 * number, pool, 7, VM_DATA),
		  HEC_OK);
	EXPECT_EQ(vm_call(vm, HEC_CMD_PUT | 2 * number, pool, 8, VM_DATA),
		  HEC_OK);
	EXPECT_EQ(host_stat("rollbacks"), rollbacks);
	EXPECT_EQ(vm_call(vm, HEC_CMD_GET | 2 * number, pool, 7, VM_DATA),
		  HEC_ESTALE);
	EXPECT_EQ(host_stat("rollbacks"), rollbacks + 1);
	EXPECT_EQ(host_stat("pages"), 0);
	EXPECT_EQ(vm_call(vm, HEC_CMD_GET | 4 * number, pool, 7, VM_DATA),
		  HEC_ESTALE);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT(!hec_abi_is_err(vm_pool(vm)));
	vm_destroy(vm);
}

/* A VM says how much it has not asked for; the host counts, and nothing else. */
static void not_asked_for(void)
{
	const uint64_t one = 1ull << HEC_ABI_UNASKED_SHIFT;
	uint64_t unasked = host_stat("unasked"), pool;
	struct vm *vm = check_vm(HEC_FEATURE_UNASKED, &pool);

	check_fill(vm_page(vm, VM_DATA), 7);
	EXPECT_EQ(vm_put(vm, pool, 7, 100 * one | VM_DATA), HEC_OK);
	EXPECT_EQ(vm_get(vm, pool, 7, one | VM_DATA), HEC_OK);
	EXPECT(check_filled(vm_page(vm, VM_DATA), 7));
	EXPECT_EQ(vm_get(vm, pool, 7, 0xffff * one | VM_DATA), HEC_ENOENT);
	EXPECT_EQ(vm_call(vm, HEC_CMD_FLUSH, pool, 7, one), HEC_OK);
	EXPECT_EQ(host_stat("unasked") - unasked, 100 + 1 + 0xffff + 1);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	pool = vm_pool(vm);
	EXPECT_EQ(vm_put(vm, pool, 7, one | VM_DATA), HEC_EFAULT);
	EXPECT_EQ(host_stat("unasked") - unasked, 100 + 1 + 0xffff + 1);
	vm_destroy(vm);
}

static void unknown_commands(void)
{
	uint64_t pool, cmd;
	struct vm *vm = check_vm(0, &pool);

	EXPECT_EQ(vm_call(vm, 0, pool, 0, VM_DATA), HEC_ENOSYS);
	for (cmd = HEC_CMD_BATCH_GET + 1; cmd < 256; cmd++)
		EXPECT_EQ(vm_call(vm, cmd, pool, 0, VM_DATA), HEC_ENOSYS);
	vm_destroy(vm);
}

static void unused_words(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	EXPECT_EQ(vm_call(vm, HEC_CMD_POOL_NEW, 1, 0, 0), HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_POOL_NEW, 0, 1000, 0), HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_POOL_NEW, 0, 1ull << 32, 0), HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_POOL_NEW, 0, 0, 1), HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_POOL_END, pool, 1, 0), HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_POOL_END, pool, 0, 1), HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_FLUSH, pool, 0, 1), HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_FLUSH_POOL, pool, 1, 0), HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_FLUSH_POOL, pool, 0, 1), HEC_EINVAL);
	EXPECT_EQ(vm_put(vm, pool, 1ull << 48, VM_DATA), HEC_EINVAL);
	EXPECT_EQ(vm_get(vm, pool, ~0ull, VM_DATA), HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_FLUSH_RANGE, pool, 0,
			  HEC_ABI_RANGE_MAX + 1),
		  HEC_EINVAL);
	vm_destroy(vm);
}

static void put_all(struct vm *vm, uint64_t pool)
{
	uint64_t i;

	for (i = 0; i < NR_PAGES; i++) {
		check_fill(vm_page(vm, VM_DATA), i);
		EXPECT_EQ(vm_put(vm, pool, i, VM_DATA), HEC_OK);
	}
}

static void expect_page(struct vm *vm, uint64_t pool, uint64_t index)
{
	memset(vm_page(vm, VM_DATA + 1), 0, PAGE);
	EXPECT_EQ(vm_get(vm, pool, index, VM_DATA + 1), HEC_OK);
	EXPECT(check_filled(vm_page(vm, VM_DATA + 1), index));
}

static void put_and_get(void)
{
	uint64_t pool, i;
	struct vm *vm = check_vm(0, &pool);

	put_all(vm, pool);
	EXPECT_EQ(host_stat("pages"), NR_PAGES);
	for (i = 0; i < NR_PAGES; i++)
		expect_page(vm, pool, i);
	for (i = 0; i < NR_PAGES; i++)
		EXPECT_EQ(vm_get(vm, pool, i, VM_DATA), HEC_ENOENT);
	EXPECT_EQ(host_stat("pages"), 0);
	EXPECT_EQ(host_stat("frames_charged"), 0);
	vm_destroy(vm);
}

static void put_replaces(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	check_fill(vm_page(vm, VM_DATA), 1000);
	EXPECT_EQ(vm_put(vm, pool, 7, VM_DATA), HEC_OK);
	check_fill(vm_page(vm, VM_DATA), 7);
	EXPECT_EQ(vm_put(vm, pool, 7, VM_DATA), HEC_OK);
	expect_page(vm, pool, 7);
	EXPECT_EQ(vm_get(vm, pool, 7, VM_DATA), HEC_ENOENT);
	vm_destroy(vm);
}

/* Gets of an inclusive pool keep the page. */
static void inclusive_pool(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	pool = vm_call(vm, HEC_CMD_POOL_NEW, 0, HEC_POOL_INCLUSIVE, 0);
	EXPECT(!hec_abi_is_err(pool));
	check_fill(vm_page(vm, VM_DATA), 7);
	EXPECT_EQ(vm_put(vm, pool, 7, VM_DATA), HEC_OK);
	expect_page(vm, pool, 7);
	expect_page(vm, pool, 7);
	EXPECT_EQ(host_stat("pages"), 1);
	EXPECT_EQ(vm_call(vm, HEC_CMD_FLUSH, pool, 7, 0), HEC_OK);
	EXPECT_EQ(vm_get(vm, pool, 7, VM_DATA), HEC_ENOENT);
	vm_destroy(vm);
}

static void flushes(void)
{
	uint64_t pool, i;
	struct vm *vm = check_vm(0, &pool);

	put_all(vm, pool);
	EXPECT_EQ(vm_call(vm, HEC_CMD_FLUSH, pool, 3, 0), HEC_OK);
	EXPECT_EQ(vm_call(vm, HEC_CMD_FLUSH, pool, NR_PAGES, 0), HEC_OK);
	EXPECT_EQ(vm_call(vm, HEC_CMD_FLUSH_RANGE, pool, 10, 20), HEC_OK);
	EXPECT_EQ(host_stat("pages"), NR_PAGES - 21);
	EXPECT_EQ(vm_get(vm, pool, 3, VM_DATA), HEC_ENOENT);
	for (i = 10; i < 30; i++)
		EXPECT_EQ(vm_get(vm, pool, i, VM_DATA), HEC_ENOENT);
	expect_page(vm, pool, 9);
	expect_page(vm, pool, 30);
	EXPECT_EQ(vm_call(vm, HEC_CMD_FLUSH_POOL, pool, 0, 0), HEC_OK);
	EXPECT_EQ(host_stat("pages"), 0);
	put_all(vm, pool);
	EXPECT_EQ(vm_call(vm, HEC_CMD_POOL_END, pool, 0, 0), HEC_OK);
	EXPECT_EQ(host_stat("pages"), 0);
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA), HEC_ESTALE);
	vm_destroy(vm);
}

/* Descriptors in frame VM_DATA, for the frames that follow it. */
static struct hec_abi_desc *describe(struct vm *vm, uint64_t first)
{
	struct hec_abi_desc *desc = vm_page(vm, VM_DATA);
	uint64_t i;

	memset(desc, 0, PAGE);
	for (i = 0; i < HEC_ABI_BATCH_MAX; i++) {
		desc[i].object = i % 3;
		desc[i].index = first + i;
		desc[i].gfn = VM_DATA + 1 + i;
		desc[i].status = 1;
	}
	return desc;
}

static void batches(void)
{
	uint64_t pool, i;
	struct vm *vm = check_vm(HEC_FEATURE_BATCH, &pool);
	struct hec_abi_desc *desc = describe(vm, 100);

	for (i = 0; i < HEC_ABI_BATCH_MAX; i++)
		check_fill(vm_page(vm, VM_DATA + 1 + i), i);
	EXPECT_EQ(vm_call(vm, HEC_CMD_BATCH_PUT, pool, VM_DATA,
			  HEC_ABI_BATCH_MAX),
		  HEC_OK);
	EXPECT_EQ(host_stat("pages"), HEC_ABI_BATCH_MAX);
	for (i = 0; i < HEC_ABI_BATCH_MAX; i++)
		EXPECT_EQ(desc[i].status, HEC_OK);
	desc = describe(vm, 100);
	memset(vm_page(vm, VM_DATA + 1), 0, HEC_ABI_BATCH_MAX * PAGE);
	desc[5].object = 77;
	desc[6].reserved = 1;
	desc[7].gfn = ~0ull;
	EXPECT_EQ(vm_call(vm, HEC_CMD_BATCH_GET, pool, VM_DATA,
			  HEC_ABI_BATCH_MAX),
		  HEC_OK);
	for (i = 0; i < HEC_ABI_BATCH_MAX; i++) {
		int32_t status = i == 5	  ? HEC_ENOENT
				 : i == 6 ? HEC_EINVAL
				 : i == 7 ? HEC_EFAULT
					  : HEC_OK;

		EXPECT_EQ(desc[i].status, status);
		EXPECT_EQ(check_filled(vm_page(vm, VM_DATA + 1 + i), i),
			  status == HEC_OK);
	}
	EXPECT_EQ(host_stat("pages"), 3);
	vm_destroy(vm);
}

static void bad_batches(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(HEC_FEATURE_BATCH, &pool);

	describe(vm, 0);
	EXPECT_EQ(vm_call(vm, HEC_CMD_BATCH_PUT, pool, VM_DATA, 0), HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_BATCH_PUT, pool, VM_DATA,
			  HEC_ABI_BATCH_MAX + 1),
		  HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_BATCH_GET, pool, VM_DATA, 1ull << 32),
		  HEC_EINVAL);
	EXPECT_EQ(vm_call(vm, HEC_CMD_BATCH_PUT, pool + 1, VM_DATA, 1),
		  HEC_ESTALE);
	EXPECT_EQ(vm_call(vm, HEC_CMD_BATCH_GET, pool, VM_RAM_PAGES, 1),
		  HEC_EFAULT);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	pool = vm_pool(vm);
	EXPECT_EQ(vm_call(vm, HEC_CMD_BATCH_PUT, pool, VM_DATA, 1), HEC_ENOSYS);
	vm_destroy(vm);
}

const struct check protocol_checks[] = {
	{ "before_loading", before_loading },
	{ "other_numbers", other_numbers },
	{ "before_hello", before_hello },
	{ "hello", hello },
	{ "reversion", reversion },
	{ "not_asked_for", not_asked_for },
	{ "unknown_commands", unknown_commands },
	{ "unused_words", unused_words },
	{ "put_and_get", put_and_get },
	{ "put_replaces", put_replaces },
	{ "inclusive_pool", inclusive_pool },
	{ "flushes", flushes },
	{ "batches", batches },
	{ "bad_batches", bad_batches },
	{},
};
