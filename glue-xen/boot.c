/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The start: what the command line says, and the cache made by it.
 *
 *     hecache=<size>[,max=<size>][,client=<size>][,policy=<name>][,admit]
 *
 * <size> is taken from the domain heap before the first domain is made.  "max" is
 * what the control domain may resize it to later (default: no more); the tables
 * are made for that and come on top.  "client" is the most that one domain may
 * have at first (default: all), "policy" its order of replacement (a name of
 * <hecache/policies.h>; default: s3fifo).  With "admit" only domains that the
 * control domain names may use the cache.
 *
 * Everything here runs once, at boot.  The command line bounds its loops; the one
 * that takes the memory gives way to softirqs after each chunk.
 */
#include <xen/init.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <xen/softirq.h>

#include "client.h"
#include "console.h"
#include "memory.h"

#define MAX_BYTES ((uint64_t)HEC_MAX_FRAMES << PAGE_SHIFT)

static uint64_t __initdata opt_size;
static uint64_t __initdata opt_max;
static uint64_t __initdata opt_client;
static enum hec_policy_kind __initdata opt_policy;
static bool __initdata opt_admit;

static int __init parse_value(const char *s, const char *end, const char *name,
                              uint64_t *value)
{
    size_t len = strlen(name);

    if ( strncmp(s, name, len) )
        return -ENOENT;
    *value = parse_size_and_unit(s + len, &s);

    return s == end && *value <= MAX_BYTES ? 0 : -EINVAL;
}

static int __init parse_policy(const char *s, const char *end)
{
    static const char __initconst name[] = "policy=";
    unsigned int kind;

    if ( strncmp(s, name, strlen(name)) )
        return -ENOENT;
    s += strlen(name);
    kind = hec_policy_find(s, end - s);
    if ( kind == HEC_NR_POLICIES )
        return -EINVAL;
    opt_policy = kind;

    return 0;
}

/* "admit", "no-admit", "admit=yes"... */
static int __init parse_admit(const char *s, const char *end)
{
    int yes = parse_boolean("admit", s, end);

    if ( yes < 0 )
        return -ENOENT;
    opt_admit = yes;

    return 0;
}

static int __init cf_check parse_hecache(const char *s)
{
    int rc = 0;

    for ( ;; )
    {
        const char *end = strchr(s, ',') ?: strchr(s, '\0');
        int err = parse_value(s, end, "max=", &opt_max);

        if ( err == -ENOENT )
            err = parse_value(s, end, "client=", &opt_client);
        if ( err == -ENOENT )
            err = parse_policy(s, end);
        if ( err == -ENOENT )
            err = parse_admit(s, end);
        if ( err == -ENOENT )
            err = parse_value(s, end, "", &opt_size);
        rc = rc ?: err;
        if ( !*end )
            return rc;
        s = end + 1;
    }
}
custom_param("hecache", parse_hecache);

/* What the memory allows, in chunks; returns what could not be had, or 0. */
static int __init take_memory(void)
{
    int rc;

    while ( (rc = hecache_resize_step(opt_size >> PAGE_SHIFT)) > 0 )
        process_pending_softirqs();

    return rc;
}

static int __init make_cache(void)
{
    struct hec_client_config first = {
        .max_pages = opt_client >> PAGE_SHIFT,
        .policy = opt_policy,
    };

    if ( hecache_clients_init(&first, opt_admit) )
        return -ENOMEM;

    return hecache_memory_init(max(opt_size, opt_max));
}

static int __init cf_check hecache_init(void)
{
    struct hec_cache_info info;
    int rc;

    if ( !opt_size )
        return 0;
    rc = make_cache();
    if ( rc )
    {
        printk(XENLOG_ERR "hecache: no memory for the tables\n");
        return rc;
    }
    rc = take_memory();
    hec_cache_info(hecache, &info);
    printk("hecache: %" PRIu64 " MiB of memory%s\n",
           info.frames >> (20 - PAGE_SHIFT), rc ? ", all that there was" : "");
    hecache_console_init();

    return 0;
}
__initcall(hecache_init);
