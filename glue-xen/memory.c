/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cache, and the machine's memory that it has.
 *
 *     hecache=<size>[,max=<size>][,client=<size>][,policy=s3fifo|lru|arc]
 *
 * <size> is taken from the domain heap at boot, before the first domain is made,
 * in chunks of 2 MiB.  The control domain may resize the cache later, up to
 * "max" (default: the size at boot), for which the tables are made; they come on
 * top.  "client" is the most that one domain may have at first (default: all),
 * "policy" its order of replacement (default: s3fifo).
 *
 * A chunk is scrubbed when it goes back to the heap: free_domheap_pages() does
 * that for pages without an owner.
 */
#include <xen/init.h>
#include <xen/mm.h>
#include <xen/param.h>
#include <xen/random.h>
#include <xen/sha2.h>
#include <xen/softirq.h>
#include <xen/vmap.h>

#include "glue.h"

#define CHUNK_SHIFT 9
#define CHUNK_FRAMES (1u << CHUNK_SHIFT)
#define CHUNK_BYTES ((uint64_t)CHUNK_FRAMES << PAGE_SHIFT)
#define MAX_BYTES ((uint64_t)HEC_MAX_FRAMES << PAGE_SHIFT)

struct hec_cache *__read_mostly hecache;
struct hec_client_config __read_mostly hecache_new_client;

static uint32_t __read_mostly max_chunks;
static DEFINE_SPINLOCK(resize_lock);

static uint64_t __initdata opt_size;
static uint64_t __initdata opt_max;
static uint64_t __initdata opt_client;

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
    static const char __initconst names[][16] = {
        [HEC_POLICY_S3FIFO] = "policy=s3fifo",
        [HEC_POLICY_LRU] = "policy=lru",
        [HEC_POLICY_ARC] = "policy=arc",
    };
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(names); i++ )
    {
        if ( strlen(names[i]) != end - s || strncmp(s, names[i], end - s) )
            continue;
        hecache_new_client.policy = i;
        return 0;
    }

    return -ENOENT;
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
            err = parse_value(s, end, "", &opt_size);
        rc = rc ?: err;
        if ( !*end )
            return rc;
        s = end + 1;
    }
}
custom_param("hecache", parse_hecache);

/*
 * The secret of the cache.  Without RDRAND it is as good as the jitter of the
 * time stamp counter over a boot.
 */
static void __init make_seed(uint8_t seed[32])
{
    uint64_t pool[64];
    unsigned int i;

    for ( i = 0; i < ARRAY_SIZE(pool); i++ )
        pool[i] = ((uint64_t)get_random() << 32) ^ rdtsc() ^ NOW();
    if ( !cpu_has_rdrand )
        printk(XENLOG_WARNING
               "hecache: no RDRAND: the secrets are the clock's jitter\n");
    sha2_256_digest(seed, pool, sizeof(pool));
    memset(pool, 0, sizeof(pool));
}

static uint32_t nr_chunks(void)
{
    struct hec_cache_info info;

    hec_cache_info(hecache, &info);

    return info.chunks;
}

static int grow(void)
{
    struct page_info *chunk = alloc_domheap_pages(NULL, CHUNK_SHIFT, 0);

    if ( !chunk )
        return -ENOMEM;
    if ( hec_grow(hecache, chunk) )
    {
        free_domheap_pages(chunk, CHUNK_SHIFT);
        return -ENOMEM;
    }

    return 0;
}

/* 1: a chunk went, or copies are in flight and the next step goes on. */
static int shrink(void)
{
    void *chunk;
    int rc = hec_shrink(hecache, &chunk);

    if ( !rc )
        free_domheap_pages(chunk, CHUNK_SHIFT);

    return !rc || rc == HEC_EAGAIN ? 1 : -ENOSPC;
}

static int step(uint32_t wanted)
{
    struct hec_cache_info info;

    hec_cache_info(hecache, &info);
    if ( info.closing || info.chunks > wanted )
        return shrink();
    if ( info.chunks < wanted )
        return grow() ?: 1;

    return 0;
}

uint64_t hecache_max_frames(void)
{
    return (uint64_t)max_chunks << CHUNK_SHIFT;
}

int hecache_resize_step(uint64_t frames)
{
    int rc;

    if ( frames > hecache_max_frames() )
        return -EINVAL;
    if ( !spin_trylock(&resize_lock) )
        return -EBUSY;
    rc = step(DIV_ROUND_UP(frames, CHUNK_FRAMES));
    spin_unlock(&resize_lock);

    return rc;
}

static int __init cache_create(void)
{
    struct hec_config config = {
        .max_chunks = max_chunks,
        .chunk_shift = CHUNK_SHIFT,
        .max_clients = HECACHE_MAX_CLIENTS,
        .max_pools = HECACHE_MAX_POOLS,
    };
    uint64_t size = hec_size(&config);
    void *tables = size ? vzalloc(size) : NULL;

    if ( !tables )
        return -ENOMEM;
    make_seed(config.seed);
    if ( hec_init(tables, size, &config, &hecache) )
        BUG(); /* hec_size() found the configuration valid */
    memset(config.seed, 0, sizeof(config.seed));
    printk(XENLOG_INFO "hecache: %" PRIu64 " KiB of tables\n", size >> 10);

    return 0;
}

static int __init cf_check hecache_init(void)
{
    int rc;

    if ( !opt_size )
        return 0;
    max_chunks = DIV_ROUND_UP(max(opt_size, opt_max), CHUNK_BYTES);
    hecache_new_client.max_pages = opt_client >> PAGE_SHIFT;
    rc = hecache_clients_init() ?: cache_create();
    if ( rc )
    {
        printk(XENLOG_ERR "hecache: no memory for the tables\n");
        return rc;
    }
    while ( (rc = hecache_resize_step(opt_size >> PAGE_SHIFT)) > 0 )
        process_pending_softirqs();
    printk("hecache: %" PRIu64 " MiB of memory%s\n",
           nr_chunks() * CHUNK_BYTES >> 20, rc ? ", all that there was" : "");
    hecache_control_init();

    return 0;
}
__initcall(hecache_init);
