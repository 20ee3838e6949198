/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cache, and the machine's memory that it has.
 *
 * Memory comes from the domain heap in chunks of 2 MiB.  A chunk is scrubbed when
 * it goes back to the heap: free_domheap_pages() does that for pages without an
 * owner.
 */
#include <xen/init.h>
#include <xen/mm.h>
#include <xen/random.h>
#include <xen/sha2.h>
#include <xen/vmap.h>

#include "memory.h"

/* As many for each client as it may have at first. */
#define MAX_POOLS (HECACHE_MAX_CLIENTS * HEC_CLIENT_POOLS)
#define CHUNK_SHIFT 9
#define CHUNK_FRAMES (1u << CHUNK_SHIFT)
#define CHUNK_BYTES ((uint64_t)CHUNK_FRAMES << PAGE_SHIFT)

struct hec_cache *__read_mostly hecache;

static uint32_t __read_mostly max_chunks;
static DEFINE_SPINLOCK(resize_lock);

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

static int shrink(void)
{
    void *chunk;
    int rc = hec_shrink(hecache, &chunk);

    if ( rc )
        return rc == HEC_EAGAIN ? HECACHE_STEP_AGAIN : -ENOSPC;
    free_domheap_pages(chunk, CHUNK_SHIFT);

    return HECACHE_STEP_CHUNK;
}

static int step(uint32_t wanted)
{
    struct hec_cache_info info;

    hec_cache_info(hecache, &info);
    if ( info.closing || info.chunks > wanted )
        return shrink();
    if ( info.chunks < wanted )
        return grow() ?: HECACHE_STEP_CHUNK;

    return HECACHE_STEP_THERE;
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

int __init hecache_memory_init(uint64_t bytes)
{
    struct hec_config config = {
        .max_chunks = DIV_ROUND_UP(bytes, CHUNK_BYTES),
        .chunk_shift = CHUNK_SHIFT,
        .max_clients = HECACHE_MAX_CLIENTS,
        .max_pools = MAX_POOLS,
    };
    uint64_t size = hec_size(&config);
    void *tables = size ? vzalloc(size) : NULL;

    if ( !tables )
        return -ENOMEM;
    make_seed(config.seed);
    if ( hec_init(tables, size, &config, &hecache) )
        BUG(); /* hec_size() found the configuration valid */
    memset(config.seed, 0, sizeof(config.seed));
    max_chunks = config.max_chunks;
    printk(XENLOG_INFO "hecache: %" PRIu64 " KiB of tables\n", size >> 10);

    return 0;
}
