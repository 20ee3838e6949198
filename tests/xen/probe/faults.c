// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that must be refused, and must leave everything as it was.
 */
#include "probe.h"

#include <asm/pgtable.h>
#include <xen/xen.h>

static void bad_words(u64 pool, u64 *page)
{
	u64 gfn = probe_frame(page);

	probe_expect(probe_call(0, 0, 0, 0), HEC_ENOSYS, "command 0");
	probe_expect(probe_call(0xff, 0, 0, 0), HEC_ENOSYS, "command 255");
	probe_expect(probe_call(HEC_CMD_HELLO, HEC_ABI_VERSION + 1, 0, 0),
		     HEC_EVERSION, "an ABI version to come");
	probe_expect(probe_call(HEC_CMD_HELLO, HEC_ABI_VERSION, 1ull << 63, 0),
		     HEC_EVERSION, "a feature to come");
	probe_expect(probe_call(HEC_CMD_PUT | 1ull << 16, pool, 0, gfn),
		     HEC_EINVAL, "a sequence number that was not agreed on");
	probe_expect(probe_call(HEC_CMD_POOL_NEW, 0, 77, 0), HEC_EINVAL,
		     "a kind of pool that there is not");
	probe_expect(probe_call(HEC_CMD_PUT, pool, ~0ull, gfn), HEC_EINVAL,
		     "an index beyond the last");
	probe_expect(probe_call(HEC_CMD_FLUSH_RANGE, pool, 0,
				HEC_ABI_RANGE_MAX + 1),
		     HEC_EINVAL, "a range that is too long");
	probe_expect(probe_call(HEC_CMD_BATCH_PUT, pool, gfn,
				HEC_ABI_BATCH_MAX + 1),
		     HEC_EINVAL, "a batch that is too long");
}

/* The page under index 1 must survive a get to a bad destination. */
static void bad_destination(u64 pool, u64 *page, u64 gfn, const char *what)
{
	probe_fill(page, 11);
	probe_put(pool, 1, page);
	probe_expect(probe_call(HEC_CMD_GET, pool, 1, gfn), HEC_EFAULT, what);
	memset(page, 0, PAGE_SIZE);
	probe_get(pool, 1, page);
	probe_verdict(probe_holds(page, 11), "  the page stays cached");
}

/* Of a put from a bad source nothing must remain, nor older content. */
static void bad_source(u64 pool, u64 *page, u64 gfn, const char *what)
{
	probe_put(pool, 2, page);
	probe_expect(probe_call(HEC_CMD_PUT, pool, 2, gfn), HEC_EFAULT, what);
	probe_expect(probe_get(pool, 2, page), HEC_ENOENT,
		     "  older content is gone");
}

static void bad_frames(u64 pool, u64 *page)
{
	static const u64 frames[] = { ~0ull, 1ull << 63, 1ull << 40, 1ull << 36,
				      0xfee00 /* the local APIC */ };
	char what[40];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		snprintf(what, sizeof(what), "a put from frame %llx",
			 frames[i]);
		bad_source(pool, page, frames[i], what);
		snprintf(what, sizeof(what), "a get to frame %llx", frames[i]);
		bad_destination(pool, page, frames[i], what);
	}
}

/* Machine frames of which a PV guest may know, but not write to them. */
static void pv_frames(u64 pool, u64 *page)
{
	u64 table = probe_frame(current->mm->pgd);

	bad_destination(pool, page, table, "a get to a page table");
	/* What is low belongs to dom0. */
	if (!xen_initial_domain()) {
		bad_destination(pool, page, 0x100,
				"a get to another domain's frame");
		bad_source(pool, page, 0x100,
			   "a put from another domain's frame");
	}
	probe_expect(probe_call(HEC_CMD_PUT, pool, 3, table), HEC_OK,
		     "a put from a page table, which the guest can read");
}

void probe_faults(void)
{
	u64 *page = probe_page();
	u64 pool = probe_pool(HEC_FEATURE_BATCH);

	probe_verdict(pool != 0, "HELLO, and a pool");
	if (pool) {
		bad_words(pool, page);
		bad_frames(pool, page);
		if (xen_pv_domain())
			pv_frames(pool, page);
	}
	free_page((unsigned long)page);
}
