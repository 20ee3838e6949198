/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Control of the page cache: for the control domain's tools.
 *
 * The hypercall is the guests' (HEC_XEN_HYPERCALL of <hecache/abi.h>); the first
 * argument is one of these commands, the second the address of its structure,
 * the others are zero.  The result is 0 or a negative errno.  Everybody but the
 * control domain gets -EPERM.
 */
#ifndef XEN_PUBLIC_HECACHE_H
#define XEN_PUBLIC_HECACHE_H

#define XEN_HECACHE_CONTROL_MASK 0xff00 /* zero in every command of a guest */

#define XEN_HECACHE_INFO 0x100 /* struct xen_hecache_info */
#define XEN_HECACHE_CLIENT 0x101 /* struct xen_hecache_client */
#define XEN_HECACHE_RESIZE 0x102 /* struct xen_hecache_resize */

/* Counts since boot; pages, frames and pools are levels. */
struct xen_hecache_stats
{
    uint64_t puts;
    uint64_t puts_refused;
    uint64_t hits;
    uint64_t misses;
    uint64_t flushes;
    uint64_t evictions;
    uint64_t corrupt;
    uint64_t pages;
    uint64_t frames;
    uint64_t pools;
};
typedef struct xen_hecache_stats xen_hecache_stats_t;

/* The cache as a whole. */
struct xen_hecache_info
{
    uint64_t frames;
    uint64_t frames_free;
    uint64_t frames_max; /* the limit of RESIZE */
    uint64_t metadata_bytes;
    uint32_t clients;
    uint32_t chunks;
    struct xen_hecache_stats stats; /* of clients that are gone, too */
};
typedef struct xen_hecache_info xen_hecache_info_t;

/* The first client whose domain is not below @domid.  -ENOENT: none. */
struct xen_hecache_client
{
    uint32_t domid; /* in and out */
    uint32_t reserved; /* zero */
    struct xen_hecache_stats stats; /* out */
};
typedef struct xen_hecache_client xen_hecache_client_t;

/*
 * A cache of that many frames, rounded up to a chunk.  -ENOMEM: there are not so
 * many to be had: what was had, stays.  -EBUSY: another resize is under way.
 */
struct xen_hecache_resize
{
    uint64_t frames;
};
typedef struct xen_hecache_resize xen_hecache_resize_t;

#endif /* XEN_PUBLIC_HECACHE_H */
