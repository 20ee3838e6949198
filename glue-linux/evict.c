// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel tells about pages, through two of its tracepoints.
 *
 * mm_filemap_delete_from_page_cache: a page leaves the page cache; interrupts
 * are off and the mapping's lock is held.  A page whose reference count is
 * frozen at zero was reclaimed: it is clean, unmapped, and nobody else has it.
 * It is put, if its link stands.  Any other page was truncated or invalidated.
 * The probe neither sleeps nor allocates; the hypervisor copies the page or
 * refuses, but does not wait either.
 *
 * writeback_dirty_folio: a clean page becomes dirty.  It fires for each such
 * change wherever pages are written back (ext4, xfs, btrfs, a block device's
 * own mapping), after the dirty bit was set, with the mapping's lock held.
 *
 * The probes are typed by the kernel they were taken from: compat.h refuses
 * kernels before folios.
 */
#include "evict.h"

#include <linux/pagemap.h>

#include "block.h"
#include "link.h"
#include "live.h"
#include "probe.h"
#include "seal.h"

static void put(struct page *page, const struct hec_link *link)
{
	struct hec_target *t;

	t = hec_live_target(hec_where_slot(link->where));
	if (!t || !hec_caching(t))
		return;
	if (hec_seal(page) == link->seal)
		hec_blocks_put(t, page, link);
	else
		hec_count(t, HEC_STAT_CHANGED, 1);
}

/* A folio leaves the page cache, or the swap cache (swap.c). */
void hec_evict(struct folio *folio)
{
	bool evicted = !folio_ref_count(folio) && !folio_test_dirty(folio) &&
		       !folio_test_writeback(folio);
	long i, nr = folio_nr_pages(folio);
	struct hec_link link;

	rcu_read_lock();
	for (i = 0; i < nr; i++) {
		if (evicted && hec_link_look(folio_pfn(folio) + i, &link))
			put(folio_page(folio, i), &link);
		hec_link_drop(folio_pfn(folio) + i);
	}
	rcu_read_unlock();
}

static void probe_delete(void *data, struct folio *folio)
{
	hec_evict(folio);
}

static void probe_dirty(void *data, struct folio *folio,
			struct address_space *mapping)
{
	long i, nr = folio_nr_pages(folio);

	for (i = 0; i < nr; i++)
		hec_link_drop(folio_pfn(folio) + i);
}

static struct hec_probe probes[] = {
	{ .name = "mm_filemap_delete_from_page_cache",
	  .function = probe_delete },
	{ .name = "writeback_dirty_folio", .function = probe_dirty },
};

int hec_evict_register(void)
{
	return hec_probes_register(probes, ARRAY_SIZE(probes));
}

/* No probe runs any more when it returns. */
void hec_evict_unregister(void)
{
	hec_probes_unregister(probes, ARRAY_SIZE(probes));
}
