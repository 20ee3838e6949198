/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the glue offer each other.
 *
 *     hypercall.c  a guest's call: to the library, or to control.c
 *     client.c     which domain is which client; ends those of domains that go
 *     guestmem.c   the guest's pages, for the library
 *     memory.c     the cache itself, and its memory from the domain heap
 *     control.c    the control domain's operations, and the console key
 */
#ifndef HECACHE_GLUE_H
#define HECACHE_GLUE_H

#include <xen/sched.h>

#include <hecache/hecache.h>

#define HECACHE_MAX_CLIENTS 256
#define HECACHE_MAX_POOLS 2048

/* memory.c.  The machine's one cache, or NULL; constant after boot. */
extern struct hec_cache *hecache;

/* What a domain is promised and allowed at first; constant after boot. */
extern struct hec_client_config hecache_new_client;

/* The largest number of frames that hecache_resize_step() can lead to. */
uint64_t hecache_max_frames(void);

/*
 * One step, of one chunk, towards a cache of @frames frames.  0: there; 1: there
 * is more to do; -EBUSY: somebody else is resizing; -ENOMEM: the domain heap has
 * no chunk to spare; -ENOSPC: what is left is full of persistent pages; -EINVAL:
 * more than hecache_max_frames().
 */
int hecache_resize_step(uint64_t frames);

/* client.c */
int hecache_clients_init(void);

/*
 * The client of @d, or NULL.  Context: a hypercall of one of @d's vCPUs, for as
 * long as which it remains.
 */
struct hec_client *hecache_client_find(const struct domain *d);

/*
 * The same, made now if need be: for a HELLO.  NULL: there is no memory or
 * HECACHE_MAX_CLIENTS are there.
 */
struct hec_client *hecache_client_get(struct domain *d);

/*
 * The first client whose domain's number is not below @*domid, which is set to
 * it; it stays until hecache_client_unlock().  NULL, and nothing is locked: there
 * is none.  Context: no other lock held, until then.
 */
struct hec_client *hecache_client_lock(domid_t *domid);
void hecache_client_unlock(void);

/* control.c */
void hecache_control_init(void);

/* The four words of a call.  Context: any caller: checks who it is. */
long hecache_control(const uint64_t arg[4]);

#endif /* HECACHE_GLUE_H */
