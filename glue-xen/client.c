/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which domain is which client of the cache.
 *
 * A domain becomes a client with its first HELLO.  The table is indexed by the
 * domain's number, so that struct domain needs no field.
 *
 * When a domain is killed, its vCPUs have stopped for good: nobody is in a call
 * of it.  domain_kill() calls until all is gone, giving way to others between.
 *
 * LOCKS.  The table changes under table_lock; the library's locks are taken
 * inside it.  A call looks up its own domain without: it only ever sees the
 * entry appear.
 */
#include <xen/event.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>

#include <xen/hecache.h>

#include "glue.h"

#define DESTROY_BUDGET 256 /* pages dropped between looks for other work */

struct entry
{
    struct hec_client *client;
    bool ending; /* only domain_kill() uses the client now [table_lock] */
};

static struct entry **__read_mostly table;
static DEFINE_SPINLOCK(table_lock);

int __init hecache_clients_init(void)
{
    table = xzalloc_array(struct entry *, DOMID_FIRST_RESERVED);

    return table ? 0 : -ENOMEM;
}

struct hec_client *hecache_client_find(const struct domain *d)
{
    struct entry *entry = hec_env_load_acquire(&table[d->domain_id]);

    return entry ? entry->client : NULL;
}

static struct entry *entry_create(const struct domain *d)
{
    struct hec_client_config config = hecache_new_client;
    struct entry *entry = xzalloc(struct entry);

    config.label = d->domain_id;
    if ( entry && hec_client_create(hecache, &config, &entry->client) )
        XFREE(entry);

    return entry;
}

struct hec_client *hecache_client_get(struct domain *d)
{
    struct entry *entry;

    spin_lock(&table_lock);
    entry = table[d->domain_id];
    if ( !entry )
    {
        entry = entry_create(d);
        hec_env_store_release(&table[d->domain_id], entry);
    }
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
    table[d->domain_id] = NULL;
    spin_unlock(&table_lock);
    xfree(entry);

    return 0;
}

struct hec_client *hecache_client_lock(domid_t *domid)
{
    spin_lock(&table_lock);
    for ( ; *domid < DOMID_FIRST_RESERVED; ++*domid )
    {
        const struct entry *entry = table[*domid];

        if ( entry && !entry->ending )
            return entry->client;
    }
    spin_unlock(&table_lock);

    return NULL;
}

void hecache_client_unlock(void)
{
    spin_unlock(&table_lock);
}
