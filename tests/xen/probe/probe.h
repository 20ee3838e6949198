/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of hecprobe.ko share.  A part makes hypercalls and says of each
 * thing it looked at whether it was as it must be; the tests read that in the
 * kernel's log.
 */
#ifndef HEC_PROBE_H
#define HEC_PROBE_H

#include <linux/mm.h>
#include <linux/random.h>
#include <linux/types.h>

#include <asm/xen/hypercall.h>
#include <xen/page.h>

#include <hecache/abi.h>

static inline u64 probe_call(u64 cmd, u64 pool, u64 index, u64 arg)
{
	return xen_single_call(HEC_XEN_HYPERCALL, cmd, pool, index, arg, 0);
}

static inline u64 probe_frame(const void *page)
{
	return xen_page_to_gfn(virt_to_page(page));
}

static inline u64 probe_put(u64 pool, u64 index, const void *page)
{
	return probe_call(HEC_CMD_PUT, pool, index, probe_frame(page));
}

static inline u64 probe_get(u64 pool, u64 index, void *page)
{
	return probe_call(HEC_CMD_GET, pool, index, probe_frame(page));
}

/* main.c */
extern unsigned long probe_seed;
extern unsigned int probe_count;
extern unsigned long probe_handle;

void probe_verdict(bool ok, const char *what);

/* Says the result, too, if it is not the one expected. */
void probe_expect(u64 result, s64 expected, const char *what);

void *probe_page(void);

/* HELLO and a pool; 0 if there is no cache. */
u64 probe_pool(u64 features);

/* Pages whose every word tells what they are. */
void probe_fill(u64 *page, u64 tag);
bool probe_holds(const u64 *page, u64 tag);

void probe_protocol(void);
void probe_faults(void);
void probe_fuzz(void);
void probe_hammer(void);
void probe_control(void);
void probe_refused(void);
void probe_begin(void);
void probe_stale(void);
void probe_barred(void);

#endif
