// SPDX-License-Identifier: GPL-2.0-only
/* The end of a VM is seen, whatever the host has switched off. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define KPROBES "/sys/kernel/debug/kprobes/enabled"
#define FTRACE "/proc/sys/kernel/ftrace_enabled"
#define ROUNDS 16 /* of VMs, so that some have another's struct kvm */
#define PAGES 50u

static void put_some(struct vm *vm, uint64_t pool)
{
	uint64_t i;

	check_fill(vm_page(vm, VM_DATA), 0);
	for (i = 0; i < PAGES; i++)
		EXPECT_EQ(vm_put(vm, pool, i, VM_DATA), HEC_OK);
}

/* A VM is new in everything: nothing of the one before is its. */
static void one_after_the_other(void)
{
	struct hecache_control_client client;
	uint64_t pool, last = 0;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		struct vm *vm = check_vm(0, &pool);

		EXPECT(host_client(getpid(), &client));
		EXPECT(client.id > last);
		EXPECT_EQ(client.terms.weight, 100);
		EXPECT_EQ(client.stats.pages, 0);
		EXPECT_EQ(client.stats.puts, 0);
		put_some(vm, pool);
		EXPECT(host_set_term(getpid(), HECACHE_TERM_WEIGHT, 7));
		last = client.id;
		vm_destroy(vm);
		EXPECT(host_stat_becomes("clients", 0));
	}
	EXPECT_EQ(host_stat("pages"), 0);
}

static void kprobes_are_off(void)
{
	EXPECT(host_write(KPROBES, "0"));
	one_after_the_other();
	EXPECT(host_write(KPROBES, "1"));
}

/* While the switch is off, the module does not load. */
static void load_without_ftrace(void)
{
	EXPECT(!host_load(CHECK_PARAMS));
	EXPECT_EQ(errno, EBUSY);
	EXPECT(host_write(FTRACE, "1"));
}

/*
 * The module's hook is permanent: the switch is refused.  The newest kernels let nobody
 * switch it off, whether or not the module is there.
 */
static void ftrace_stays_on(void)
{
	bool never;

	EXPECT(!host_write(FTRACE, "0"));
	never = errno == EOPNOTSUPP;
	EXPECT(never || errno == EBUSY);
	one_after_the_other();
	EXPECT(host_unload());
	EXPECT_EQ(host_write(FTRACE, "0"), !never);
	if (!never)
		load_without_ftrace();
	EXPECT(host_load(CHECK_PARAMS));
}

/*
 * The process that a VM's memory is of ends, while another has the VM's files: no
 * vCPU can run any more, and the client is let go.
 */
static void memory_goes_first(void)
{
	struct hecache_control_client client;
	struct vm *mine = vm_create(), *vm;
	int started[2], hold[2], status;
	char byte;
	pid_t pid;
	uint64_t pool;

	EXPECT_EQ(vm_hello(mine, 0), 0);
	if (pipe(started) || pipe(hold) || (pid = fork()) < 0)
		die("fork");
	if (!pid) {
		vm = check_vm(0, &pool);
		put_some(vm, pool);
		close(hold[1]);
		pid = fork();
		if (pid < 0)
			_exit(1);
		if (pid)
			_exit(0);
		/* Has the VM's files until told. */
		if (write(started[1], "", 1) != 1 || read(hold[0], &byte, 1))
			_exit(1);
		_exit(0);
	}
	EXPECT_EQ(read(started[0], &byte, 1), 1);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT(host_stat_becomes("clients", 1));
	EXPECT(!host_client(pid, &client));
	EXPECT_EQ(host_stat("pages"), 0);
	close(hold[0]);
	close(hold[1]);
	close(started[0]);
	close(started[1]);
	vm_destroy(mine);
	EXPECT(host_stat_becomes("clients", 0));
}

const struct check signs_checks[] = {
	{ "one_after_the_other", one_after_the_other },
	{ "kprobes_are_off", kprobes_are_off },
	{ "ftrace_stays_on", ftrace_stays_on },
	{ "memory_goes_first", memory_goes_first },
	{},
};
