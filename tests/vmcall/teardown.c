// SPDX-License-Identifier: GPL-2.0-only
/* What a VM may have, how many VMs there may be, what is left when one goes. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define PAGES 200
#define MB 256u /* pages */

static bool has_client(pid_t pid)
{
	struct hecache_control_client client;

	return host_client(pid, &client);
}

static void put_some(struct vm *vm, uint64_t pool)
{
	uint64_t i;

	check_fill(vm_page(vm, VM_DATA), 0);
	for (i = 0; i < PAGES; i++)
		EXPECT_EQ(vm_put(vm, pool, i, VM_DATA), HEC_OK);
}

static void vm_is_closed(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);
	struct vm *other = check_vm(0, &pool);

	put_some(other, pool);
	pool = vm_pool(vm);
	put_some(vm, pool);
	EXPECT_EQ(host_stat("pages"), 2 * PAGES);
	EXPECT(has_client(getpid()));
	vm_destroy(other);
	EXPECT(host_stat_becomes("clients", 1));
	EXPECT_EQ(host_stat("pages"), PAGES);
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA), HEC_OK);
	vm_destroy(vm);
	check_nothing_left();
}

/* A VMM that calls until it is killed. */
static void call_for_ever(int started)
{
	uint64_t pool, i;
	struct vm *vm = check_vm(0, &pool);

	put_some(vm, pool);
	if (write(started, "", 1) != 1)
		_exit(1);
	for (i = 0;; i++)
		vm_put(vm, pool, i % PAGES, VM_DATA);
}

static void vmm_is_killed(void)
{
	struct vm *vm = vm_create();
	int started[2], status;
	char byte;
	pid_t pid;

	EXPECT_EQ(vm_hello(vm, 0), 0);
	if (pipe(started) || (pid = fork()) < 0)
		die("fork");
	if (!pid)
		call_for_ever(started[1]);
	EXPECT_EQ(read(started[0], &byte, 1), 1);
	EXPECT(has_client(pid));
	EXPECT(host_stat("pages") >= PAGES);
	kill(pid, SIGKILL);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT(host_stat_becomes("clients", 1));
	EXPECT_EQ(host_stat("pages"), 0);
	EXPECT(!has_client(pid));
	close(started[0]);
	close(started[1]);
	vm_destroy(vm);
	check_nothing_left();
}

/* Unloads, so that the next check's load has its own parameters. */
static void reload(const char *params)
{
	EXPECT(host_unload());
	EXPECT(host_load(params));
}

static void clients_are_limited(void)
{
	uint64_t pool;
	struct vm *vm[3];

	reload(CHECK_PARAMS " max_clients=2");
	vm[0] = check_vm(0, &pool);
	vm[1] = check_vm(0, &pool);
	vm[2] = vm_create();
	EXPECT_EQ(vm_hello(vm[2], 0), HEC_ENOMEM);
	EXPECT_EQ(vm_pool(vm[2]), HEC_ESTALE);
	vm_destroy(vm[0]);
	EXPECT(host_stat_becomes("clients", 1));
	EXPECT_EQ(vm_hello(vm[2], 0), 0);
	vm_destroy(vm[1]);
	vm_destroy(vm[2]);
	reload(CHECK_PARAMS);
}

static void client_is_limited(void)
{
	uint64_t pool, i;
	struct vm *vm;

	EXPECT(host_set("client_max_mb", 1));
	vm = check_vm(0, &pool);
	check_fill(vm_page(vm, VM_DATA), 0);
	for (i = 0; i < 1000; i++)
		EXPECT_EQ(vm_put(vm, pool, i, VM_DATA), HEC_OK);
	EXPECT(host_stat("frames_charged") <= 256);
	EXPECT(host_stat("pages") > 200);
	EXPECT(host_set("client_max_mb", 0));
	vm_destroy(vm);
	check_nothing_left();
}

/* Puts pages until one is refused, 1000 at most; the number that was not. */
static uint64_t put_until_refused(struct vm *vm, uint64_t pool)
{
	uint64_t i;

	for (i = 0; i < 1000; i++)
		if (vm_put(vm, pool, i, VM_DATA) == (uint64_t)HEC_ENOSPC)
			break;
	return i;
}

/* A persistent pool has just the room that its VM is guaranteed. */
static void guarantee(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	check_fill(vm_page(vm, VM_DATA), 0);
	pool = vm_call(vm, HEC_CMD_POOL_NEW, 0, HEC_POOL_PERSISTENT, 0);
	EXPECT_EQ(put_until_refused(vm, pool), 0);
	EXPECT(host_set_term(getpid(), HECACHE_TERM_GUARANTEED, 2 * MB));
	EXPECT_EQ(put_until_refused(vm, pool), 512);
	EXPECT_EQ(host_stat("persistent_pages"), 512);
	EXPECT(!host_set_term(getpid(), HECACHE_TERM_GUARANTEED, 1000 * MB));
	EXPECT_EQ(errno, ENOSPC);
	EXPECT(host_set_term(getpid(), HECACHE_TERM_WEIGHT, 300));
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA + 1), HEC_OK);
	EXPECT(check_filled(vm_page(vm, VM_DATA + 1), 0));
	EXPECT(!host_set("size_mb", 0) && errno == ENOSPC);
	EXPECT(host_stat("frames") >= 512);
	EXPECT(host_set("size_mb", 64));
	EXPECT_EQ(vm_get(vm, pool, 511, VM_DATA + 1), HEC_OK);
	vm_destroy(vm);
	check_nothing_left();
}

const struct check teardown_checks[] = {
	{ "vm_is_closed", vm_is_closed },
	{ "vmm_is_killed", vmm_is_killed },
	{ "clients_are_limited", clients_are_limited },
	{ "client_is_limited", client_is_limited },
	{ "guarantee", guarantee },
	{},
};
