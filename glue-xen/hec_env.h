/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What libhecache needs of its embedder, for the Xen hypervisor.
 *
 * Every call into the library is made by a hypercall or in a softirq, with
 * interrupts on: a plain spinlock will do.
 *
 * A chunk is a block of consecutive pages of the domain heap, described by its
 * first struct page_info.  A page of the domain heap need not be in the direct
 * map, so each frame is mapped for as long as its content is copied; at most
 * three are mapped at a time, of the sixteen that a vCPU may have.
 */
#ifndef HEC_ENV_H
#define HEC_ENV_H

#include <xen/domain_page.h>
#include <xen/lib.h>
#include <xen/mm.h>
#include <xen/prefetch.h>
#include <xen/spinlock.h>
#include <xen/string.h>
#include <xen/types.h>

#include <hecache/abi.h>

/* The library has a function of its own by this name of Xen's. */
#undef copy_page

struct hec_env_lock
{
    spinlock_t spin;
};

#define hec_env_lock_init(lock) spin_lock_init(&(lock)->spin)
#define hec_env_lock_fini(lock) ((void)(lock))
#define hec_env_lock(lock) spin_lock(&(lock)->spin)
#define hec_env_unlock(lock) spin_unlock(&(lock)->spin)

#define hec_env_prefetch(p) prefetch(p)
#define hec_env_prefetchw(p) prefetchw(p)

/* In a hypervisor that is built for debugging. */
#define hec_env_assert(condition) ASSERT(condition)
#define hec_env_assert_held(lock)                                              \
    ASSERT(spin_is_locked((spinlock_t *)&(lock)->spin))

#include <hecache/env_builtins.h>

static inline void *hec_env_map_frame(void *chunk, uint32_t offset)
{
    return __map_domain_page((struct page_info *)chunk + offset);
}

static inline void hec_env_unmap_frame(void *va)
{
    unmap_domain_page(va);
}

static inline void noreturn hec_env_bug(const char *what)
{
    panic("hecache: broken invariant: %s\n", what);
}

/* A guest's page, mapped; guestmem.c fills it. */
struct hec_env_guest_page
{
    void *va;
    struct page_info *page; /* a reference; for writing, one of its type too */
    bool write;
};

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
                      struct hec_env_guest_page *guest);
void hec_env_guest_unmap(void *vcpu, struct hec_env_guest_page *guest);

#endif /* HEC_ENV_H */
