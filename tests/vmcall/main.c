// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmcall MODULE [SEED]: tests hecache-kvm.ko (loaded from file MODULE) through
 * real hypercalls of small virtual machines.  Prints "ok NAME" or "FAIL NAME"
 * for each check and "N passed, N failed" at last; status 0 if none failed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"

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

int main(int argc, char **argv)
{
	static const struct check *const suites[] = {
		protocol_checks, secrecy_checks, fault_checks,
		mode_checks,	 dirty_checks,	 teardown_checks,
		memory_checks,	 fuzz_checks,	 unload_checks,
	};
	unsigned int passed = 0, failed = 0, i;
	const struct check *check;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: %s MODULE [SEED]\n", argv[0]);
		return 2;
	}
	host_module = argv[1];
	check_seed =
		argc == 3 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);
	printf("# seed %" PRIu64 "\n", check_seed);
	for (i = 0; i < sizeof(suites) / sizeof(*suites); i++)
		for (check = suites[i]; check->name; check++)
			run(check) ? passed++ : failed++;
	if (host_is_loaded() && !host_unload())
		die("cannot unload the module");
	printf("%u passed, %u failed\n", passed, failed);
	return failed ? 1 : 0;
}
