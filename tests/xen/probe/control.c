// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control operations: done for the control domain, refused to others.
 */
#include "probe.h"

#include <linux/slab.h>

#include <hecache/policies.h>
#include <public/hecache.h>

#define CHUNK_FRAMES 512u
#define NOBODY 0x7fefu /* the last number that a domain can have */

static union {
	struct xen_hecache_info info;
	struct xen_hecache_client client;
	struct xen_hecache_resize resize;
	struct xen_hecache_set set;
	struct xen_hecache_flush flush;
	struct xen_hecache_reset reset;
	struct xen_hecache_tax tax;
	struct xen_hecache_pool pool;
	struct xen_hecache_dismiss dismiss;
	struct xen_hecache_admission admission;
} op;

static const struct {
	u64 cmd;
	const char *name;
} commands[] = {
	{ XEN_HECACHE_INFO, "INFO" },
	{ XEN_HECACHE_CLIENT, "CLIENT" },
	{ XEN_HECACHE_RESIZE, "RESIZE" },
	{ XEN_HECACHE_SET, "SET" },
	{ XEN_HECACHE_FLUSH, "FLUSH" },
	{ XEN_HECACHE_RESET, "RESET" },
	{ XEN_HECACHE_TAX, "TAX" },
	{ XEN_HECACHE_POOL, "POOL" },
	{ XEN_HECACHE_ADMIT, "ADMIT" },
	{ XEN_HECACHE_DISMISS, "DISMISS" },
	{ XEN_HECACHE_ADMISSION, "ADMISSION" },
};

static u64 control(u64 cmd)
{
	return probe_call(cmd, (unsigned long)&op, 0, 0);
}

static struct xen_hecache_info info(void)
{
	memset(&op, 0, sizeof(op));
	control(XEN_HECACHE_INFO);
	return op.info;
}

static u64 frames(void)
{
	return info().frames;
}

/* This domain, as the cache has it. */
static struct xen_hecache_client self(void)
{
	memset(&op, 0, sizeof(op));
	control(XEN_HECACHE_CLIENT);
	return op.client;
}

static u64 resize(u64 to)
{
	op.resize = (struct xen_hecache_resize){ .frames = to };
	return control(XEN_HECACHE_RESIZE);
}

static u64 set(u32 domid, u32 which, struct xen_hecache_terms terms)
{
	op.set = (struct xen_hecache_set){ .domid = domid,
					   .terms = terms,
					   .which = which };
	return control(XEN_HECACHE_SET);
}

static u64 admit(u32 domid)
{
	op.set = (struct xen_hecache_set){ .domid = domid };
	return control(XEN_HECACHE_ADMIT);
}

static u64 dismiss(u32 domid)
{
	op.dismiss = (struct xen_hecache_dismiss){ .domid = domid };
	return control(XEN_HECACHE_DISMISS);
}

static u64 admission(u32 by_name)
{
	op.admission = (struct xen_hecache_admission){ .by_name = by_name };
	return control(XEN_HECACHE_ADMISSION);
}

static u64 flush(u32 domid, u64 pages)
{
	op.flush = (struct xen_hecache_flush){ .domid = domid, .pages = pages };
	return control(XEN_HECACHE_FLUSH);
}

static u64 reset(u32 domid)
{
	op.reset = (struct xen_hecache_reset){ .domid = domid };
	return control(XEN_HECACHE_RESET);
}

static u64 tax(u32 percent)
{
	op.tax = (struct xen_hecache_tax){ .percent = percent };
	return control(XEN_HECACHE_TAX);
}

static u64 pool_before(u32 domid, u64 before)
{
	op.pool = (struct xen_hecache_pool){ .domid = domid, .pool = before };
	return control(XEN_HECACHE_POOL);
}

static void resizing(void)
{
	u64 before = frames(), pool = probe_pool(0), i, hits = 0;
	u64 *page = probe_page();

	for (i = 0; i < before; i++) {
		probe_fill(page, i);
		probe_put(pool, i, page);
	}
	probe_expect(resize(before / 2), 0, "the cache shrinks to a half");
	probe_verdict(frames() == before / 2, "  and says so");
	for (i = 0; i < before; i++)
		if (!probe_get(pool, i, page) && !probe_holds(page, i))
			break;
		else if (probe_holds(page, i))
			hits++;
	pr_info("hecprobe: %llu of %llu pages are left\n", hits, before);
	probe_verdict(i == before && hits > before / 4 && hits <= before / 2,
		      "  and what is left is right");
	probe_expect(resize(before), 0, "the cache grows again");
	probe_verdict(frames() == before, "  and says so");
	probe_expect(resize(1ull << 60), -EINVAL, "a size beyond the limit");
	free_page((unsigned long)page);
}

static void terms(void)
{
	const struct xen_hecache_terms all = { .guaranteed_pages = 600,
					       .max_pages = 900,
					       .weight = 250,
					       .max_pools = 5,
					       .policy = HEC_POLICY_ARC,
					       .frozen = 1 };
	const struct xen_hecache_terms first = self().terms;
	struct xen_hecache_terms now;

	probe_expect(set(0, XEN_HECACHE_SET_ALL, all), 0, "all terms are set");
	now = self().terms;
	probe_verdict(!memcmp(&now, &all, sizeof(all)), "  and shown");
	probe_expect(set(0, XEN_HECACHE_SET_WEIGHT,
			 (struct xen_hecache_terms){ .weight = 7 }),
		     0, "one term is set");
	now = self().terms;
	probe_verdict(now.weight == 7 && now.max_pages == 900 &&
			      now.guaranteed_pages == 600 && now.frozen == 1 &&
			      now.max_pools == 5 &&
			      now.policy == HEC_POLICY_ARC,
		      "  and the others stay");
	probe_expect(set(0, XEN_HECACHE_SET_ALL, first), 0,
		     "the first terms again");
}

static void bad_terms(void)
{
	const struct xen_hecache_terms first = self().terms;
	struct xen_hecache_terms now, bad = first;

	bad.weight = 65536;
	probe_expect(set(0, XEN_HECACHE_SET_ALL, bad), -EINVAL,
		     "a weight that is too large");
	bad = (struct xen_hecache_terms){ .policy = HEC_NR_POLICIES,
					  .frozen = 2 };
	probe_expect(set(0, XEN_HECACHE_SET_POLICY, bad), -EINVAL,
		     "a policy that there is not");
	probe_expect(set(0, XEN_HECACHE_SET_FROZEN, bad), -EINVAL,
		     "frozen twice");
	bad = (struct xen_hecache_terms){ .guaranteed_pages = 9,
					  .max_pages = 8 };
	probe_expect(set(0, XEN_HECACHE_SET_ALL, bad), -EINVAL,
		     "a maximum below the guarantee");
	bad = (struct xen_hecache_terms){ .guaranteed_pages =
						  info().frames_max + 1 };
	probe_expect(set(0, XEN_HECACHE_SET_GUARANTEED | XEN_HECACHE_SET_MAX,
			 bad),
		     -ENOSPC, "a guarantee that cannot be kept");
	probe_expect(set(0, XEN_HECACHE_SET_ALL + 1, first), -EINVAL,
		     "a term to come");
	bad = (struct xen_hecache_terms){ .max_pools =
						  info().client_pools + 1 };
	probe_expect(set(0, XEN_HECACHE_SET_POOLS, bad), -EINVAL,
		     "more pools than a client can be allowed");
	now = self().terms;
	probe_verdict(!memcmp(&now, &first, sizeof(now)),
		      "  and none of it changed anything");
}

static void freezing(u64 pool, u64 *page)
{
	struct xen_hecache_terms terms = { .frozen = 1 };

	probe_fill(page, 1);
	probe_put(pool, 1, page);
	probe_put(pool, 2, page);
	set(0, XEN_HECACHE_SET_FROZEN, terms);
	probe_expect(probe_put(pool, 2, page), HEC_ENOSPC,
		     "a put of a frozen client");
	probe_expect(probe_get(pool, 2, page), HEC_ENOENT,
		     "  leaves nothing older");
	probe_expect(probe_get(pool, 1, page), HEC_OK,
		     "a get of a frozen client");
	terms.frozen = 0;
	set(0, XEN_HECACHE_SET_FROZEN, terms);
	probe_expect(probe_put(pool, 2, page), HEC_OK,
		     "a put of one that was thawed");
}

static void flushing(u64 pool, u64 *page)
{
	struct xen_hecache_stats before, after;
	u64 i, hits = 0;

	flush(0, ~0ull);
	for (i = 0; i < 1000; i++) {
		probe_fill(page, i);
		probe_put(pool, i, page);
	}
	before = self().stats;
	probe_expect(flush(0, 300), 0, "some of a client's pages are flushed");
	after = self().stats;
	probe_verdict(before.pages == 1000 && after.pages == 700 &&
			      after.flushes == before.flushes + 300,
		      "  that many");
	for (i = 0; i < 1000; i++)
		hits += !probe_get(pool, i, page) && probe_holds(page, i);
	probe_verdict(hits == 700, "  the others are right");
	probe_put(pool, 1, page);
	probe_expect(flush(0, ~0ull), 0, "all are flushed");
	probe_verdict(self().stats.pages == 0, "  and gone");
	probe_expect(probe_get(pool, 1, page), HEC_ENOENT, "  for the client");
	probe_expect(reset(0), 0, "counts are reset");
	after = self().stats;
	probe_verdict(!after.puts && !after.hits && !after.misses &&
			      !after.flushes && after.pools == 1,
		      "  but not levels");
}

/* This domain's pools, of which @first is the handle of the only one. */
static void pools(u64 first, u64 *page)
{
	u64 second = probe_call(HEC_CMD_POOL_NEW, 0, HEC_POOL_INCLUSIVE, 0);
	u64 id;

	probe_fill(page, 1);
	probe_put(first, 1, page);
	probe_put(first, 2, page);
	probe_expect(pool_before(0, ~0ull), 0, "the newest pool");
	probe_verdict(op.pool.kind == XEN_HECACHE_POOL_INCLUSIVE &&
			      !op.pool.pages && op.pool.pool != second,
		      "  is shown, but not its handle");
	id = op.pool.pool;
	probe_expect(pool_before(0, id), 0, "the one before it");
	probe_verdict(op.pool.kind == XEN_HECACHE_POOL_EPHEMERAL &&
			      op.pool.pages == 2 && op.pool.pool < id,
		      "  is shown");
	probe_expect(pool_before(0, op.pool.pool), -ENOENT, "  is the last");
	op.pool = (struct xen_hecache_pool){ .kind = 1 };
	probe_expect(control(XEN_HECACHE_POOL), -EINVAL, "a reserved field");
	probe_call(HEC_CMD_POOL_END, second, 0, 0);
	probe_expect(pool_before(0, ~0ull), 0, "a pool that ended");
	probe_verdict(op.pool.pool != id, "  is not shown");
}

static void taxing(void)
{
	probe_expect(tax(75), 0, "a tax on idle memory");
	probe_verdict(info().idle_tax == 75, "  is shown");
	probe_expect(tax(96), -EINVAL, "a tax that is too high");
	op.tax.reserved = 1;
	probe_expect(control(XEN_HECACHE_TAX), -EINVAL, "a reserved field");
	probe_verdict(info().idle_tax == 75, "  nothing has changed");
	tax(0);
}

/* New pools until one is refused with @err; how many. */
static u32 pools_until(s64 err)
{
	u64 pool;
	u32 nr = 0;

	for (;;) {
		pool = probe_call(HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0);
		if (hec_abi_is_err(pool))
			break;
		nr++;
	}
	return pool == (u64)err ? nr : ~0u;
}

/* One client cannot take the pools that others can have. */
static void pools_of_each(void)
{
	struct xen_hecache_terms terms = self().terms;
	u32 each = terms.max_pools;

	probe_call(HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0);
	probe_verdict(each == 64 && pools_until(HEC_EPERM) == each,
		      "a client has its pools, and no more");
	probe_call(HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0);
	terms.max_pools = 2;
	probe_expect(set(0, XEN_HECACHE_SET_POOLS, terms), 0,
		     "fewer pools than that");
	probe_verdict(pools_until(HEC_EPERM) == 2, "  and no more");
	terms.max_pools = each;
	set(0, XEN_HECACHE_SET_POOLS, terms);
}

static void admissions(void)
{
	probe_expect(admission(1), 0, "admission by name");
	probe_verdict(info().by_name == 1, "  is shown");
	probe_verdict(probe_pool(0) != 0, "  and a client stays one");
	probe_expect(admission(0), 0, "admission of all");
	probe_expect(admission(2), -EINVAL, "an admission to come");
	op.admission =
		(struct xen_hecache_admission){ .by_name = 1, .reserved = 1 };
	probe_expect(control(XEN_HECACHE_ADMISSION), -EINVAL,
		     "a reserved field");
	probe_verdict(info().by_name == 0, "  nothing has changed");
	probe_expect(admit(0), 0, "a client that is named");
	probe_verdict(self().has_called == 1, "  has called already");
	probe_expect(dismiss(0), -EINVAL, "the caller, dismissed");
	op.dismiss = (struct xen_hecache_dismiss){ .reserved = 1 };
	probe_expect(control(XEN_HECACHE_DISMISS), -EINVAL, "a reserved field");
}

/* Clients that there are not, and the field next to the domain's number. */
static void strangers(void)
{
	static const u32 domids[] = { NOBODY, 0x7ff0 /* "self" */, 0x10000,
				      ~0u };
	struct xen_hecache_terms terms = {};
	bool found = false;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(domids); i++) {
		u32 domid = domids[i];

		op.client.domid = domid;
		found |= control(XEN_HECACHE_CLIENT) != (u64)-ENOENT;
		found |= set(domid, 0, terms) != (u64)-ENOENT;
		found |= flush(domid, 1) != (u64)-ENOENT;
		found |= reset(domid) != (u64)-ENOENT;
		found |= pool_before(domid, ~0ull) != (u64)-ENOENT;
		found |= admit(domid) != (u64)-ENOENT;
		found |= dismiss(domid) != (u64)-ENOENT;
	}
	probe_verdict(!found, "domains that are no clients");
	op.flush = (struct xen_hecache_flush){ .reserved = 1 };
	probe_expect(control(XEN_HECACHE_FLUSH), -EINVAL, "a reserved field");
	op.reset = (struct xen_hecache_reset){ .reserved = 1 };
	probe_expect(control(XEN_HECACHE_RESET), -EINVAL, "a reserved field");
}

static void bad_addresses(void)
{
	unsigned int i, wrong = 0;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (probe_call(commands[i].cmd, 1ull << 63, 0, 0) !=
		    (u64)-EFAULT)
			wrong++;
	probe_expect(wrong, 0, "bad addresses, for every command");
}

void probe_control(void)
{
	u64 *page = probe_page();
	u64 pool = probe_pool(0);

	probe_verdict(pool != 0, "HELLO, and a pool");
	probe_verdict(frames() >= 4 * CHUNK_FRAMES, "the cache's size");
	probe_verdict(info().version == XEN_HECACHE_VERSION, "the version");
	memset(&op, 0, sizeof(op));
	probe_expect(control(XEN_HECACHE_CLIENT), 0, "the first client");
	probe_verdict(op.client.domid == 0 && op.client.stats.pools == 1,
		      "  is this domain, and has a pool");
	probe_expect(control(0x1ff), -EOPNOTSUPP, "an operation to come");
	probe_expect(probe_call(XEN_HECACHE_INFO, (unsigned long)&op, 1, 0),
		     -EINVAL, "a third word");
	probe_expect(probe_call(XEN_HECACHE_INFO, (unsigned long)&op, 0, 1),
		     -EINVAL, "a fourth word");
	bad_addresses();
	strangers();
	terms();
	bad_terms();
	freezing(pool, page);
	flushing(pool, page);
	pools(pool, page);
	taxing();
	pools_of_each();
	admissions();
	resizing();
	free_page((unsigned long)page);
}

/* Every one of them; and nothing is told in passing. */
void probe_refused(void)
{
	char what[32];
	unsigned int i;

	memset(&op, 0x5a, sizeof(op));
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		snprintf(what, sizeof(what), "%s is refused", commands[i].name);
		probe_expect(control(commands[i].cmd), -EPERM, what);
	}
	probe_verdict(!memchr_inv(&op, 0x5a, sizeof(op)),
		      "  and tells nothing");
	probe_expect(control(0xff00), -EPERM, "anything like it is refused");
}
