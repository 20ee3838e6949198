/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which domain is which client of the cache, and which may be one.
 *
 * Beside what is here, client.c has hec_env_guest_admit(), which the library calls
 * for a domain's first HELLO, and hecache_destroy(), which domain_kill() calls.
 */
#ifndef HECACHE_CLIENT_H
#define HECACHE_CLIENT_H

#include <xen/sched.h>

#include <hecache/hecache.h>

/*
 * @first: what a domain is promised and allowed at first.  @by_name: only domains
 * that are named may use the cache.  -ENOMEM.
 * Context: boot, before there is a cache.
 */
int hecache_clients_init(const struct hec_client_config *first, bool by_name);

/* Whether a domain must be named, from now on.  Clients stay clients. */
void hecache_admit_by_name(bool by_name);
bool hecache_admits_by_name(void);

/*
 * The client of @d, or NULL: it has not called yet.  Context: a hypercall of one
 * of @d's vCPUs, for as long as which it remains.
 */
struct hec_client *hecache_client_find(const struct domain *d);

/*
 * Names a domain: it may use the cache from now on, and has its place and what it
 * is promised even before it calls.  @change: the terms that are not those of
 * every domain at first.  A client that is there already only gets those.
 * -ENOENT: no such domain, or it is dying; -ENOMEM: no place is left; -EINVAL,
 * -ENOSPC: as hec_client_change(); nothing has changed.
 */
int hecache_client_admit(domid_t domid, const struct hec_client_change *change);

/*
 * The end of a client whose domain goes on: its pages are dropped.  -ERESTART:
 * other work waits: call again; -ENOENT: no such client; -EBUSY: it has persistent
 * pages; -EINVAL: the domain is the caller's.
 */
int hecache_client_dismiss(domid_t domid);

/*
 * The first client whose domain's number is not below @*domid, which is set to
 * it; it stays until hecache_client_unlock().  NULL, and nothing is locked: there
 * is none.  Context: no other lock held, until then.
 */
struct hec_client *hecache_client_lock(domid_t *domid);
void hecache_client_unlock(void);

/* Whether the client that hecache_client_lock() returned has called yet. */
bool hecache_client_has_called(domid_t domid);

/* For what hec_client_create() and hec_client_change() return. */
int hecache_client_errno(int err);

#endif /* HECACHE_CLIENT_H */
