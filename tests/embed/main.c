/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Two VMs on the example port: each finds its own pages and nobody else's; bad
 * frames are refused; a VM that is gone leaves room.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"

#define MEMORY (16u << 20)
#define VM_FRAMES 64u
#define PAGES 1000u

static unsigned int passed, failed;

static void verdict(bool ok, const char *what)
{
	printf("%s %s\n", ok ? "ok  " : "FAIL", what);
	passed += ok;
	failed += !ok;
}

static uint64_t call(struct port_vm *vm, uint64_t cmd, uint64_t pool,
		     uint64_t index, uint64_t frame)
{
	const uint64_t arg[4] = { cmd, pool, index, frame };

	return port_hypercall(vm, arg);
}

static void no_memory(void)
{
	fprintf(stderr, "embed: out of memory\n");
	exit(1);
}

static void start_vm(struct port_vm *vm)
{
	*vm = (struct port_vm){ .nr_frames = VM_FRAMES, .nr_rom_frames = 1 };
	vm->memory = calloc(VM_FRAMES, HEC_PAGE_SIZE);
	if (!vm->memory)
		no_memory();
}

static uint64_t open_pool(struct port_vm *vm)
{
	call(vm, HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0);
	return call(vm, HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0);
}

/* Frame 2, with what page @index of VM @who holds. */
static char *fill(struct port_vm *vm, unsigned int who, unsigned int index)
{
	char *page = vm->memory + 2 * HEC_PAGE_SIZE;

	memset(page, (int)(who * 100 + index % 100 + 1), HEC_PAGE_SIZE);
	memcpy(page, &index, sizeof(index));
	return page;
}

/* How many of the VM's pages come back, or -1 if one is wrong. */
static int get_all(struct port_vm *vm, uint64_t pool, unsigned int who)
{
	char *got = vm->memory + 3 * HEC_PAGE_SIZE;
	unsigned int i;
	int found = 0;

	for (i = 0; i < PAGES; i++) {
		if (call(vm, HEC_CMD_GET, pool, i, 3))
			continue;
		if (memcmp(got, fill(vm, who, i), HEC_PAGE_SIZE) != 0)
			return -1;
		found++;
	}
	return found;
}

static void put_all(struct port_vm *vm, uint64_t pool, unsigned int who)
{
	unsigned int i;

	for (i = 0; i < PAGES; i++) {
		fill(vm, who, i);
		call(vm, HEC_CMD_PUT, pool, i, 2);
	}
}

static void bad_frames(struct port_vm *vm, uint64_t pool)
{
	fill(vm, 0, 5);
	call(vm, HEC_CMD_PUT, pool, 5, 2);
	verdict(call(vm, HEC_CMD_GET, pool, 5, 0) == (uint64_t)HEC_EFAULT,
		"a get to a frame that cannot be written is refused");
	verdict(call(vm, HEC_CMD_GET, pool, 5, VM_FRAMES) ==
			(uint64_t)HEC_EFAULT,
		"a get to a frame beyond memory is refused");
	verdict(call(vm, HEC_CMD_GET, pool, 5, 3) == 0, "the page stayed");
}

int main(void)
{
	static const uint8_t seed[32] = { 1 };
	void *memory = aligned_alloc(4096, MEMORY);
	struct port_vm vm[2];
	uint64_t pool[2];
	unsigned int i;

	if (!memory)
		no_memory();
	verdict(!port_start(memory, MEMORY, seed), "the port starts");
	verdict(call(memset(&vm[0], 0, sizeof(vm[0])), HEC_CMD_GET, 1, 0, 0) ==
			(uint64_t)HEC_ESTALE,
		"a VM that never said HELLO has no pool");
	for (i = 0; i < 2; i++) {
		start_vm(&vm[i]);
		pool[i] = open_pool(&vm[i]);
		verdict(!hec_abi_is_err(pool[i]), "a VM has a pool");
		put_all(&vm[i], pool[i], i);
	}
	verdict(get_all(&vm[1], pool[0], 0) == 0,
		"another VM's handle is worth nothing");
	for (i = 0; i < 2; i++)
		verdict(get_all(&vm[i], pool[i], i) == PAGES,
			"a VM's pages come back, each its own");
	bad_frames(&vm[0], pool[0]);
	put_all(&vm[0], pool[0], 0);
	i = 0;
	while (port_vm_gone(&vm[0]))
		i++;
	verdict(i > 0, "a VM goes in steps");
	put_all(&vm[1], pool[1], 1);
	verdict(get_all(&vm[1], pool[1], 1) == PAGES, "the others go on");
	for (i = 0; i < 2; i++)
		free(vm[i].memory);
	free(memory);
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
