/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control domain's operations.
 *
 * <public/hecache.h> is their contract.  An operation on a client holds the
 * table of clients, so that the domain cannot go meanwhile, and is therefore
 * short.  FLUSH, RESIZE and DISMISS go by steps and give way in between; each has
 * an end that no guest can put off: FLUSH drops as many pages as there were when it
 * began, RESIZE gives each chunk RESIZE_TRIES tries, and a dismissed domain puts
 * nothing more.
 */
#include <xen/event.h>
#include <xen/guest_access.h>
#include <xen/hypercall.h>
#include <xen/sched.h>

#include <xsm/xsm.h>

#include <public/hecache.h>

#include "client.h"
#include "control.h"
#include "memory.h"

#define FLUSH_BUDGET 256 /* pages dropped between looks for other work */
#define RESIZE_TRIES 4096 /* for one chunk, before guests are said to hold it */

DEFINE_XEN_GUEST_HANDLE(xen_hecache_info_t);
DEFINE_XEN_GUEST_HANDLE(xen_hecache_client_t);
DEFINE_XEN_GUEST_HANDLE(xen_hecache_resize_t);
DEFINE_XEN_GUEST_HANDLE(xen_hecache_set_t);
DEFINE_XEN_GUEST_HANDLE(xen_hecache_flush_t);
DEFINE_XEN_GUEST_HANDLE(xen_hecache_reset_t);
DEFINE_XEN_GUEST_HANDLE(xen_hecache_tax_t);
DEFINE_XEN_GUEST_HANDLE(xen_hecache_pool_t);
DEFINE_XEN_GUEST_HANDLE(xen_hecache_dismiss_t);
DEFINE_XEN_GUEST_HANDLE(xen_hecache_admission_t);

/* Does @command again, with the structure at @arg, when others had their turn. */
#define AGAIN(command, arg)                                                    \
    hypercall_create_continuation(__HYPERVISOR_hecache_op, "lhll",             \
                                  (unsigned long)(command), arg, 0UL, 0UL)

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
        .rollbacks = stats->rollbacks,
        .unasked = stats->unasked,
        .pages = stats->pages,
        .zero_pages = stats->zero_pages,
        .persistent_pages = stats->persistent_pages,
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
        .idle_tax = info.idle_tax,
        .version = XEN_HECACHE_VERSION,
        .by_name = hecache_admits_by_name(),
        .max_clients = HECACHE_MAX_CLIENTS,
        .client_pools = HEC_MAX_CLIENT_POOLS,
        .stats = stats_out(&stats),
    };
}

static long control_info(XEN_GUEST_HANDLE_PARAM(xen_hecache_info_t) arg)
{
    struct xen_hecache_info info = cache_info();

    return copy_to_guest(arg, &info, 1) ? -EFAULT : 0;
}

static struct xen_hecache_client client_out(domid_t domid,
                                            struct hec_client *client)
{
    struct hec_client_config config;
    struct hec_stats stats;

    hec_client_get(hecache, client, &config);
    hec_client_stats(hecache, client, &stats);

    return (struct xen_hecache_client){
        .domid = domid,
        .has_called = hecache_client_has_called(domid),
        .terms.guaranteed_pages = config.guaranteed_pages,
        .terms.max_pages = config.max_pages,
        .terms.weight = config.weight ?: HEC_WEIGHT,
        .terms.max_pools = config.max_pools,
        .terms.policy = config.policy,
        .terms.frozen = hec_client_is_frozen(hecache, client),
        .stats = stats_out(&stats),
    };
}

static long control_client(XEN_GUEST_HANDLE_PARAM(xen_hecache_client_t) arg)
{
    struct xen_hecache_client op;
    struct hec_client *client;
    domid_t domid;

    if ( copy_from_guest(&op, arg, 1) )
        return -EFAULT;
    if ( op.domid >= DOMID_FIRST_RESERVED )
        return -ENOENT;
    domid = op.domid;
    client = hecache_client_lock(&domid);
    if ( !client )
        return -ENOENT;
    op = client_out(domid, client);
    hecache_client_unlock();

    return copy_to_guest(arg, &op, 1) ? -EFAULT : 0;
}

/* The client of just that domain, locked, or NULL. */
static struct hec_client *lock_client(uint32_t domid)
{
    struct hec_client *client;
    domid_t found = domid;

    if ( domid >= DOMID_FIRST_RESERVED )
        return NULL;
    client = hecache_client_lock(&found);
    if ( client && found != domid )
    {
        hecache_client_unlock();
        client = NULL;
    }

    return client;
}

static long control_pool(XEN_GUEST_HANDLE_PARAM(xen_hecache_pool_t) arg)
{
    struct xen_hecache_pool op;
    struct hec_pool_info info;
    struct hec_client *client;
    int rc;

    BUILD_BUG_ON(XEN_HECACHE_POOL_EPHEMERAL != HEC_POOL_EPHEMERAL);
    BUILD_BUG_ON(XEN_HECACHE_POOL_INCLUSIVE != HEC_POOL_INCLUSIVE);
    BUILD_BUG_ON(XEN_HECACHE_POOL_PERSISTENT != HEC_POOL_PERSISTENT);

    if ( copy_from_guest(&op, arg, 1) )
        return -EFAULT;
    if ( op.kind )
        return -EINVAL;
    client = lock_client(op.domid);
    if ( !client )
        return -ENOENT;
    rc = hec_pool_info(hecache, client, op.pool, &info);
    hecache_client_unlock();
    if ( rc )
        return -ENOENT;
    op.kind = info.kind;
    op.pool = info.pool;
    op.pages = info.pages;

    return copy_to_guest(arg, &op, 1) ? -EFAULT : 0;
}

/* Each chunk that comes or goes has RESIZE_TRIES tries. */
static long control_resize(XEN_GUEST_HANDLE_PARAM(xen_hecache_resize_t) arg)
{
    struct xen_hecache_resize op;
    int rc;

    if ( copy_from_guest(&op, arg, 1) )
        return -EFAULT;
    while ( (rc = hecache_resize_step(op.frames)) > 0 )
    {
        op.tries = rc == HECACHE_STEP_AGAIN ? op.tries + 1 : 0;
        if ( op.tries >= RESIZE_TRIES )
            return -EAGAIN;
        if ( !hypercall_preempt_check() )
            continue;
        if ( copy_to_guest(arg, &op, 1) )
            return -EFAULT;
        return AGAIN(XEN_HECACHE_RESIZE, arg);
    }

    return rc;
}

/* What the library is to change, or -EINVAL. */
static int change_in(const struct xen_hecache_set *op,
                     struct hec_client_change *change)
{
    const struct xen_hecache_terms *terms = &op->terms;

    BUILD_BUG_ON(XEN_HECACHE_SET_GUARANTEED != HEC_TERM_GUARANTEED);
    BUILD_BUG_ON(XEN_HECACHE_SET_MAX != HEC_TERM_MAX);
    BUILD_BUG_ON(XEN_HECACHE_SET_WEIGHT != HEC_TERM_WEIGHT);
    BUILD_BUG_ON(XEN_HECACHE_SET_POOLS != HEC_TERM_POOLS);
    BUILD_BUG_ON(XEN_HECACHE_SET_POLICY != HEC_TERM_POLICY);
    BUILD_BUG_ON(XEN_HECACHE_SET_FROZEN != HEC_TERM_FROZEN);
    BUILD_BUG_ON(XEN_HECACHE_SET_ALL != HEC_TERMS_KNOWN);

    if ( (op->which & XEN_HECACHE_SET_FROZEN) && terms->frozen > 1 )
        return -EINVAL;
    *change = (struct hec_client_change){
        .terms = op->which,
        .config.guaranteed_pages = terms->guaranteed_pages,
        .config.max_pages = terms->max_pages,
        .config.weight = terms->weight,
        .config.max_pools = terms->max_pools,
        .config.policy = terms->policy,
        .frozen = terms->frozen,
    };

    return 0;
}

static int set(uint32_t domid, const struct hec_client_change *change)
{
    struct hec_client *client = lock_client(domid);
    int rc;

    if ( !client )
        return -ENOENT;
    rc = hec_client_change(hecache, client, change);
    hecache_client_unlock();

    return hecache_client_errno(rc);
}

/* SET, and ADMIT. */
static long control_set(XEN_GUEST_HANDLE_PARAM(xen_hecache_set_t) arg,
                        bool admit)
{
    struct hec_client_change change;
    struct xen_hecache_set op;
    int rc;

    if ( copy_from_guest(&op, arg, 1) )
        return -EFAULT;
    rc = change_in(&op, &change);
    if ( rc )
        return rc;
    if ( op.domid >= DOMID_FIRST_RESERVED )
        return -ENOENT;

    return admit ? hecache_client_admit(op.domid, &change)
                 : set(op.domid, &change);
}

static long control_dismiss(XEN_GUEST_HANDLE_PARAM(xen_hecache_dismiss_t) arg)
{
    struct xen_hecache_dismiss op;
    int rc;

    if ( copy_from_guest(&op, arg, 1) )
        return -EFAULT;
    if ( op.reserved )
        return -EINVAL;
    if ( op.domid >= DOMID_FIRST_RESERVED )
        return -ENOENT;
    rc = hecache_client_dismiss(op.domid);

    return rc == -ERESTART ? AGAIN(XEN_HECACHE_DISMISS, arg) : rc;
}

static long control_admission(XEN_GUEST_HANDLE_PARAM(xen_hecache_admission_t)
                                  arg)
{
    struct xen_hecache_admission op;

    if ( copy_from_guest(&op, arg, 1) )
        return -EFAULT;
    if ( op.reserved || op.by_name > 1 )
        return -EINVAL;
    hecache_admit_by_name(op.by_name);

    return 0;
}

/* Drops some of what is to be dropped; 0: that was all; 1: there is more. */
static int flush_step(struct xen_hecache_flush *op)
{
    struct hec_client *client = lock_client(op->domid);
    struct hec_stats stats;
    uint32_t budget;
    int rc = 0;

    if ( !client )
        return -ENOENT;
    hec_client_stats(hecache, client, &stats);
    op->pages = min(op->pages, stats.pages);
    budget = min_t(uint64_t, op->pages, FLUSH_BUDGET);
    op->pages -= budget;
    if ( budget )
        rc = hec_client_flush(hecache, client, budget) && op->pages;
    hecache_client_unlock();

    return rc;
}

static long control_flush(XEN_GUEST_HANDLE_PARAM(xen_hecache_flush_t) arg)
{
    struct xen_hecache_flush op;
    int rc;

    if ( copy_from_guest(&op, arg, 1) )
        return -EFAULT;
    if ( op.reserved )
        return -EINVAL;
    while ( (rc = flush_step(&op)) > 0 )
    {
        if ( !hypercall_preempt_check() )
            continue;
        if ( copy_to_guest(arg, &op, 1) )
            return -EFAULT;
        return AGAIN(XEN_HECACHE_FLUSH, arg);
    }

    return rc;
}

static long control_reset(XEN_GUEST_HANDLE_PARAM(xen_hecache_reset_t) arg)
{
    struct xen_hecache_reset op;
    struct hec_client *client;

    if ( copy_from_guest(&op, arg, 1) )
        return -EFAULT;
    if ( op.reserved )
        return -EINVAL;
    client = lock_client(op.domid);
    if ( !client )
        return -ENOENT;
    hec_client_reset_stats(hecache, client);
    hecache_client_unlock();

    return 0;
}

static long control_tax(XEN_GUEST_HANDLE_PARAM(xen_hecache_tax_t) arg)
{
    struct xen_hecache_tax op;

    if ( copy_from_guest(&op, arg, 1) )
        return -EFAULT;
    if ( op.reserved || hec_set_idle_tax(hecache, op.percent) )
        return -EINVAL;

    return 0;
}

long hecache_control(const uint64_t arg[4])
{
    unsigned long op = arg[1];

    int rc = xsm_hecache_control(XSM_PRIV);

    if ( rc )
        return rc;
    if ( arg[2] || arg[3] )
        return -EINVAL;

    switch ( arg[0] )
    {
    case XEN_HECACHE_INFO:
        return control_info(guest_handle_from_ptr(op, xen_hecache_info_t));
    case XEN_HECACHE_CLIENT:
        return control_client(guest_handle_from_ptr(op, xen_hecache_client_t));
    case XEN_HECACHE_RESIZE:
        return control_resize(guest_handle_from_ptr(op, xen_hecache_resize_t));
    case XEN_HECACHE_SET:
        return control_set(guest_handle_from_ptr(op, xen_hecache_set_t), false);
    case XEN_HECACHE_ADMIT:
        return control_set(guest_handle_from_ptr(op, xen_hecache_set_t), true);
    case XEN_HECACHE_DISMISS:
        return control_dismiss(
            guest_handle_from_ptr(op, xen_hecache_dismiss_t));
    case XEN_HECACHE_ADMISSION:
        return control_admission(
            guest_handle_from_ptr(op, xen_hecache_admission_t));
    case XEN_HECACHE_FLUSH:
        return control_flush(guest_handle_from_ptr(op, xen_hecache_flush_t));
    case XEN_HECACHE_RESET:
        return control_reset(guest_handle_from_ptr(op, xen_hecache_reset_t));
    case XEN_HECACHE_TAX:
        return control_tax(guest_handle_from_ptr(op, xen_hecache_tax_t));
    case XEN_HECACHE_POOL:
        return control_pool(guest_handle_from_ptr(op, xen_hecache_pool_t));
    default:
        return -EOPNOTSUPP;
    }
}
