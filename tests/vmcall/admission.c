// SPDX-License-Identifier: GPL-2.0-only
/* Who may use the cache, and on which terms. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define MB 256u /* pages */
#define GROUPS "/tmp/vmcall.groups"
#define OUTER GROUPS "/outer"
#define INNER OUTER "/inner"

static struct hecache_control_rule rule(uint32_t kind, uint64_t subject)
{
	return (struct hecache_control_rule){
		.version = HECACHE_CONTROL_VERSION,
		.kind = kind,
		.subject = subject,
	};
}

static bool admit_with(uint32_t kind, uint64_t subject, uint32_t weight)
{
	struct hecache_control_rule op = rule(kind, subject);

	op.which = HECACHE_TERM_WEIGHT;
	op.terms.weight = weight;
	return host_ask(HECACHE_ADMIT, &op);
}

static bool dismiss(uint32_t kind, uint64_t subject)
{
	struct hecache_control_rule op = rule(kind, subject);

	return host_ask(HECACHE_DISMISS, &op);
}

static unsigned int nr_rules(void)
{
	struct hecache_control_info info = { .version = 1 };

	EXPECT(host_ask(HECACHE_INFO, &info));
	return info.rules;
}

/* A new VM's weight; 0: it is refused. */
static uint32_t weight_of_new_vm(void)
{
	struct hecache_control_client client = { 0 };
	struct vm *vm = vm_create();
	uint64_t result = vm_hello(vm, 0);

	if (result)
		EXPECT_EQ(result, HEC_EPERM);
	else
		EXPECT(host_client(getpid(), &client));
	vm_destroy(vm);
	EXPECT(host_stat_becomes("clients", 0));
	return client.terms.weight;
}

/* Control groups */

static uint64_t group(const char *path)
{
	struct stat folder;

	if (mkdir(path, 0755) && errno != EEXIST)
		die("%s", path);
	if (stat(path, &folder))
		die("%s", path);
	return folder.st_ino;
}

static void enter(const char *path)
{
	char file[128];

	snprintf(file, sizeof(file), "%s/cgroup.procs", path);
	if (!host_write(file, "0"))
		die("%s", file);
}

static void groups_begin(void)
{
	mkdir(GROUPS, 0755);
	if (mount("none", GROUPS, "cgroup2", 0, NULL))
		die("cgroup2");
}

static void groups_end(void)
{
	enter(GROUPS);
	if (rmdir(INNER) || rmdir(OUTER) || umount(GROUPS) || rmdir(GROUPS))
		die(GROUPS);
}

/* Open: who is not named comes with the usual terms. */
static void by_group(void)
{
	uint64_t outer, inner;

	groups_begin();
	outer = group(OUTER);
	inner = group(INNER);
	enter(INNER);
	EXPECT_EQ(weight_of_new_vm(), 100);
	EXPECT(admit_with(HECACHE_RULE_CGROUP, outer, 11));
	EXPECT_EQ(weight_of_new_vm(), 11);
	EXPECT(admit_with(HECACHE_RULE_CGROUP, inner, 12));
	EXPECT_EQ(weight_of_new_vm(), 12);
	EXPECT(admit_with(HECACHE_RULE_PROCESS, getpid(), 13));
	EXPECT_EQ(weight_of_new_vm(), 13);
	EXPECT_EQ(nr_rules(), 3);
	enter(OUTER);
	EXPECT(dismiss(HECACHE_RULE_PROCESS, getpid()));
	EXPECT_EQ(weight_of_new_vm(), 11);
	enter(GROUPS);
	EXPECT_EQ(weight_of_new_vm(), 100);
	EXPECT(host_ask_value(HECACHE_ADMISSION, HECACHE_ADMISSION_NAMED));
	EXPECT_EQ(weight_of_new_vm(), 0);
	enter(INNER);
	EXPECT_EQ(weight_of_new_vm(), 12);
	EXPECT(dismiss(HECACHE_RULE_CGROUP, inner));
	EXPECT_EQ(weight_of_new_vm(), 11);
	EXPECT(dismiss(HECACHE_RULE_CGROUP, outer));
	EXPECT(!dismiss(HECACHE_RULE_CGROUP, outer) && errno == ESRCH);
	EXPECT_EQ(weight_of_new_vm(), 0);
	EXPECT(host_ask_value(HECACHE_ADMISSION, HECACHE_ADMISSION_OPEN));
	EXPECT_EQ(nr_rules(), 0);
	groups_end();
}

/* Named after its first HELLO, and with all its terms. */
static void refused_then_named(void)
{
	struct hecache_control_rule op = rule(HECACHE_RULE_PROCESS, getpid());
	struct hecache_control_client client = { 0 };
	uint64_t refused = host_stat("hellos_refused");
	uint64_t calls = host_stat("error_eperm");
	struct vm *vm = vm_create();

	EXPECT(host_ask_value(HECACHE_ADMISSION, HECACHE_ADMISSION_NAMED));
	EXPECT_EQ(vm_hello(vm, 0), HEC_EPERM);
	EXPECT_EQ(vm_pool(vm), HEC_ESTALE);
	EXPECT_EQ(vm_hello(vm, 0), HEC_EPERM);
	EXPECT_EQ(host_stat("clients"), 0);
	EXPECT_EQ(host_stat("hellos_refused"), refused + 2);
	EXPECT_EQ(host_stat("error_eperm"), calls + 2);
	op.which = HECACHE_TERM_ALL;
	op.terms = (struct hecache_control_terms){
		.guaranteed_pages = 2 * MB,
		.max_pages = 4 * MB,
		.weight = 33,
		.policy = HECACHE_POLICY_LRU,
		.max_pools = 5,
		.frozen = 1,
	};
	EXPECT(host_ask(HECACHE_ADMIT, &op));
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT(host_client(getpid(), &client));
	EXPECT(!memcmp(&client.terms, &op.terms, sizeof(op.terms)));
	/* What it has begun with is its own: the rule's end is for VMs to come. */
	EXPECT(dismiss(HECACHE_RULE_PROCESS, getpid()));
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT(host_ask_value(HECACHE_ADMISSION, HECACHE_ADMISSION_OPEN));
	vm_destroy(vm);
	EXPECT(host_stat_becomes("clients", 0));
}

/* Neither a HELLO that is not admitted nor one that is wrong takes a slot. */
static void no_slot_is_taken(void)
{
	struct vm *vm = vm_create();
	unsigned int i;

	EXPECT_EQ(vm_call(vm, HEC_CMD_HELLO, 99, 0, 0), HEC_EVERSION);
	EXPECT_EQ(vm_call(vm, HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 1),
		  HEC_EINVAL);
	EXPECT_EQ(host_stat("clients"), 0);
	EXPECT(host_ask_value(HECACHE_ADMISSION, HECACHE_ADMISSION_NAMED));
	for (i = 0; i < 1000; i++)
		EXPECT_EQ(vm_hello(vm, 0), HEC_EPERM);
	EXPECT_EQ(host_stat("clients"), 0);
	EXPECT(host_ask_value(HECACHE_ADMISSION, HECACHE_ADMISSION_OPEN));
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT_EQ(host_stat("clients"), 1);
	vm_destroy(vm);
	EXPECT(host_stat_becomes("clients", 0));
}

/* A guarantee that cannot be kept: the VM does not come, rather than without it. */
static void promise_that_cannot_be_kept(void)
{
	struct hecache_control_rule op = rule(HECACHE_RULE_PROCESS, getpid());
	struct vm *vm = vm_create();

	op.which = HECACHE_TERM_GUARANTEED;
	op.terms.guaranteed_pages = 1000 * MB;
	EXPECT(host_ask(HECACHE_ADMIT, &op));
	EXPECT_EQ(vm_hello(vm, 0), HEC_ENOMEM);
	EXPECT_EQ(host_stat("clients"), 0);
	EXPECT(dismiss(HECACHE_RULE_PROCESS, getpid()));
	EXPECT_EQ(vm_hello(vm, 0), 0);
	vm_destroy(vm);
	EXPECT(host_stat_becomes("clients", 0));
}

static void expect_refused(struct hecache_control_rule op, int err)
{
	EXPECT(!host_ask(HECACHE_ADMIT, &op));
	EXPECT_EQ(errno, err);
}

/* A process that has ended by the time this returns. */
static pid_t dead_process(void)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork");
	if (!pid)
		_exit(0);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	return pid;
}

static void wrong_rules(void)
{
	struct hecache_control_rule op = rule(HECACHE_RULE_CGROUP, 1);
	struct vm *vm = vm_create();

	EXPECT_EQ(vm_hello(vm, 0), 0);
	expect_refused(rule(2, 1), EINVAL);
	expect_refused(rule(HECACHE_RULE_CGROUP, 0), EINVAL);
	expect_refused(rule(HECACHE_RULE_PROCESS, dead_process()), ESRCH);
	expect_refused(rule(HECACHE_RULE_PROCESS, 1ull << 40), ESRCH);
	op.terms.weight = 5;
	expect_refused(op, EINVAL);
	op.which = HECACHE_TERM_WEIGHT;
	op.terms.weight = 65536;
	expect_refused(op, EINVAL);
	op.which = HECACHE_TERM_MAX | HECACHE_TERM_GUARANTEED;
	op.terms = (struct hecache_control_terms){ .max_pages = 5,
						   .guaranteed_pages = 6 };
	expect_refused(op, EINVAL);
	EXPECT_EQ(nr_rules(), 0);
	vm_destroy(vm);
}

/* The table is bounded; a process's rule goes with the process. */
static void many_rules(void)
{
	struct hecache_control_rule op;
	struct vm *vm = vm_create();
	unsigned int i, seen = 0;

	EXPECT_EQ(vm_hello(vm, 0), 0);
	for (i = 1; i <= 1024; i++)
		EXPECT(admit_with(HECACHE_RULE_CGROUP, 1000 * i, i));
	expect_refused(rule(HECACHE_RULE_CGROUP, 1), ENOSPC);
	EXPECT(admit_with(HECACHE_RULE_CGROUP, 1000, 77));
	op = rule(HECACHE_RULE_CGROUP, 0);
	while (host_ask(HECACHE_RULE, &op)) {
		seen++;
		EXPECT_EQ(op.subject, 1000 * seen);
		EXPECT_EQ(op.terms.weight, seen == 1 ? 77 : seen);
		op.subject++;
	}
	EXPECT_EQ(errno, ESRCH);
	EXPECT_EQ(seen, 1024);
	for (i = 1; i <= 1024; i++)
		EXPECT(dismiss(HECACHE_RULE_CGROUP, 1000 * i));
	EXPECT_EQ(nr_rules(), 0);
	vm_destroy(vm);
}

static void a_process_ends(void)
{
	struct hecache_control_rule op = rule(HECACHE_RULE_PROCESS, 0);
	struct vm *vm = vm_create();
	int hold[2], status;
	pid_t pid;
	char byte;

	EXPECT_EQ(vm_hello(vm, 0), 0);
	if (pipe(hold) || (pid = fork()) < 0)
		die("fork");
	if (!pid) {
		close(hold[1]);
		_exit(read(hold[0], &byte, 1) != 0);
	}
	EXPECT(admit_with(HECACHE_RULE_PROCESS, pid, 5));
	EXPECT(host_ask(HECACHE_RULE, &op));
	EXPECT_EQ(op.subject, pid);
	close(hold[0]);
	close(hold[1]);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	op.subject = 0;
	EXPECT(!host_ask(HECACHE_RULE, &op) && errno == ESRCH);
	EXPECT_EQ(nr_rules(), 0);
	vm_destroy(vm);
}

const struct check admission_checks[] = {
	{ "by_group", by_group },
	{ "refused_then_named", refused_then_named },
	{ "no_slot_is_taken", no_slot_is_taken },
	{ "promise_that_cannot_be_kept", promise_that_cannot_be_kept },
	{ "wrong_rules", wrong_rules },
	{ "many_rules", many_rules },
	{ "a_process_ends", a_process_ends },
	{},
};
