// SPDX-License-Identifier: GPL-2.0-only
/* What the administrator sets, freezes, flushes and resets. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define PAGES 3000 /* more than one step of a flush */
#define MB 256u /* pages */

static struct hecache_control_client me(void)
{
	struct hecache_control_client client = { 0 };

	EXPECT(host_client(getpid(), &client));
	return client;
}

static void expect_terms(const struct hecache_control_terms *wanted)
{
	struct hecache_control_terms terms = me().terms;

	EXPECT_EQ(terms.guaranteed_pages, wanted->guaranteed_pages);
	EXPECT_EQ(terms.max_pages, wanted->max_pages);
	EXPECT_EQ(terms.weight, wanted->weight);
	EXPECT_EQ(terms.policy, wanted->policy);
	EXPECT_EQ(terms.max_pools, wanted->max_pools);
	EXPECT_EQ(terms.frozen, wanted->frozen);
}

static bool set(uint32_t which, struct hecache_control_terms terms)
{
	struct hecache_control_set op = { .version = HECACHE_CONTROL_VERSION,
					  .which = which,
					  .client = me().id,
					  .terms = terms };

	return host_ask(HECACHE_SET, &op);
}

static void expect_refused(uint32_t which, struct hecache_control_terms terms,
			   int err)
{
	EXPECT(!set(which, terms));
	EXPECT_EQ(errno, err);
}

static void terms(void)
{
	const struct hecache_control_terms usual = { .weight = 100,
						     .max_pools = 64 };
	const struct hecache_control_terms others = {
		.guaranteed_pages = 4 * MB,
		.max_pages = 8 * MB,
		.weight = 250,
		.policy = HECACHE_POLICY_ARC,
		.max_pools = 3,
		.frozen = 1,
	};
	uint32_t weight = HECACHE_TERM_WEIGHT;
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	expect_terms(&usual);
	EXPECT(set(HECACHE_TERM_ALL, others));
	expect_terms(&others);
	expect_refused(weight | HECACHE_TERM_MAX,
		       (typeof(others)){ .weight = 9, .max_pages = 2 * MB },
		       EINVAL);
	expect_refused(weight | HECACHE_TERM_GUARANTEED | HECACHE_TERM_MAX,
		       (typeof(others)){ .weight = 9,
					 .guaranteed_pages = 1000 * MB },
		       ENOSPC);
	expect_refused(weight | HECACHE_TERM_POLICY,
		       (typeof(others)){ .weight = 9, .policy = 3 }, EINVAL);
	expect_refused(weight | HECACHE_TERM_FROZEN,
		       (typeof(others)){ .weight = 9, .frozen = 2 }, EINVAL);
	expect_refused(weight | HECACHE_TERM_POOLS,
		       (typeof(others)){ .weight = 9, .max_pools = 1025 },
		       EINVAL);
	expect_refused(weight, (typeof(others)){ .weight = 65536 }, EINVAL);
	expect_refused(weight | 0x40, (typeof(others)){ .weight = 9 }, EINVAL);
	expect_refused(0, (typeof(others)){ 0 }, EINVAL);
	expect_refused(weight, (typeof(others)){ .weight = 9, .frozen = 1 },
		       EINVAL);
	expect_terms(&others);
	EXPECT(!host_set_term(1, weight, 9) && errno == ESRCH);
	vm_destroy(vm);
}

static void pools(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	EXPECT(host_set_term(getpid(), HECACHE_TERM_POOLS, 2));
	EXPECT(!hec_abi_is_err(vm_pool(vm)));
	EXPECT_EQ(vm_pool(vm), HEC_EPERM);
	EXPECT(host_set_term(getpid(), HECACHE_TERM_POOLS, 3));
	EXPECT(!hec_abi_is_err(vm_pool(vm)));
	vm_destroy(vm);
}

static void freezing(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	check_fill(vm_page(vm, VM_DATA), 1);
	EXPECT_EQ(vm_put(vm, pool, 1, VM_DATA), HEC_OK);
	EXPECT_EQ(vm_put(vm, pool, 2, VM_DATA), HEC_OK);
	EXPECT(host_set_term(getpid(), HECACHE_TERM_FROZEN, 1));
	EXPECT_EQ(vm_put(vm, pool, 2, VM_DATA), HEC_ENOSPC);
	EXPECT_EQ(vm_get(vm, pool, 2, VM_DATA + 1), HEC_ENOENT);
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA + 1), HEC_OK);
	EXPECT(check_filled(vm_page(vm, VM_DATA + 1), 1));
	EXPECT(host_set_term(getpid(), HECACHE_TERM_FROZEN, 0));
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

	EXPECT(host_set_term(getpid(), HECACHE_TERM_GUARANTEED, 2 * MB));
	kept = vm_call(vm, HEC_CMD_POOL_NEW, 0, HEC_POOL_PERSISTENT, 0);
	check_fill(vm_page(vm, VM_DATA), 77);
	EXPECT_EQ(vm_put(vm, kept, 5, VM_DATA), HEC_OK);
	put_pages(vm, pool);
	EXPECT_EQ(host_stat("pages"), PAGES + 1);
	EXPECT(!host_ask_one(1, HECACHE_FLUSH) && errno == ESRCH);
	EXPECT_EQ(host_stat("pages"), PAGES + 1);
	EXPECT(host_ask_one(getpid(), HECACHE_FLUSH));
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
	EXPECT_EQ(me().stats.puts, 1);
	EXPECT_EQ(me().stats.misses, 1);
	EXPECT(!host_ask_one(1, HECACHE_RESET) && errno == ESRCH);
	EXPECT(host_ask_one(getpid(), HECACHE_RESET));
	EXPECT_EQ(me().stats.puts, 0);
	EXPECT_EQ(me().stats.misses, 0);
	EXPECT_EQ(me().stats.pages, 1);
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA), HEC_OK);
	EXPECT_EQ(me().stats.hits, 1);
	vm_destroy(vm);
}

/* By the device and by the parameter. */
static void tax(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	EXPECT(host_set("idle_tax", 75));
	EXPECT_EQ(host_stat("idle_tax"), 75);
	EXPECT(!host_set("idle_tax", 96) && errno == EINVAL);
	EXPECT(!host_ask_value(HECACHE_TAX, 96) && errno == EINVAL);
	EXPECT_EQ(host_stat("idle_tax"), 75);
	EXPECT(host_ask_value(HECACHE_TAX, 50));
	EXPECT_EQ(host_stat("idle_tax"), 50);
	EXPECT(host_set("idle_tax", 0));
	EXPECT_EQ(host_stat("idle_tax"), 0);
	vm_destroy(vm);
}

static void size(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);

	EXPECT(host_ask_value(HECACHE_RESIZE, 32));
	EXPECT_EQ(host_stat("frames"), 32 * MB);
	EXPECT(!host_ask_value(HECACHE_RESIZE, 1024) && errno == EINVAL);
	EXPECT_EQ(host_stat("frames"), 32 * MB);
	EXPECT(host_ask_value(HECACHE_RESIZE, 64));
	EXPECT_EQ(host_stat("frames"), 64 * MB);
	vm_destroy(vm);
}

const struct check control_checks[] = {
	{ "terms", terms },	    { "pools", pools },
	{ "freezing", freezing },   { "flushing", flushing },
	{ "resetting", resetting }, { "idle_tax", tax },
	{ "size", size },	    {},
};
