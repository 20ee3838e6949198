/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cache, and the machine's memory that it has.
 */
#ifndef HECACHE_MEMORY_H
#define HECACHE_MEMORY_H

#include <hecache/hecache.h>

#define HECACHE_MAX_CLIENTS 256

/* The machine's one cache, or NULL; constant after boot. */
extern struct hec_cache *hecache;

/*
 * Makes the cache, with no memory as yet, for @bytes at the most.  -ENOMEM: there
 * is none for its tables.  Context: boot.  Takes as long as writing the tables
 * twice.
 */
int hecache_memory_init(uint64_t bytes);

/* The largest number of frames that hecache_resize_step() can lead to. */
uint64_t hecache_max_frames(void);

/*
 * One step, of one chunk at the most, towards a cache of @frames frames: an enum
 * hecache_step, or -EBUSY: somebody else is resizing; -ENOMEM: the domain heap has
 * no chunk to spare; -ENOSPC: what is left is full of persistent pages; -EINVAL:
 * more than hecache_max_frames().
 */
int hecache_resize_step(uint64_t frames);

enum hecache_step
{
    HECACHE_STEP_THERE, /* there is nothing left to do */
    HECACHE_STEP_CHUNK, /* a chunk came or went: go on */
    HECACHE_STEP_AGAIN, /* guests are using the chunk that is to go: try again */
};

#endif /* HECACHE_MEMORY_H */
