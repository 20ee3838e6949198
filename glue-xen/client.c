/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which domain is which client of the cache.
 *
 * A domain becomes a client with its first HELLO.  There is an entry for each
 * client that the cache can have, and a table from a domain's number to its
 * entry, so that struct domain needs no field.
 *
 * When a domain is killed, its vCPUs have stopped for good: nobody is in a call
 * of it.  domain_kill() calls until all is gone, giving way to others between.
 *
 * LOCKS.  Entries and table change under table_lock; the library's locks are
 * taken inside it.  A call looks up its own domain without: it only ever sees the
 * entry appear.
 *
 * BOUNDS.  What is done under table_lock looks at HECACHE_MAX_CLIENTS entries at
 * the most.
 */
#include <xen/event.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>

#include <xen/hecache.h>

#include "client.h"
#include "memory.h"

#define DESTROY_BUDGET 256 /* pages dropped between looks for other work */

struct entry
{
    struct hec_client *client; /* NULL: the entry is free */
    domid_t domid;
    bool ending; /* only domain_kill() uses the client now [table_lock] */
};

static struct entry *__read_mostly entries; /* HECACHE_MAX_CLIENTS */
static struct entry **__read_mostly table;
static struct hec_client_config __read_mostly first_terms;
static DEFINE_SPINLOCK(table_lock);

int __init hecache_clients_init(const struct hec_client_config *first)
{
    entries = xzalloc_array(struct entry, HECACHE_MAX_CLIENTS);
    table = xzalloc_array(struct entry *, DOMID_FIRST_RESERVED);
    first_terms = *first;

    return entries && table ? 0 : -ENOMEM;
}

struct hec_client *hecache_client_find(const struct domain *d)
{
    struct entry *entry = hec_env_load_acquire(&table[d->domain_id]);

    return entry ? entry->client : NULL;
}

/* A free entry, or NULL. [table_lock] */
static struct entry *free_entry(void)
{
    unsigned int i;

    for ( i = 0; i < HECACHE_MAX_CLIENTS; i++ )
        if ( !entries[i].client )
            return &entries[i];

    return NULL;
}

/* Makes @domid a client; NULL if it cannot be one. [table_lock] */
static struct entry *entry_create(domid_t domid)
{
    struct hec_client_config config = first_terms;
    struct entry *entry = free_entry();

    config.label = domid;
    if ( !entry || hec_client_create(hecache, &config, &entry->client) )
        return NULL;
    entry->domid = domid;
    entry->ending = false;
    hec_env_store_release(&table[domid], entry);

    return entry;
}

/* The client is gone. [table_lock] */
static void entry_free(struct entry *entry)
{
    table[entry->domid] = NULL;
    entry->client = NULL;
}

struct hec_client *hecache_client_get(struct domain *d)
{
    struct entry *entry;

    spin_lock(&table_lock);
    entry = table[d->domain_id] ?: entry_create(d->domain_id);
    spin_unlock(&table_lock);

    return entry ? entry->client : NULL;
}

int hecache_destroy(struct domain *d)
{
    struct entry *entry;

    if ( !hecache || !table[d->domain_id] )
        return 0;

    spin_lock(&table_lock);
    entry = table[d->domain_id];
    entry->ending = true;
    spin_unlock(&table_lock);

    while ( hec_client_destroy(hecache, entry->client, DESTROY_BUDGET) )
        if ( hypercall_preempt_check() )
            return -ERESTART;

    spin_lock(&table_lock);
    entry_free(entry);
    spin_unlock(&table_lock);

    return 0;
}

/* The entry of the smallest domain from @domid on, or NULL. [table_lock] */
static const struct entry *entry_from(domid_t domid)
{
    const struct entry *found = NULL;
    unsigned int i;

    for ( i = 0; i < HECACHE_MAX_CLIENTS; i++ )
    {
        const struct entry *entry = &entries[i];

        if ( entry->client && !entry->ending && entry->domid >= domid &&
             (!found || entry->domid < found->domid) )
            found = entry;
    }

    return found;
}

struct hec_client *hecache_client_lock(domid_t *domid)
{
    const struct entry *entry;

    spin_lock(&table_lock);
    entry = entry_from(*domid);
    if ( entry )
    {
        *domid = entry->domid;
        return entry->client;
    }
    spin_unlock(&table_lock);

    return NULL;
}

void hecache_client_unlock(void)
{
    spin_unlock(&table_lock);
}
