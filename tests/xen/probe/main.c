// SPDX-License-Identifier: GPL-2.0-only
/*
 * hecprobe.ko: insmod hecprobe.ko part=NAME does that part and closes with
 * "hecprobe: N passed, N failed" in the kernel's log.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/slab.h>

#include <xen/xen.h>

#include "probe.h"

static char *part = "protocol";
module_param(part, charp, 0);
MODULE_PARM_DESC(part, "what to do");

unsigned long probe_seed = 1;
module_param_named(seed, probe_seed, ulong, 0);
MODULE_PARM_DESC(seed, "of everything random");

unsigned int probe_count = 100000;
module_param_named(count, probe_count, uint, 0);
MODULE_PARM_DESC(count, "calls of fuzz, and of each thread of hammer");

unsigned long probe_handle;
module_param_named(pool, probe_handle, ulong, 0);
MODULE_PARM_DESC(pool, "what begin said, for stale");

static const struct {
	const char *name;
	void (*run)(void);
} parts[] = {
	{ "protocol", probe_protocol }, { "faults", probe_faults },
	{ "fuzz", probe_fuzz },		{ "hammer", probe_hammer },
	{ "control", probe_control },	{ "refused", probe_refused },
	{ "begin", probe_begin },	{ "stale", probe_stale },
	{ "barred", probe_barred },
};

static unsigned int passed, failed;

void probe_verdict(bool ok, const char *what)
{
	if (ok)
		passed++;
	else
		failed++;
	pr_info("%s %s\n", ok ? "ok" : "FAIL", what);
}

void probe_expect(u64 result, s64 expected, const char *what)
{
	if (result != (u64)expected)
		pr_info("%s: %lld, not %lld\n", what, (s64)result, expected);
	probe_verdict(result == (u64)expected, what);
}

void *probe_page(void)
{
	return (void *)__get_free_page(GFP_KERNEL | __GFP_NOFAIL);
}

u64 probe_pool(u64 features)
{
	u64 pool;

	if (probe_call(HEC_CMD_HELLO, HEC_ABI_VERSION, features, 0) != features)
		return 0;
	pool = probe_call(HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0);
	return hec_abi_is_err(pool) ? 0 : pool;
}

void probe_fill(u64 *page, u64 tag)
{
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(*page); i++)
		page[i] = (tag + i) * 0x9e3779b97f4a7c15ull;
}

bool probe_holds(const u64 *page, u64 tag)
{
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / sizeof(*page); i++)
		if (page[i] != (tag + i) * 0x9e3779b97f4a7c15ull)
			return false;
	return true;
}

static int __init probe_init(void)
{
	unsigned int i;

	if (!xen_domain())
		return -ENODEV;
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (strcmp(part, parts[i].name) == 0)
			parts[i].run();
	pr_info("%u passed, %u failed\n", passed, failed);
	return 0;
}
module_init(probe_init);

static void __exit probe_exit(void)
{
}
module_exit(probe_exit);

MODULE_DESCRIPTION("Tests of the page cache's hypercall on Xen");
MODULE_LICENSE("GPL");
