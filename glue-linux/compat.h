/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernels that the module is built for: what one of them lacks is refused here, and
 * what they call differently has one name.  No other file asks for a version.
 *
 * PREEMPT_RT.  The kernel tells of a dirtied page where interrupts are off; the locks
 * that are taken then would sleep.
 */
#ifndef HEC_COMPAT_H
#define HEC_COMPAT_H

#ifdef CONFIG_PREEMPT_RT
#error "hecache does not work on PREEMPT_RT: dirtied pages are told of where its locks would sleep"
#endif

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "hecache needs Linux 6.1 or later: the tracepoints pass folios"
#endif

/* Of struct address_space. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define hec_private_lock private_lock
#else
#define hec_private_lock i_private_lock
#endif

/*
 * Swap.  HEC_SWAP_DELETE takes a folio, its argument of that number, out of the swap
 * cache.  HEC_SWAP_FREE is called for slots that are freed, HEC_SWAP_FREED.
 */
#include <linux/ptrace.h>
#include <linux/swap.h>
#include <linux/swapops.h>

struct hec_swap_slots {
	unsigned int type;
	pgoff_t first;
	unsigned long nr;
};

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
#define HEC_SWAP_DELETE "__delete_from_swap_cache"
#define HEC_SWAP_DELETE_FOLIO 0
#define HEC_SWAP_FREE "clear_shadow_from_swap_cache"

static inline struct hec_swap_slots hec_swap_freed(struct pt_regs *regs)
{
	pgoff_t first = regs_get_kernel_argument(regs, 1);

	return (struct hec_swap_slots){
		.type = regs_get_kernel_argument(regs, 0),
		.first = first,
		.nr = regs_get_kernel_argument(regs, 2) - first + 1,
	};
}
#else
#define HEC_SWAP_DELETE "__swap_cache_del_folio"
#define HEC_SWAP_DELETE_FOLIO 1
#define HEC_SWAP_FREE "zswap_invalidate"

static inline struct hec_swap_slots hec_swap_freed(struct pt_regs *regs)
{
	swp_entry_t entry = { .val = regs_get_kernel_argument(regs, 0) };

	return (struct hec_swap_slots){
		.type = swp_type(entry),
		.first = swp_offset(entry),
		.nr = 1,
	};
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
static inline swp_entry_t hec_swap_entry(struct page *page)
{
	return (swp_entry_t){ .val = page_private(page) };
}
#else
static inline swp_entry_t hec_swap_entry(struct page *page)
{
	return page_swap_entry(page);
}
#endif

#endif
