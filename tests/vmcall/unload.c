// SPDX-License-Identifier: GPL-2.0-only
/* Unloading and loading again while VMs call, come and go. */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

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

/* A get whose page is long in coming: userfaultfd brings it when we say so. */
struct slow_get {
	struct vm *vm;
	uint64_t pool, result;
	pthread_t thread;
};

#define SLOW_GFN (VM_DATA + 200)

static void *slow_get(void *arg)
{
	struct slow_get *slow = arg;

	slow->result = vm_get(slow->vm, slow->pool, 1, SLOW_GFN);
	return NULL;
}

static int hold_page_back(void *page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)page, PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &range))
		die("userfaultfd");
	return fd;
}

static void expect_fault(int fd)
{
	struct uffd_msg msg;

	EXPECT_EQ(read(fd, &msg, sizeof(msg)), sizeof(msg));
	EXPECT_EQ(msg.event, UFFD_EVENT_PAGEFAULT);
}

static void let_page_come(int fd, void *page)
{
	struct uffdio_zeropage zero = { .range = { (uintptr_t)page, PAGE } };

	if (ioctl(fd, UFFDIO_ZEROPAGE, &zero))
		die("UFFDIO_ZEROPAGE");
}

static void *unload(void *done)
{
	EXPECT(host_unload());
	__atomic_store_n((bool *)done, true, __ATOMIC_RELEASE);
	return NULL;
}

/*
 * While a get waits, other VMs are served.  Unloading waits for the get, which
 * succeeds, while the others are told already that there is no cache.
 */
static void unload_with_call_in_flight(void)
{
	const struct timespec pause = { .tv_nsec = 500 * 1000 * 1000 };
	struct slow_get slow = {};
	uint64_t pool;
	struct vm *other = check_vm(0, &pool);
	bool done = false;
	pthread_t thread;
	void *page;
	int fd;

	slow.vm = check_vm(0, &slow.pool);
	page = vm_page(slow.vm, SLOW_GFN);
	check_fill(vm_page(slow.vm, VM_DATA), 1);
	check_fill(vm_page(other, VM_DATA), 2);
	EXPECT_EQ(vm_put(slow.vm, slow.pool, 1, VM_DATA), HEC_OK);
	fd = hold_page_back(page);
	if (pthread_create(&slow.thread, NULL, slow_get, &slow))
		die("pthread_create");
	expect_fault(fd);
	EXPECT_EQ(vm_put(other, pool, 2, VM_DATA), HEC_OK);
	EXPECT_EQ(vm_get(other, pool, 2, VM_DATA + 1), HEC_OK);
	EXPECT_EQ(vm_hello(other, 0), 0);
	if (pthread_create(&thread, NULL, unload, &done))
		die("pthread_create");
	while (vm_hello(other, 0) != VM_ABSENT)
		;
	nanosleep(&pause, NULL);
	EXPECT(!__atomic_load_n(&done, __ATOMIC_ACQUIRE));
	let_page_come(fd, page);
	pthread_join(slow.thread, NULL);
	pthread_join(thread, NULL);
	EXPECT_EQ(slow.result, HEC_OK);
	EXPECT(check_filled(page, 1));
	close(fd);
	vm_destroy(other);
	vm_destroy(slow.vm);
	EXPECT(host_load(CHECK_PARAMS));
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

/* The module does not load then, and leaves nothing. */
static void the_hook_is_taken(void)
{
	struct vm *vm = vm_create();

	EXPECT(host_take_hook());
	EXPECT(!host_load(CHECK_PARAMS));
	EXPECT_EQ(errno, EBUSY);
	EXPECT(!host_is_loaded());
	EXPECT_EQ(vm_hello(vm, 0), VM_ABSENT);
	EXPECT(access("/dev/hecache", F_OK));
	EXPECT(host_free_hook());
	EXPECT(host_load(CHECK_PARAMS));
	EXPECT(!host_take_hook());
	EXPECT_EQ(errno, EBUSY);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT(host_unload());
	vm_destroy(vm);
}

/* It looks at VMs as they are not: it has to notice, and to touch nothing. */
static void built_for_another_kvm(void)
{
	struct vm *vm = vm_create();

	EXPECT(host_load_stale());
	EXPECT_EQ(vm_hello(vm, 0), VM_ABSENT);
	EXPECT_EQ(host_stat("clients"), 0);
	EXPECT_EQ(host_stat("calls"), 0);
	EXPECT(host_unload());
	EXPECT(host_load(CHECK_PARAMS));
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT(host_unload());
	vm_destroy(vm);
}

/* KVM cannot go while its functions are called, whether or not there are VMs. */
static void it_holds_kvm(void)
{
	struct vm *vm = vm_create();
	unsigned int users = host_kvm_users();

	EXPECT(host_load(CHECK_PARAMS));
	EXPECT_EQ(host_kvm_users(), users + 1);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT(host_unload());
	EXPECT_EQ(host_kvm_users(), users);
	vm_destroy(vm);
}

static bool is_kept(void)
{
	struct hecache_control_info info = { .version = 1 };

	EXPECT(host_ask(HECACHE_INFO, &info));
	return info.kept;
}

/* The module stays while there are persistent pages, or is made to go. */
static void persistent_pages_keep_it(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	check_fill(vm_page(vm, VM_DATA), 3);
	pool = vm_call(vm, HEC_CMD_POOL_NEW, 0, HEC_POOL_PERSISTENT, 0);
	EXPECT(!is_kept()); /* with no guarantee it can have no page */
	EXPECT(host_set_term(getpid(), HECACHE_TERM_GUARANTEED, 512));
	EXPECT(is_kept());
	EXPECT_EQ(vm_put(vm, pool, 1, VM_DATA), HEC_OK);
	EXPECT(host_set_term(getpid(), HECACHE_TERM_GUARANTEED, 0));
	EXPECT(is_kept());
	EXPECT(!host_unload() && errno == EWOULDBLOCK);
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA + 1), HEC_OK);
	EXPECT(check_filled(vm_page(vm, VM_DATA + 1), 3));
	EXPECT_EQ(vm_call(vm, HEC_CMD_POOL_END, pool, 0, 0), HEC_OK);
	EXPECT(!is_kept());
	EXPECT(host_set_term(getpid(), HECACHE_TERM_GUARANTEED, 512));
	pool = vm_call(vm, HEC_CMD_POOL_NEW, 0, HEC_POOL_PERSISTENT, 0);
	EXPECT_EQ(vm_put(vm, pool, 1, VM_DATA), HEC_OK);
	EXPECT(!host_unload() && errno == EWOULDBLOCK);
	EXPECT(host_ask_value(HECACHE_ABANDON, 1));
	EXPECT(!is_kept());
	EXPECT(host_ask_value(HECACHE_ABANDON, 0));
	EXPECT(is_kept());
	EXPECT(host_ask_value(HECACHE_ABANDON, 1));
	EXPECT(host_unload());
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA + 1), VM_ABSENT);
	EXPECT(host_load(CHECK_PARAMS));
	/* A VM that goes lets go. */
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT(host_set_term(getpid(), HECACHE_TERM_GUARANTEED, 512));
	pool = vm_call(vm, HEC_CMD_POOL_NEW, 0, HEC_POOL_PERSISTENT, 0);
	EXPECT(is_kept());
	vm_destroy(vm);
	EXPECT(host_stat_becomes("clients", 0));
	EXPECT(!is_kept());
}

const struct check unload_checks[] = {
	{ "persistent_pages_keep_it", persistent_pages_keep_it },
	{ "unload_under_load", unload_under_load },
	{ "unload_with_call_in_flight", unload_with_call_in_flight },
	{ "after_unloading", after_unloading },
	{ "the_hook_is_taken", the_hook_is_taken },
	{ "built_for_another_kvm", built_for_another_kvm },
	{ "it_holds_kvm", it_holds_kvm },
	{},
};
