/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which domain is which client of the cache.
 */
#ifndef HECACHE_CLIENT_H
#define HECACHE_CLIENT_H

#include <xen/sched.h>

#include <hecache/hecache.h>

/*
 * @first: what a domain is promised and allowed at first.  -ENOMEM.
 * Context: boot, before there is a cache.
 */
int hecache_clients_init(const struct hec_client_config *first);

/*
 * The client of @d, or NULL.  Context: a hypercall of one of @d's vCPUs, for as
 * long as which it remains.
 */
struct hec_client *hecache_client_find(const struct domain *d);

/*
 * The same, made now if need be: for a HELLO.  NULL: HECACHE_MAX_CLIENTS are
 * there, or what a domain is promised at first is not to be had.
 */
struct hec_client *hecache_client_get(struct domain *d);

/*
 * The first client whose domain's number is not below @*domid, which is set to
 * it; it stays until hecache_client_unlock().  NULL, and nothing is locked: there
 * is none.  Context: no other lock held, until then.
 */
struct hec_client *hecache_client_lock(domid_t *domid);
void hecache_client_unlock(void);

#endif /* HECACHE_CLIENT_H */
