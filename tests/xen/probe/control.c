// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control operations: done for the control domain, refused to others.
 */
#include "probe.h"

#include <linux/slab.h>

#include <public/hecache.h>

#define CHUNK_FRAMES 512u

static union {
	struct xen_hecache_info info;
	struct xen_hecache_client client;
	struct xen_hecache_resize resize;
} op;

static u64 control(u64 cmd)
{
	return probe_call(cmd, (unsigned long)&op, 0, 0);
}

static u64 frames(void)
{
	memset(&op, 0, sizeof(op));
	return control(XEN_HECACHE_INFO) ? 0 : op.info.frames;
}

static u64 resize(u64 to)
{
	op.resize.frames = to;
	return control(XEN_HECACHE_RESIZE);
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

void probe_control(void)
{
	u64 pool = probe_pool(0);

	probe_verdict(pool != 0, "HELLO, and a pool");
	probe_verdict(frames() >= 4 * CHUNK_FRAMES, "the cache's size");
	memset(&op, 0, sizeof(op));
	probe_expect(control(XEN_HECACHE_CLIENT), 0, "the first client");
	probe_verdict(op.client.domid == 0 && op.client.stats.pools == 1,
		      "  is this domain, and has a pool");
	op.client.domid = 0x7fef;
	probe_expect(control(XEN_HECACHE_CLIENT), -ENOENT, "the last client");
	probe_expect(control(0x1ff), -EOPNOTSUPP, "an operation to come");
	probe_expect(probe_call(XEN_HECACHE_INFO, 1ull << 63, 0, 0), -EFAULT,
		     "a bad address");
	resizing();
}

void probe_refused(void)
{
	probe_expect(control(XEN_HECACHE_INFO), -EPERM, "INFO is refused");
	probe_expect(control(XEN_HECACHE_CLIENT), -EPERM, "CLIENT is refused");
	probe_expect(resize(0), -EPERM, "RESIZE is refused");
	probe_expect(control(0xff00), -EPERM, "anything like it is refused");
}
