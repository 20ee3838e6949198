// SPDX-License-Identifier: GPL-2.0-only
/* Who may call: the guest's kernel, in 64-bit mode, and nobody else. */
#include "check.h"

/* Makes the calls a program in the guest would like to make. */
static void expect_refused(struct vm *vm, uint64_t pool, uint64_t answer)
{
	uint64_t calls = host_stat("calls");

	check_fill(vm_page(vm, VM_DATA), 5);
	EXPECT_EQ(vm_hello(vm, 0), answer);
	EXPECT_EQ(vm_pool(vm), answer);
	EXPECT_EQ(vm_put(vm, pool, 2, VM_DATA), answer);
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA), answer);
	EXPECT_EQ(vm_call(vm, HEC_CMD_POOL_END, pool, 0, 0), answer);
	EXPECT(check_filled(vm_page(vm, VM_DATA), 5));
	EXPECT_EQ(host_stat("calls"), calls);
}

static void expect_only_kernel(enum vm_mode mode, uint64_t answer)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	check_fill(vm_page(vm, VM_DATA), 1);
	EXPECT_EQ(vm_put(vm, pool, 1, VM_DATA), HEC_OK);
	vm_set_mode(vm, mode);
	expect_refused(vm, pool, answer);
	vm_set_mode(vm, VM_KERNEL);
	EXPECT_EQ(vm_get(vm, pool, 2, VM_DATA), HEC_ENOENT);
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA), HEC_OK);
	EXPECT(check_filled(vm_page(vm, VM_DATA), 1));
	vm_destroy(vm);
}

static void user_mode(void)
{
	expect_only_kernel(VM_USER, VM_EPERM);
}

static void protected_mode(void)
{
	expect_only_kernel(VM_32BIT, (uint32_t)VM_ABSENT);
}

const struct check mode_checks[] = {
	{ "user_mode", user_mode },
	{ "protected_mode", protected_mode },
	{},
};
