// SPDX-License-Identifier: GPL-2.0-only
/* Unloading and loading again while VMs call, come and go. */
#include <pthread.h>
#include <time.h>

#include "check.h"
#include "load.h"

#define VMS 3
#define CYCLES 20

static bool churn_stop;
static uint64_t churned;

/* Makes VMs, has each put a page, and destroys them. */
static void *churn(void *unused)
{
	(void)unused;
	while (!__atomic_load_n(&churn_stop, __ATOMIC_RELAXED)) {
		struct vm *vm = vm_create();
		uint64_t pool;

		vm_hello(vm, 0);
		pool = vm_pool(vm);
		check_fill(vm_page(vm, VM_DATA), 1);
		vm_put(vm, pool, 1, VM_DATA);
		vm_destroy(vm);
		churned++;
	}
	return NULL;
}

static void wait_random(uint64_t *random)
{
	const struct timespec pause = {
		.tv_nsec = check_random(random) % 100 * 1000 * 1000,
	};

	nanosleep(&pause, NULL);
}

static void cycle(uint64_t *random)
{
	unsigned int i;

	for (i = 0; i < CYCLES; i++) {
		wait_random(random);
		EXPECT(host_unload());
		wait_random(random);
		EXPECT(host_load(CHECK_PARAMS));
	}
}

static void unload_under_load(void)
{
	static struct load_vm vms[VMS];
	uint64_t random = check_seed, absent = 0, i;
	pthread_t thread;

	load_vms_start(vms, VMS, check_seed);
	if (pthread_create(&thread, NULL, churn, NULL))
		die("pthread_create");
	cycle(&random);
	__atomic_store_n(&churn_stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	wait_random(&random);
	load_vms_stop(vms, VMS);
	for (i = 0; i < VMS; i++)
		absent += vms[i].load[0].absent;
	EXPECT(absent > 0);
	EXPECT(churned > 0);
	EXPECT(host_stat_becomes("clients", 0));
	EXPECT_EQ(host_stat("pages"), 0);
}

static void after_unloading(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	EXPECT(host_unload());
	EXPECT(!host_is_loaded());
	EXPECT_EQ(vm_put(vm, pool, 1, VM_DATA), VM_ABSENT);
	EXPECT_EQ(vm_hello(vm, 0), VM_ABSENT);
	vm_destroy(vm);
}

const struct check unload_checks[] = {
	{ "unload_under_load", unload_under_load },
	{ "after_unloading", after_unloading },
	{},
};
