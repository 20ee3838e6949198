/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Control of the page cache: for the control domain's tools.
 *
 * The hypercall is the guests' (HEC_XEN_HYPERCALL of <hecache/abi.h>); the first
 * argument is one of these commands, the second the address of its structure,
 * the others are zero.  The result is 0 or a negative errno:
 *
 *     -EPERM       the caller may not: it is not the control domain
 *     -ENOSYS      the hypervisor has no cache, or none was reserved at boot
 *     -EOPNOTSUPP  no such command
 *     -EFAULT      the structure is not in the caller's memory
 *     -EINVAL      a field is out of range; nothing has changed
 *     -ENOENT      the domain is no client: it never called, or has gone
 *
 * and what is said of each command.  Reserved fields are zero.
 */
#ifndef XEN_PUBLIC_HECACHE_H
#define XEN_PUBLIC_HECACHE_H

#define XEN_HECACHE_CONTROL_MASK 0xff00 /* zero in every command of a guest */

#define XEN_HECACHE_VERSION 1 /* of all this */

#define XEN_HECACHE_INFO 0x100 /* struct xen_hecache_info */
#define XEN_HECACHE_CLIENT 0x101 /* struct xen_hecache_client */
#define XEN_HECACHE_RESIZE 0x102 /* struct xen_hecache_resize */
#define XEN_HECACHE_SET 0x103 /* struct xen_hecache_set */
#define XEN_HECACHE_FLUSH 0x104 /* struct xen_hecache_flush */
#define XEN_HECACHE_RESET 0x105 /* struct xen_hecache_reset */
#define XEN_HECACHE_TAX 0x106 /* struct xen_hecache_tax */
#define XEN_HECACHE_POOL 0x107 /* struct xen_hecache_pool */
#define XEN_HECACHE_ADMIT 0x108 /* struct xen_hecache_set */
#define XEN_HECACHE_DISMISS 0x109 /* struct xen_hecache_dismiss */
#define XEN_HECACHE_ADMISSION 0x10a /* struct xen_hecache_admission */

/* Counts since boot or RESET; the last five are levels. */
struct xen_hecache_stats
{
    uint64_t puts;
    uint64_t puts_refused;
    uint64_t hits;
    uint64_t misses;
    uint64_t flushes;
    uint64_t evictions;
    uint64_t corrupt;
    uint64_t rollbacks;
    uint64_t unasked; /* misses that the domain knew of, as it says itself */
    uint64_t pages;
    uint64_t zero_pages;
    uint64_t persistent_pages;
    uint64_t frames;
    uint64_t pools;
};
typedef struct xen_hecache_stats xen_hecache_stats_t;

/* What a client is promised and allowed. */
struct xen_hecache_terms
{
    uint32_t guaranteed_pages; /* that nobody else can take from it */
    uint32_t max_pages; /* that it may have; 0: no limit */
    uint32_t weight; /* of its share of the rest, to 65535; 0: 100 */
    uint32_t max_pools; /* that it may have, to the info's client_pools; 0: 64 */
    uint32_t policy; /* of replacement: as in <hecache/policies.h> */
    uint32_t frozen; /* 1: its puts are refused; else 0 */
};
typedef struct xen_hecache_terms xen_hecache_terms_t;

/* INFO: the cache as a whole. */
struct xen_hecache_info
{
    uint64_t frames;
    uint64_t frames_free;
    uint64_t frames_max; /* the limit of RESIZE */
    uint64_t metadata_bytes;
    uint32_t clients;
    uint32_t chunks;
    uint32_t idle_tax; /* percent */
    uint32_t version; /* XEN_HECACHE_VERSION */
    uint32_t by_name; /* 1: only named domains are admitted; 0: all */
    uint32_t max_clients; /* that can be there, named or not */
    uint32_t client_pools; /* the most that one of them can be allowed */
    uint32_t reserved;
    struct xen_hecache_stats stats; /* of clients that are gone, too */
};
typedef struct xen_hecache_info xen_hecache_info_t;

/*
 * CLIENT: the first client whose domain is not below @domid.  A domain that was
 * named is a client even before it calls.
 */
struct xen_hecache_client
{
    uint32_t domid; /* in and out */
    uint32_t has_called; /* out: 1: it has said HELLO */
    struct xen_hecache_terms terms; /* out */
    struct xen_hecache_stats stats; /* out */
};
typedef struct xen_hecache_client xen_hecache_client_t;

/* Kinds of pools. */
#define XEN_HECACHE_POOL_EPHEMERAL 0 /* a get removes */
#define XEN_HECACHE_POOL_INCLUSIVE 1 /* a get keeps */
#define XEN_HECACHE_POOL_PERSISTENT 2 /* nothing is dropped */

/*
 * POOL: the newest of a client's pools that is older than @pool; ~0: of all.
 * -ENOENT: there is none.
 */
struct xen_hecache_pool
{
    uint32_t domid;
    uint32_t kind; /* out: XEN_HECACHE_POOL_*; in: 0 */
    uint64_t pool; /* in and out: a number that is never used again */
    uint64_t pages; /* out */
};
typedef struct xen_hecache_pool xen_hecache_pool_t;

/*
 * RESIZE: to that many frames, rounded up to a chunk.  -ENOMEM: there are not so
 * many to be had; -ENOSPC: what is left is full of persistent pages; -EAGAIN:
 * guests have taken what was freed, again and again: in each case the cache has
 * the size that it got to.  -EBUSY: another resize is under way.
 */
struct xen_hecache_resize
{
    uint64_t frames;
    uint64_t tries; /* 0; has no meaning afterwards */
};
typedef struct xen_hecache_resize xen_hecache_resize_t;

#define XEN_HECACHE_SET_GUARANTEED 0x01
#define XEN_HECACHE_SET_MAX 0x02
#define XEN_HECACHE_SET_WEIGHT 0x04
#define XEN_HECACHE_SET_POOLS 0x08
#define XEN_HECACHE_SET_POLICY 0x10
#define XEN_HECACHE_SET_FROZEN 0x20
#define XEN_HECACHE_SET_ALL 0x3f

/*
 * SET: those of @terms that @which names, all of them or none.  -ENOSPC: all
 * clients' guarantees together would be more than there are frames.
 *
 * ADMIT: the same, and a domain that is no client yet is named: it may use the
 * cache from now on, with these terms and the usual ones, and its place and what it
 * is promised are kept for it.  -ENOENT: there is no such domain; -ENOMEM: there
 * are max_clients.
 */
struct xen_hecache_set
{
    uint32_t domid;
    struct xen_hecache_terms terms;
    uint32_t which; /* XEN_HECACHE_SET_* */
};
typedef struct xen_hecache_set xen_hecache_set_t;

/*
 * FLUSH: drops a client's pages, but persistent ones: @pages of them, or if it
 * has fewer, all.  @pages counts down and has no meaning afterwards.
 */
struct xen_hecache_flush
{
    uint32_t domid;
    uint32_t reserved;
    uint64_t pages;
};
typedef struct xen_hecache_flush xen_hecache_flush_t;

/* RESET: a client's counts, but not the levels, to zero. */
struct xen_hecache_reset
{
    uint32_t domid;
    uint32_t reserved;
};
typedef struct xen_hecache_reset xen_hecache_reset_t;

/*
 * DISMISS: takes a client's name and all its pages away.  Its calls find no pool
 * from now on; with its next HELLO it starts over, if it may.  -EBUSY: it has
 * persistent pages; -EINVAL: it is the caller.
 */
struct xen_hecache_dismiss
{
    uint32_t domid;
    uint32_t reserved;
};
typedef struct xen_hecache_dismiss xen_hecache_dismiss_t;

/* ADMISSION: who may become a client from now on. */
struct xen_hecache_admission
{
    uint32_t by_name; /* 1: only named domains; 0: all */
    uint32_t reserved;
};
typedef struct xen_hecache_admission xen_hecache_admission_t;

/* TAX: the tax on idle memory, in percent, 0 to 95. */
struct xen_hecache_tax
{
    uint32_t percent;
    uint32_t reserved;
};
typedef struct xen_hecache_tax xen_hecache_tax_t;

#endif /* XEN_PUBLIC_HECACHE_H */
