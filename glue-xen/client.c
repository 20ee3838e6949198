/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which domain is which client of the cache, and which may be one.
 *
 * There is an entry for each client that the cache can have.  A domain gets one,
 * and with it a client of the library's, when the control domain names it or, if
 * the cache is open to all, with its first HELLO.  So what a domain was promised
 * when it was named is kept for it until it calls.  From its first HELLO on a table
 * leads from the domain's number to the client; struct domain needs no field.
 *
 * A client ends with its domain, or when the control domain dismisses it.  Then
 * none of the domain's vCPUs is in a call that uses it: a killed domain's have
 * stopped for good; a dismissed one's were paused, and find no client from then
 * on.  Dropping the pages goes by steps and gives way in between.
 *
 * LOCKS.  Entries and table change under table_lock; the library's locks are
 * taken inside it.  A call looks up its own domain in the table without, by one
 * load, so that it cannot meet an entry that has become another domain's.
 *
 * BOUNDS.  What is done under table_lock looks at HECACHE_MAX_CLIENTS entries and
 * drops END_BUDGET pages at the most.
 */
#include <xen/event.h>
#include <xen/sched.h>
#include <xen/xmalloc.h>

#include <xsm/xsm.h>

#include <xen/hecache.h>

#include "client.h"
#include "memory.h"

#define END_BUDGET 256 /* pages dropped between looks for other work */

struct entry
{
    struct hec_client *client; /* NULL: the entry is free */
    domid_t domid;
    bool ending; /* only end_step() uses the client now */
};

static struct entry *__read_mostly entries; /* HECACHE_MAX_CLIENTS */
static struct hec_client **__read_mostly table; /* of domains that have called */
static struct hec_client_config __read_mostly first_terms;
static bool __read_mostly must_be_named;
static DEFINE_SPINLOCK(table_lock);

int __init hecache_clients_init(const struct hec_client_config *first,
                                bool by_name)
{
    entries = xzalloc_array(struct entry, HECACHE_MAX_CLIENTS);
    table = xzalloc_array(struct hec_client *, DOMID_FIRST_RESERVED);
    first_terms = *first;
    must_be_named = by_name;

    return entries && table ? 0 : -ENOMEM;
}

void hecache_admit_by_name(bool by_name)
{
    ACCESS_ONCE(must_be_named) = by_name;
}

bool hecache_admits_by_name(void)
{
    return ACCESS_ONCE(must_be_named);
}

struct hec_client *hecache_client_find(const struct domain *d)
{
    return hec_env_load_acquire(&table[d->domain_id]);
}

/* The entry of a domain, or NULL. [table_lock] */
static struct entry *entry_of(domid_t domid)
{
    unsigned int i;

    for ( i = 0; i < HECACHE_MAX_CLIENTS; i++ )
        if ( entries[i].client && entries[i].domid == domid )
            return &entries[i];

    return NULL;
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

/* Makes @domid a client.  0, or what the library says. [table_lock] */
static int entry_create(domid_t domid, struct entry **out)
{
    struct hec_client_config config = first_terms;
    struct entry *entry = free_entry();
    int err;

    if ( !entry )
        return HEC_ENOMEM;
    config.label = domid;
    err = hec_client_create(hecache, &config, &entry->client);
    if ( err )
        return err;
    entry->domid = domid;
    entry->ending = false;
    *out = entry;

    return HEC_OK;
}

/* Lets a domain that calls be a client. [table_lock] */
static int let_in(domid_t domid)
{
    struct entry *entry = entry_of(domid);

    if ( !entry && hecache_admits_by_name() )
        return HEC_EPERM;
    if ( !entry && entry_create(domid, &entry) )
        return HEC_ENOMEM;
    if ( entry->ending )
        return HEC_EAGAIN;
    hec_env_store_release(&table[domid], entry->client);

    return HEC_OK;
}

int hec_env_guest_admit(void *vcpu, struct hec_client **client)
{
    struct domain *d = ((struct vcpu *)vcpu)->domain;
    int err;

    if ( xsm_hecache_use(XSM_HOOK, d) )
        return HEC_EPERM;
    spin_lock(&table_lock);
    err = let_in(d->domain_id);
    *client = table[d->domain_id];
    spin_unlock(&table_lock);

    return err;
}

int hecache_client_errno(int err)
{
    switch ( err )
    {
    case HEC_OK:
        return 0;
    case HEC_ENOMEM:
        return -ENOMEM;
    case HEC_ENOSPC:
        return -ENOSPC;
    default:
        return -EINVAL;
    }
}

/* A new client has nothing yet, so that it can go in one step. [table_lock] */
static int create_with(domid_t domid, const struct hec_client_change *change)
{
    struct entry *entry;
    int err = entry_create(domid, &entry);

    if ( err )
        return err;
    err = hec_client_change(hecache, entry->client, change);
    if ( err )
    {
        hec_client_destroy(hecache, entry->client, END_BUDGET);
        entry->client = NULL;
    }

    return err;
}

/*
 * A domain that is not dying now is killed later: hecache_destroy() will find the
 * entry, for it takes the lock when the domain is dying. [table_lock]
 */
static int admit(const struct domain *d, const struct hec_client_change *change)
{
    const struct entry *entry = entry_of(d->domain_id);

    if ( d->is_dying || (entry && entry->ending) )
        return -ENOENT;

    return hecache_client_errno(
        entry ? hec_client_change(hecache, entry->client, change)
              : create_with(d->domain_id, change));
}

int hecache_client_admit(domid_t domid, const struct hec_client_change *change)
{
    struct domain *d = rcu_lock_domain_by_id(domid);
    int rc;

    if ( !d )
        return -ENOENT;
    spin_lock(&table_lock);
    rc = admit(d, change);
    spin_unlock(&table_lock);
    rcu_unlock_domain(d);

    return rc;
}

/*
 * From now on nobody but end_step() uses the client.  Context: no vCPU of the
 * domain is in a call. [table_lock]
 */
static void begin_end(struct entry *entry)
{
    hec_env_store_release(&table[entry->domid], NULL);
    entry->ending = true;
}

/* Drops some of what an ending client has; false: it is gone. */
static bool end_step(domid_t domid)
{
    struct entry *entry;
    bool more;

    spin_lock(&table_lock);
    entry = entry_of(domid);
    more = entry && hec_client_destroy(hecache, entry->client, END_BUDGET);
    if ( entry && !more )
        entry->client = NULL;
    spin_unlock(&table_lock);

    return more;
}

static int end(domid_t domid)
{
    while ( end_step(domid) )
        if ( hypercall_preempt_check() )
            return -ERESTART;

    return 0;
}

int hecache_destroy(struct domain *d)
{
    struct entry *entry;

    if ( !hecache )
        return 0;
    spin_lock(&table_lock);
    entry = entry_of(d->domain_id);
    if ( entry )
        begin_end(entry);
    spin_unlock(&table_lock);

    return entry ? end(d->domain_id) : 0;
}

/* Context: the domain's vCPUs are paused. [table_lock] */
static int dismiss(domid_t domid)
{
    struct entry *entry = entry_of(domid);
    struct hec_stats stats;

    if ( !entry )
        return -ENOENT;
    hec_client_stats(hecache, entry->client, &stats);
    if ( !entry->ending && stats.persistent_pages )
        return -EBUSY;
    begin_end(entry);

    return 0;
}

/* A vCPU that waits for table_lock could not be paused by its holder. */
int hecache_client_dismiss(domid_t domid)
{
    struct domain *d = rcu_lock_domain_by_id(domid);
    int rc = -EINVAL;

    if ( !d )
        return -ENOENT;
    if ( d != current->domain )
    {
        domain_pause(d);
        spin_lock(&table_lock);
        rc = dismiss(domid);
        spin_unlock(&table_lock);
        domain_unpause(d);
    }
    rcu_unlock_domain(d);

    return rc ?: end(domid);
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

bool hecache_client_has_called(domid_t domid)
{
    return table[domid];
}
