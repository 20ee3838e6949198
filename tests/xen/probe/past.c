// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a domain had before it was saved and restored, rebooted or dismissed: its
 * handle is stale, and none of its pages comes back.
 */
#include "probe.h"

#define NR_PAGES 100

/* Leaves a pool with pages behind and says its handle. */
void probe_begin(void)
{
	u64 pool = probe_pool(0), i;
	u64 *page = probe_page();
	bool ok = pool != 0;

	for (i = 0; i < NR_PAGES; i++) {
		probe_fill(page, i);
		ok &= !probe_put(pool, i, page);
	}
	probe_verdict(ok, "a pool, and pages in it");
	pr_info("hecprobe: pool %llu\n", pool);
	free_page((unsigned long)page);
}

static unsigned int hits(u64 pool, u64 *page)
{
	unsigned int n = 0;
	u64 i;

	for (i = 0; i < NR_PAGES; i++)
		n += !probe_get(pool, i, page);
	return n;
}

void probe_stale(void)
{
	u64 pool = probe_handle, *page = probe_page();

	probe_verdict(pool != 0, "a handle from before");
	probe_expect(probe_put(pool, 1, page), HEC_ESTALE,
		     "  is stale for a put");
	probe_expect(probe_get(pool, 1, page), HEC_ESTALE, "  for a get");
	probe_expect(probe_call(HEC_CMD_FLUSH, pool, 1, 0), HEC_ESTALE,
		     "  for a flush");
	probe_expect(probe_call(HEC_CMD_POOL_END, pool, 0, 0), HEC_ESTALE,
		     "  for its end");
	probe_expect(probe_call(HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0),
		     HEC_ESTALE, "no new pool without HELLO");
	pool = probe_pool(0);
	probe_verdict(pool && pool != probe_handle, "another pool");
	probe_expect(hits(pool, page), 0, "  has no page from before");
	probe_expect(hits(probe_handle, page), 0, "  nor has the old one");
	free_page((unsigned long)page);
}

/*
 * This domain may not use the cache, or not any more: HELLO is refused, as often as
 * it is said, and all else finds nothing.
 */
void probe_barred(void)
{
	u64 *page = probe_page(), i, wrong = 0;

	probe_expect(probe_call(HEC_CMD_HELLO, HEC_ABI_VERSION + 1, 0, 0),
		     HEC_EVERSION, "HELLO of another version");
	for (i = 0; i < 1000; i++)
		wrong += probe_call(HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0) !=
			 (u64)HEC_EPERM;
	probe_expect(wrong, 0, "HELLO is refused");
	probe_expect(probe_call(HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0),
		     HEC_ESTALE, "  and no pool is made");
	probe_expect(probe_put(probe_handle, 1, page), HEC_ESTALE,
		     "  nor is a page put");
	probe_expect(probe_get(probe_handle, 1, page), HEC_ESTALE,
		     "  or found");
	free_page((unsigned long)page);
}
