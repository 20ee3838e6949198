// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmcall MODULE [SEED [CHECK...]]: tests hecache-kvm.ko (loaded from file
 * MODULE) through real hypercalls of small virtual machines: all checks, or
 * those that are named.  Prints "ok NAME" or "FAIL NAME" for each and "N passed,
 * N failed" at last; status 0 if none failed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "load.h"

#define FAILURES_SHOWN 10 /* of one check */

uint64_t check_seed;
static unsigned int failures; /* of the check that runs */

void check_failed(const char *file, int line, const char *what, uint64_t got,
		  uint64_t wanted)
{
	unsigned int n = __atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);

	if (n <= FAILURES_SHOWN)
		printf("# %s:%d: %s: %" PRId64 ", not %" PRId64 "\n", file,
		       line, what, (int64_t)got, (int64_t)wanted);
}

uint64_t check_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

void check_fill(void *page, uint64_t tag)
{
	uint64_t *word = page;
	size_t i;

	for (i = 0; i < PAGE / sizeof(*word); i++)
		word[i] = (tag + 1) * 0x9e3779b97f4a7c15 + i;
}

bool check_filled(const void *page, uint64_t tag)
{
	const uint64_t *word = page;
	size_t i;

	for (i = 0; i < PAGE / sizeof(*word); i++)
		if (word[i] != (tag + 1) * 0x9e3779b97f4a7c15 + i)
			return false;
	return true;
}

struct vm *check_vm(uint64_t features, uint64_t *pool)
{
	struct vm *vm = vm_create();

	EXPECT_EQ(vm_hello(vm, features), features);
	*pool = vm_pool(vm);
	EXPECT(!hec_abi_is_err(*pool));
	return vm;
}

void check_nothing_left(void)
{
	EXPECT(host_stat_becomes("clients", 0));
	EXPECT_EQ(host_stat("pages"), 0);
	EXPECT_EQ(host_stat("pools"), 0);
	EXPECT_EQ(host_stat("frames_charged"), 0);
	EXPECT_EQ(host_stat("frames_free"), host_stat("frames"));
}

static bool run(const struct check *check)
{
	uint64_t calls = vm_calls_made();

	failures = 0;
	check->run();
	calls = vm_calls_made() - calls;
	if (!calls)
		check_failed(check->name, 0, "calls made", 0, 1);
	printf("%s %s (%" PRIu64 " calls)\n", failures ? "FAIL" : "ok",
	       check->name, calls);
	fflush(stdout);
	return !failures;
}

/* True if @name is one of @names, or there are none. */
static bool is_wanted(const char *name, char *const *names)
{
	bool all = !*names;

	for (; *names; names++)
		all |= !strcmp(name, *names);
	return all;
}

static unsigned int passed, failed;

static void run_all(char *const *names)
{
	static const struct check *const suites[] = {
		protocol_checks,  secrecy_checks, fault_checks,
		mode_checks,	  dirty_checks,	  teardown_checks,
		memory_checks,	  control_checks, device_checks,
		admission_checks, signs_checks,	  model_checks,
		hostile_checks,	  unload_checks,
	};
	const struct check *check;
	unsigned int i;

	for (i = 0; i < sizeof(suites) / sizeof(*suites); i++) {
		for (check = suites[i]; check->name; check++) {
			if (!is_wanted(check->name, names))
				continue;
			if (run(check))
				passed++;
			else
				failed++;
		}
	}
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s MODULE [SEED [CHECK...]]\n",
			argv[0]);
		return 2;
	}
	host_module = argv[1];
	check_seed =
		argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);
	printf("# seed %" PRIu64 "\n", check_seed);
	if (argc > 3 && !host_load(CHECK_PARAMS))
		die("cannot load the module");
	run_all(argc > 3 ? argv + 3 : argv + argc);
	if (host_is_loaded() && !host_unload())
		die("cannot unload the module");
	printf("%" PRIu64 " pages read back and compared\n",
	       load_pages_compared());
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
