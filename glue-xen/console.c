/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The console key 'k': statistics of the cache and of each client.
 *
 * It prints three lines for each of HECACHE_MAX_CLIENTS at the most and gives way
 * to softirqs in between, with nothing locked.
 */
#include <xen/init.h>
#include <xen/keyhandler.h>
#include <xen/lib.h>
#include <xen/softirq.h>

#include "client.h"
#include "console.h"
#include "memory.h"

static void show_stats(const struct hec_stats *stats)
{
    printk("  pages %" PRIu64 " pools %" PRIu64 " puts %" PRIu64
           " refused %" PRIu64 "\n",
           stats->pages, stats->pools, stats->puts, stats->puts_refused);
    printk("  hits %" PRIu64 " misses %" PRIu64 " flushes %" PRIu64
           " evictions %" PRIu64 " corrupt %" PRIu64 " rollbacks %" PRIu64
           " unasked %" PRIu64 "\n",
           stats->hits, stats->misses, stats->flushes, stats->evictions,
           stats->corrupt, stats->rollbacks, stats->unasked);
}

static void cf_check show(unsigned char key)
{
    struct hec_cache_info info;
    struct hec_client *client;
    struct hec_stats stats;
    domid_t domid;

    hec_cache_info(hecache, &info);
    hec_cache_stats(hecache, &stats);
    printk("hecache: %" PRIu64 " frames, %" PRIu64 " free, %u clients%s\n",
           info.frames, info.frames_free, info.clients,
           hecache_admits_by_name() ? ", by name" : "");
    show_stats(&stats);
    for ( domid = 0; (client = hecache_client_lock(&domid)); domid++ )
    {
        hec_client_stats(hecache, client, &stats);
        hecache_client_unlock();
        printk(" d%u\n", domid);
        show_stats(&stats);
        process_pending_softirqs(); /* a serial line is slow */
    }
}

void __init hecache_console_init(void)
{
    register_keyhandler('k', show, "show page cache statistics", 1);
}
