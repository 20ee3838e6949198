// SPDX-License-Identifier: GPL-2.0-only
/* What becomes of a VM's pages when it goes, and how many VMs there may be. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define PAGES 200

static void put_some(struct vm *vm, uint64_t pool)
{
	uint64_t i;

	check_fill(vm_page(vm, VM_DATA), 0);
	for (i = 0; i < PAGES; i++)
		EXPECT_EQ(vm_put(vm, pool, i, VM_DATA), HEC_OK);
}

static void expect_empty(void)
{
	EXPECT(host_stat_becomes("clients", 0));
	EXPECT_EQ(host_stat("pages"), 0);
	EXPECT_EQ(host_stat("pools"), 0);
	EXPECT_EQ(host_stat("frames_charged"), 0);
	EXPECT_EQ(host_stat("frames_free"), host_stat("frames"));
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
	EXPECT(host_has_client(getpid()));
	vm_destroy(other);
	EXPECT(host_stat_becomes("clients", 1));
	EXPECT_EQ(host_stat("pages"), PAGES);
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA), HEC_OK);
	vm_destroy(vm);
	expect_empty();
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
	EXPECT(host_has_client(pid));
	EXPECT(host_stat("pages") >= PAGES);
	kill(pid, SIGKILL);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT(host_stat_becomes("clients", 1));
	EXPECT_EQ(host_stat("pages"), 0);
	EXPECT(!host_has_client(pid));
	close(started[0]);
	close(started[1]);
	vm_destroy(vm);
	expect_empty();
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
	expect_empty();
}

const struct check teardown_checks[] = {
	{ "vm_is_closed", vm_is_closed },
	{ "vmm_is_killed", vmm_is_killed },
	{ "clients_are_limited", clients_are_limited },
	{ "client_is_limited", client_is_limited },
	{},
};
