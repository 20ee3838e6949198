// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random calls: of a VM that behaves, against a model; and of a hostile one,
 * beside others that behave.  The hostile one's own memory outside the frames
 * that it named must stay as it was, and the others' pages must be right.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "load.h"

#define VMS 2
#define CALLS 20000
#define TARGETS 64u /* frames from VM_DATA on, which calls may name */
#define CANARY 1024u /* frames from here on, which none may */
#define CANARIES 64u

static void model(void)
{
	static struct load_vm vms[VMS];
	const struct timespec pause = { .tv_sec = 4 };

	load_vms_start(vms, VMS, check_seed);
	nanosleep(&pause, NULL);
	load_vms_stop(vms, VMS);
}

struct hostile {
	struct vm *vm;
	uint64_t random;
	uint64_t pool[4]; /* handles, alive and dead */
	uint64_t foreign;
};

/* A value near a border, or any. */
static uint64_t odd_value(struct hostile *h)
{
	static const uint64_t borders[] = {
		0,
		1,
		HEC_ABI_BATCH_MAX,
		HEC_ABI_RANGE_MAX,
		VM_RAM_PAGES,
		1ull << 31,
		1ull << 32,
		1ull << 48,
		1ull << 52,
		1ull << 63,
		0,
	};
	uint64_t r = check_random(&h->random);

	if (r % 4 == 0)
		return check_random(&h->random);
	return borders[r / 4 % (sizeof(borders) / sizeof(*borders))] +
	       r / 64 % 3 - 1;
}

/* A frame of the targets, as a rule; else one that is none. */
static uint64_t frame(struct hostile *h)
{
	uint64_t r = check_random(&h->random), gfn;

	if (r % 4)
		return VM_DATA + r / 4 % TARGETS;
	gfn = odd_value(h);
	return gfn < VM_RAM_PAGES ? VM_RAM_PAGES + gfn : gfn;
}

static uint64_t handle(struct hostile *h)
{
	uint64_t r = check_random(&h->random);

	if (r % 16 == 0)
		return odd_value(h);
	if (r % 16 == 1)
		return h->foreign;
	return h->pool[r / 16 % 4];
}

static uint64_t index_of(struct hostile *h)
{
	uint64_t r = check_random(&h->random);

	return r % 8 ? r / 8 % 300 : odd_value(h);
}

/* Descriptors of all sorts in a target frame; gets may overwrite them. */
static uint64_t descriptors(struct hostile *h)
{
	uint64_t gfn = VM_DATA + check_random(&h->random) % TARGETS, i;
	struct hec_abi_desc *desc = vm_page(h->vm, gfn);

	for (i = 0; i < HEC_ABI_BATCH_MAX; i++) {
		desc[i].object = check_random(&h->random) % 5;
		desc[i].index = index_of(h);
		desc[i].gfn = frame(h);
		desc[i].reserved = check_random(&h->random) % 16 == 0;
	}
	return gfn;
}

static void hostile_call(struct hostile *h)
{
	uint64_t r = check_random(&h->random), result;
	uint64_t cmd = r % 64 < 60 ? r % 12 : odd_value(h);
	uint64_t a1 = handle(h), a2 = index_of(h), a3 = frame(h);

	if (cmd == HEC_CMD_HELLO && r / 64 % 32)
		cmd = HEC_CMD_PUT;
	if (cmd == HEC_CMD_HELLO || cmd == HEC_CMD_POOL_NEW) {
		a1 = cmd == HEC_CMD_HELLO ? HEC_ABI_VERSION : 0;
		a2 = cmd == HEC_CMD_HELLO;
		a3 = 0;
	}
	if (cmd == HEC_CMD_BATCH_PUT || cmd == HEC_CMD_BATCH_GET) {
		a2 = r / 4096 % 4 ? descriptors(h) : frame(h);
		a3 = r / 64 % 66;
	}
	if (cmd == HEC_CMD_FLUSH || cmd == HEC_CMD_FLUSH_RANGE)
		a3 = r / 64 % 4 ? 0 : index_of(h);
	result = vm_call(h->vm, cmd, a1, a2, a3);
	EXPECT(result != VM_ABSENT);
	if (cmd == HEC_CMD_POOL_NEW && !hec_abi_is_err(result))
		h->pool[r / 64 % 4] = result;
}

static void hostile_run(struct hostile *h)
{
	unsigned int i;

	for (i = 0; i < TARGETS; i++)
		check_fill(vm_page(h->vm, VM_DATA + i), i);
	for (i = 0; i < CANARIES; i++)
		check_fill(vm_page(h->vm, CANARY + i), i);
	for (i = 0; i < CALLS; i++)
		hostile_call(h);
	for (i = 0; i < CANARIES; i++)
		EXPECT(check_filled(vm_page(h->vm, CANARY + i), i));
}

static void hostile(void)
{
	static struct load_vm vms[VMS];
	struct hostile h = { .random = check_seed };
	uint64_t hits = host_stat("hits"), puts = host_stat("puts");

	h.vm = check_vm(HEC_FEATURE_BATCH, &h.pool[0]);
	load_vms_start(vms, 1, check_seed + 1);
	while (!__atomic_load_n(&vms[0].load[0].pool, __ATOMIC_RELAXED))
		;
	h.foreign = vms[0].load[0].pool;
	hostile_run(&h);
	load_vms_stop(vms, 1);
	vm_destroy(h.vm);
	EXPECT(host_stat("hits") > hits);
	EXPECT(host_stat("puts") > puts);
	EXPECT(host_stat_becomes("clients", 0));
	EXPECT_EQ(host_stat("pages"), 0);
	EXPECT_EQ(host_stat("frames_charged"), 0);
	EXPECT_EQ(host_stat("frames_free"), host_stat("frames"));
	EXPECT_EQ(host_stat("corrupt"), 0);
}

const struct check fuzz_checks[] = {
	{ "model", model },
	{ "hostile", hostile },
	{},
};
