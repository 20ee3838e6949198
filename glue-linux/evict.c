// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel tells about pages, through three of its tracepoints.
 *
 * mm_filemap_delete_from_page_cache: a folio leaves the page cache; interrupts are
 * off and the mapping's lock is held, so it is only noted (leaving.c).  One whose
 * reference count is frozen at zero was reclaimed: it is clean, unmapped, and nobody
 * else has it.  Any other was truncated or invalidated.
 *
 * mm_page_free: memory is about to be freed, and has its content still.  As a rule
 * interrupts are on, and no lock is held that others wait for.  If it is that of an
 * evicted folio, the pages that have links are put.  Where interrupts are off they
 * are not.  The tracepoint fires for all memory that is freed; what is not noted
 * costs a look.
 *
 * writeback_dirty_folio: a clean folio becomes dirty.  It fires for each such
 * change wherever pages are written back (ext4, xfs, btrfs, a block device's
 * own mapping), after the dirty bit was set, with the mapping's lock held.
 *
 * The probes neither sleep nor allocate; the hypervisor copies a page or refuses, but
 * does not wait either.
 *
 * They are typed by the kernel they were taken from: compat.h refuses kernels before
 * folios.
 */
#include "evict.h"

#include <linux/pagemap.h>
#include <linux/preempt.h>

#include "leaving.h"
#include "link.h"
#include "probe.h"
#include "put.h"

/* Nobody else has it, and it is clean. */
static bool is_evicted(struct folio *folio)
{
	return !folio_ref_count(folio) && !folio_test_dirty(folio) &&
	       !folio_test_writeback(folio);
}

static void note(struct folio *folio, bool evicted)
{
	struct hec_frames lost = hec_leaving_note(folio, evicted);

	if (lost.nr)
		hec_put_skip(lost.first, lost.nr);
}

/* A folio leaves the swap cache.  If it is not evicted, its owner goes on with it. */
void hec_evict_swapped(struct folio *folio)
{
	if (is_evicted(folio))
		note(folio, true);
	else
		hec_links_drop(folio_pfn(folio), folio_nr_pages(folio));
}

static void evicted(unsigned long pfn, unsigned long nr)
{
	if (in_task() && !irqs_disabled())
		hec_put(pfn, nr);
	else
		hec_put_skip(pfn, nr);
}

/* Called for each free of the kernel's. */
static void probe_free(void *data, struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);
	enum hec_leaving leaving = hec_leaving_take(pfn);

	if (likely(leaving == HEC_LEAVING_NOT))
		return;
	if (leaving == HEC_LEAVING_EVICTED)
		evicted(pfn, 1ul << order);
	hec_links_drop(pfn, 1ul << order);
}

static void probe_delete(void *data, struct folio *folio)
{
	note(folio, is_evicted(folio));
}

static void probe_dirty(void *data, struct folio *folio,
			struct address_space *mapping)
{
	hec_links_drop(folio_pfn(folio), folio_nr_pages(folio));
}

static struct hec_probe probes[] = {
	{ .name = "mm_filemap_delete_from_page_cache",
	  .function = probe_delete },
	{ .name = "mm_page_free", .function = probe_free },
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
	hec_leaving_forget();
}
