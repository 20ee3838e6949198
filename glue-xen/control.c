/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control domain's operations, and the console key 'k'.
 */
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/init.h>
#include <xen/keyhandler.h>
#include <xen/sched.h>

#include <public/hecache.h>

#include "glue.h"

DEFINE_XEN_GUEST_HANDLE(xen_hecache_info_t);
DEFINE_XEN_GUEST_HANDLE(xen_hecache_client_t);
DEFINE_XEN_GUEST_HANDLE(xen_hecache_resize_t);

static struct xen_hecache_stats stats_out(const struct hec_stats *stats)
{
    return (struct xen_hecache_stats){
        .puts = stats->puts,
        .puts_refused = stats->puts_refused,
        .hits = stats->hits,
        .misses = stats->misses,
        .flushes = stats->flushes,
        .evictions = stats->evictions,
        .corrupt = stats->corrupt,
        .pages = stats->pages,
        .frames = stats->frames,
        .pools = stats->pools,
    };
}

static struct xen_hecache_info cache_info(void)
{
    struct hec_cache_info info;
    struct hec_stats stats;

    hec_cache_info(hecache, &info);
    hec_cache_stats(hecache, &stats);

    return (struct xen_hecache_info){
        .frames = info.frames,
        .frames_free = info.frames_free,
        .frames_max = hecache_max_frames(),
        .metadata_bytes = info.metadata_bytes,
        .clients = info.clients,
        .chunks = info.chunks,
        .stats = stats_out(&stats),
    };
}

static long control_info(XEN_GUEST_HANDLE_PARAM(xen_hecache_info_t) arg)
{
    struct xen_hecache_info info = cache_info();

    return copy_to_guest(arg, &info, 1) ? -EFAULT : 0;
}

static long control_client(XEN_GUEST_HANDLE_PARAM(xen_hecache_client_t) arg)
{
    struct xen_hecache_client op;
    struct hec_stats stats;
    domid_t domid;

    if ( copy_from_guest(&op, arg, 1) )
        return -EFAULT;
    if ( op.domid >= DOMID_FIRST_RESERVED )
        return -ENOENT;
    if ( op.reserved )
        return -EINVAL;
    domid = op.domid;
    if ( hecache_client_stats(&domid, &stats) )
        return -ENOENT;
    op.domid = domid;
    op.stats = stats_out(&stats);

    return copy_to_guest(arg, &op, 1) ? -EFAULT : 0;
}

static long control_resize(XEN_GUEST_HANDLE_PARAM(xen_hecache_resize_t) arg)
{
    struct xen_hecache_resize op;
    int rc;

    if ( copy_from_guest(&op, arg, 1) )
        return -EFAULT;
    while ( (rc = hecache_resize_step(op.frames)) > 0 )
        if ( hypercall_preempt_check() )
            return hypercall_create_continuation(
                __HYPERVISOR_hecache_op, "lhll",
                (unsigned long)XEN_HECACHE_RESIZE, arg, 0UL, 0UL);

    return rc;
}

long hecache_control(unsigned long cmd, unsigned long arg)
{
    if ( !is_control_domain(current->domain) )
        return -EPERM;

    switch ( cmd )
    {
    case XEN_HECACHE_INFO:
        return control_info(guest_handle_from_ptr(arg, xen_hecache_info_t));
    case XEN_HECACHE_CLIENT:
        return control_client(guest_handle_from_ptr(arg, xen_hecache_client_t));
    case XEN_HECACHE_RESIZE:
        return control_resize(guest_handle_from_ptr(arg, xen_hecache_resize_t));
    default:
        return -EOPNOTSUPP;
    }
}

static void show_stats(const struct hec_stats *stats)
{
    printk("  pages %" PRIu64 " pools %" PRIu64 " puts %" PRIu64
           " refused %" PRIu64 "\n",
           stats->pages, stats->pools, stats->puts, stats->puts_refused);
    printk("  hits %" PRIu64 " misses %" PRIu64 " flushes %" PRIu64
           " evictions %" PRIu64 " corrupt %" PRIu64 "\n",
           stats->hits, stats->misses, stats->flushes, stats->evictions,
           stats->corrupt);
}

static void cf_check show(unsigned char key)
{
    struct hec_cache_info info;
    struct hec_stats stats;
    domid_t domid;

    hec_cache_info(hecache, &info);
    hec_cache_stats(hecache, &stats);
    printk("hecache: %" PRIu64 " frames, %" PRIu64 " free, %u clients\n",
           info.frames, info.frames_free, info.clients);
    show_stats(&stats);
    for ( domid = 0; !hecache_client_stats(&domid, &stats); domid++ )
    {
        printk(" d%u\n", domid);
        show_stats(&stats);
    }
}

void __init hecache_control_init(void)
{
    register_keyhandler('k', show, "show page cache statistics", 1);
}
