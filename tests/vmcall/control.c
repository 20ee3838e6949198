// SPDX-License-Identifier: GPL-2.0-only
/* What the administrator sets, freezes, flushes and resets. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define PAGES 3000 /* more than one step of a flush */

static void expect_value(const char *key, const char *value)
{
	EXPECT(!strcmp(host_client_value(getpid(), key), value));
}

static bool tell(const char *what)
{
	return host_tell_client(getpid(), what);
}

static void expect_refused(const char *what, int err)
{
	EXPECT(!tell(what));
	EXPECT_EQ(errno, err);
}

static void terms(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	expect_value("policy", "s3fifo");
	expect_value("frozen", "0");
	EXPECT(tell("guaranteed_mb 4 max_mb 8 weight 250 policy arc frozen 1"));
	expect_value("guaranteed_mb", "4");
	expect_value("max_mb", "8");
	expect_value("weight", "250");
	expect_value("policy", "arc");
	expect_value("frozen", "1");
	expect_refused("weight 9 max_mb 2", EINVAL);
	expect_refused("weight 9 guaranteed_mb 1000 max_mb 0", ENOSPC);
	expect_refused("weight 9 policy clock", EINVAL);
	expect_refused("weight 9 frozen 2", EINVAL);
	expect_refused("weight 9 size 1", EINVAL);
	expect_refused("weight", EINVAL);
	expect_refused("weight 70000", EINVAL);
	expect_refused("weight x", EINVAL);
	expect_refused("", EINVAL);
	expect_refused("empty", EINVAL);
	expect_value("weight", "250");
	expect_value("max_mb", "8");
	EXPECT(!host_tell_client(1, "weight 9") && errno == ESRCH);
	vm_destroy(vm);
}

static void freezing(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	check_fill(vm_page(vm, VM_DATA), 1);
	EXPECT_EQ(vm_put(vm, pool, 1, VM_DATA), HEC_OK);
	EXPECT_EQ(vm_put(vm, pool, 2, VM_DATA), HEC_OK);
	EXPECT(tell("frozen 1"));
	EXPECT_EQ(vm_put(vm, pool, 2, VM_DATA), HEC_ENOSPC);
	EXPECT_EQ(vm_get(vm, pool, 2, VM_DATA + 1), HEC_ENOENT);
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA + 1), HEC_OK);
	EXPECT(check_filled(vm_page(vm, VM_DATA + 1), 1));
	EXPECT(tell("frozen 0"));
	EXPECT_EQ(vm_put(vm, pool, 2, VM_DATA), HEC_OK);
	vm_destroy(vm);
}

static void put_pages(struct vm *vm, uint64_t pool)
{
	uint64_t i;

	for (i = 0; i < PAGES; i++) {
		check_fill(vm_page(vm, VM_DATA), i);
		EXPECT_EQ(vm_put(vm, pool, i, VM_DATA), HEC_OK);
	}
}

/* Of one VM alone, and not what it was promised to keep. */
static void flushing(void)
{
	uint64_t pool, kept, i;
	struct vm *vm = check_vm(0, &pool);

	EXPECT(tell("guaranteed_mb 2"));
	kept = vm_call(vm, HEC_CMD_POOL_NEW, 0, HEC_POOL_PERSISTENT, 0);
	check_fill(vm_page(vm, VM_DATA), 77);
	EXPECT_EQ(vm_put(vm, kept, 5, VM_DATA), HEC_OK);
	put_pages(vm, pool);
	EXPECT_EQ(host_stat("pages"), PAGES + 1);
	EXPECT(!host_tell_client(1, "flush") && errno == ESRCH);
	EXPECT_EQ(host_stat("pages"), PAGES + 1);
	EXPECT(tell("flush"));
	EXPECT_EQ(host_stat("pages"), 1);
	for (i = 0; i < PAGES; i += 100)
		EXPECT_EQ(vm_get(vm, pool, i, VM_DATA), HEC_ENOENT);
	EXPECT_EQ(vm_get(vm, kept, 5, VM_DATA), HEC_OK);
	EXPECT(check_filled(vm_page(vm, VM_DATA), 77));
	put_pages(vm, pool);
	EXPECT_EQ(vm_get(vm, pool, 9, VM_DATA), HEC_OK);
	EXPECT(check_filled(vm_page(vm, VM_DATA), 9));
	vm_destroy(vm);
}

static void resetting(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	check_fill(vm_page(vm, VM_DATA), 1);
	EXPECT_EQ(vm_put(vm, pool, 1, VM_DATA), HEC_OK);
	EXPECT_EQ(vm_get(vm, pool, 2, VM_DATA), HEC_ENOENT);
	expect_value("puts", "1");
	expect_value("misses", "1");
	EXPECT(!host_tell_client(1, "reset") && errno == ESRCH);
	EXPECT(tell("reset"));
	expect_value("puts", "0");
	expect_value("misses", "0");
	expect_value("pages", "1");
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA), HEC_OK);
	expect_value("hits", "1");
	vm_destroy(vm);
}

static void tax(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	EXPECT(host_set("idle_tax", 75));
	EXPECT_EQ(host_stat("idle_tax"), 75);
	EXPECT(!host_set("idle_tax", 96) && errno == EINVAL);
	EXPECT_EQ(host_stat("idle_tax"), 75);
	EXPECT(host_set("idle_tax", 0));
	EXPECT_EQ(host_stat("idle_tax"), 0);
	vm_destroy(vm);
}

const struct check control_checks[] = {
	{ "terms", terms },	  { "freezing", freezing },
	{ "flushing", flushing }, { "resetting", resetting },
	{ "idle_tax", tax },	  {},
};
