// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ABI, call by call, as docs/SPEC.md has it.
 */
#include "probe.h"

static void one_page(u64 pool, u64 *page)
{
	probe_fill(page, 1);
	probe_expect(probe_put(pool, 7, page), HEC_OK, "put");
	probe_fill(page, 2);
	probe_expect(probe_get(pool, 7, page), HEC_OK, "get");
	probe_verdict(probe_holds(page, 1), "get gives what was put");
	probe_expect(probe_get(pool, 7, page), HEC_ENOENT,
		     "a get removes the page");

	probe_put(pool, 7, page);
	probe_fill(page, 3);
	probe_put(pool, 7, page);
	probe_fill(page, 4);
	probe_get(pool, 7, page);
	probe_verdict(probe_holds(page, 3), "a put replaces an older one");
}

static void flushes(u64 pool, u64 *page)
{
	u64 i;

	probe_put(pool, 7, page);
	probe_expect(probe_call(HEC_CMD_FLUSH, pool, 7, 0), HEC_OK, "flush");
	probe_expect(probe_get(pool, 7, page), HEC_ENOENT, "flush removes");

	for (i = 0; i < 10; i++)
		probe_put(pool, i, page);
	probe_call(HEC_CMD_FLUSH_RANGE, pool, 2, 5);
	probe_verdict(probe_get(pool, 1, page) == HEC_OK &&
			      probe_get(pool, 2, page) == (u64)HEC_ENOENT &&
			      probe_get(pool, 6, page) == (u64)HEC_ENOENT &&
			      probe_get(pool, 7, page) == HEC_OK,
		      "flush of a range removes it and no more");
	probe_expect(probe_call(HEC_CMD_FLUSH_POOL, pool, 0, 0), HEC_OK,
		     "flush of a pool");
	probe_expect(probe_get(pool, 8, page), HEC_ENOENT,
		     "flush of a pool removes all");
}

static void batches(u64 pool, struct hec_abi_desc *desc)
{
	u64 *pages[4];
	bool ok = true;
	int i;

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i] = probe_page();
		probe_fill(pages[i], 100 + i);
		desc[i] = (struct hec_abi_desc){
			.object = 5,
			.index = i,
			.gfn = probe_frame(pages[i]),
			.status = 1,
		};
	}
	probe_expect(probe_call(HEC_CMD_BATCH_PUT, pool, probe_frame(desc), 4),
		     HEC_OK, "a batch of puts");
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		memset(pages[i], 0, PAGE_SIZE);
	desc[3].index = 99;
	probe_call(HEC_CMD_BATCH_GET, pool, probe_frame(desc), 4);
	for (i = 0; i < 3; i++)
		ok &= !desc[i].status && probe_holds(pages[i], 100 + i);
	probe_verdict(ok, "a batch of gets gives what was put");
	probe_expect((s64)desc[3].status, HEC_ENOENT, "a miss in a batch");
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		free_page((unsigned long)pages[i]);
}

static void handles(u64 pool, u64 *page)
{
	probe_expect(probe_put(pool + 1, 0, page), HEC_ESTALE,
		     "a handle that was guessed");
	probe_put(pool, 0, page);
	probe_expect(probe_call(HEC_CMD_POOL_END, pool, 0, 0), HEC_OK,
		     "the end of a pool");
	probe_expect(probe_get(pool, 0, page), HEC_ESTALE,
		     "a handle of a pool that ended");
	pool = probe_call(HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0);
	probe_put(pool, 0, page);
	probe_call(HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0);
	probe_expect(probe_get(pool, 0, page), HEC_ESTALE,
		     "HELLO ends older pools");
}

/* One reverted to a moment before the second call, which put a page. */
static void reversion(u64 *page)
{
	const u64 number = 1ull << HEC_ABI_SEQ_SHIFT;
	u64 pool;

	probe_expect(probe_call(HEC_CMD_HELLO, HEC_ABI_VERSION,
				HEC_FEATURE_SEQUENCE, 0),
		     HEC_FEATURE_SEQUENCE, "HELLO with numbers");
	pool = probe_call(HEC_CMD_POOL_NEW | number, 0, HEC_POOL_EPHEMERAL, 0);
	probe_expect(probe_call(HEC_CMD_PUT | 2 * number, pool, 7,
				probe_frame(page)),
		     HEC_OK, "a call with the next number");
	probe_expect(probe_call(HEC_CMD_GET | 2 * number, pool, 7,
				probe_frame(page)),
		     HEC_ESTALE, "a number that was used");
	probe_expect(probe_call(HEC_CMD_GET | 3 * number, pool, 7,
				probe_frame(page)),
		     HEC_ESTALE, "all that follows it");
}

void probe_protocol(void)
{
	u64 *page = probe_page();
	u64 pool = probe_pool(HEC_FEATURE_BATCH);

	probe_verdict(pool != 0, "HELLO, and a pool");
	if (pool) {
		one_page(pool, page);
		flushes(pool, page);
		batches(pool, (struct hec_abi_desc *)page);
		handles(pool, page);
		reversion(page);
	}
	free_page((unsigned long)page);
}
