// SPDX-License-Identifier: GPL-2.0-only
/* The cache's memory: resized while it is used, and taken by the host. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <time.h>

#include "check.h"
#include "load.h"

#define FRAMES(mb) ((uint64_t)(mb) << 8)
#define VMS 2

static void wait_ms(unsigned int ms)
{
	const struct timespec pause = { .tv_nsec = ms * 1000000l };

	nanosleep(&pause, NULL);
}

static void resize(void)
{
	uint64_t pool, i, hits = 0;
	struct vm *vm = check_vm(0, &pool);

	EXPECT(host_set("size_mb", 2));
	EXPECT_EQ(host_stat("frames"), FRAMES(2));
	for (i = 0; i < 2 * FRAMES(2); i++) {
		check_fill(vm_page(vm, VM_DATA), i);
		EXPECT_EQ(vm_put(vm, pool, i, VM_DATA), HEC_OK);
		if (i == FRAMES(2) - 1)
			EXPECT(host_set("size_mb", 4));
	}
	EXPECT_EQ(host_stat("frames"), FRAMES(4));
	EXPECT_EQ(host_stat("pages"), FRAMES(4));
	EXPECT(host_set("size_mb", 2));
	EXPECT_EQ(host_stat("pages"), FRAMES(2));
	for (i = 0; i < 2 * FRAMES(2); i++) {
		if (vm_get(vm, pool, i, VM_DATA) == HEC_OK) {
			EXPECT(check_filled(vm_page(vm, VM_DATA), i));
			hits++;
		}
	}
	EXPECT_EQ(hits, FRAMES(2));
	EXPECT(host_set("size_mb", 0));
	EXPECT_EQ(host_stat("frames"), 0);
	EXPECT_EQ(vm_put(vm, pool, 1, VM_DATA), HEC_ENOSPC);
	EXPECT(host_set("size_mb", 64));
	EXPECT(!host_set("size_mb", 1024) && errno == EINVAL);
	EXPECT(!host_write("/sys/module/hecache_kvm/parameters/size_mb", "x"));
	EXPECT_EQ(host_stat("frames"), FRAMES(64));
	vm_destroy(vm);
}

static int64_t free_mb(void)
{
	struct sysinfo info;

	if (sysinfo(&info))
		die("sysinfo");
	return (int64_t)(info.freeram * info.mem_unit >> 20);
}

/*
 * What the cache no longer has, the host has again: all but what each CPU's
 * list of free pages keeps for a while.  Since Linux 6.7 such a list may grow to an
 * eighth of all memory, blocks of 2 MiB among it; so it is told to stay short.
 */
#define LISTS "/proc/sys/vm/percpu_pagelist_high_fraction"

static void memory_is_returned(void)
{
	int64_t with, without;
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	EXPECT(host_write(LISTS, "1000000"));
	EXPECT(host_set("size_mb", 256));
	with = free_mb();
	EXPECT(host_set("size_mb", 2));
	without = free_mb();
	EXPECT(without - with > 200);
	EXPECT(host_set("size_mb", 256));
	EXPECT(without - free_mb() > 200);
	EXPECT(host_set("size_mb", 64));
	EXPECT(host_write(LISTS, "0"));
	vm_destroy(vm);
}

static void expect_refused(const char *params)
{
	EXPECT(!host_load(params) && errno == EINVAL);
	EXPECT(!host_is_loaded());
}

static void parameters(void)
{
	struct vm *vm = vm_create();

	EXPECT(host_unload());
	expect_refused("size_mb=64 max_mb=32");
	expect_refused("size_mb=many");
	expect_refused("max_clients=0");
	expect_refused("max_clients=1025");
	expect_refused("policy=clock");
	expect_refused("idle_tax=96");
	EXPECT_EQ(vm_hello(vm, 0), VM_ABSENT);
	EXPECT(host_load("policy=arc idle_tax=50"));
	EXPECT_EQ(host_stat("idle_tax"), 50);
	EXPECT_EQ(host_stat("frames"), 0);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	memset(vm_page(vm, VM_DATA), 1, PAGE);
	EXPECT_EQ(vm_put(vm, vm_pool(vm), 1, VM_DATA), HEC_ENOSPC);
	EXPECT(host_unload());
	EXPECT(host_load(CHECK_PARAMS));
	vm_destroy(vm);
}

static void resize_under_load(void)
{
	static const unsigned int size[] = { 4, 2, 8, 2, 0, 6, 4, 2, 64, 2 };
	static struct load_vm vms[VMS];
	unsigned int i;

	load_vms_start(vms, VMS, check_seed);
	for (i = 0; i < sizeof(size) / sizeof(*size); i++) {
		wait_ms(100);
		EXPECT(host_set("size_mb", size[i]));
		EXPECT_EQ(host_stat("frames"), FRAMES(size[i]));
	}
	load_vms_stop(vms, VMS);
	EXPECT(host_stat("evictions") > 0);
	EXPECT(host_set("size_mb", 64));
}

/*
 * Somebody uses more and more memory, until the host takes some of ours.  The host has
 * memory to spare again then, so after a while the cache takes back what it was to have.
 */
static void host_takes_memory(void)
{
	static struct load_vm vms[VMS];
	static void *hog[1024];
	uint32_t nr = 0;

	EXPECT(host_set("min_mb", 16));
	load_vms_start(vms, VMS, check_seed);
	wait_ms(100);
	while (nr < 1024 && host_stat("frames") == FRAMES(64)) {
		hog[nr] = malloc(1 << 20);
		memset(hog[nr++], 1, 1 << 20);
	}
	EXPECT(host_stat("frames") < FRAMES(64));
	EXPECT(host_stat("frames") >= FRAMES(16));
	wait_ms(100);
	while (nr)
		free(hog[--nr]);
	load_vms_stop(vms, VMS);
	EXPECT(host_set("min_mb", 0));
	EXPECT(host_stat_becomes("frames", FRAMES(64)));
}

const struct check memory_checks[] = {
	{ "parameters", parameters },
	{ "resize", resize },
	{ "memory_is_returned", memory_is_returned },
	{ "resize_under_load", resize_under_load },
	{ "host_takes_memory", host_takes_memory },
	{},
};
