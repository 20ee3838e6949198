/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What libhecache needs of its embedder, for a Linux KVM host.
 *
 * Every call into the library is made in process context, so that a plain
 * spinlock will do: no interrupt handler ever takes one.
 *
 * A chunk is memory with consecutive kernel addresses (memory.c), so mapping a
 * frame of it is an addition and unmapping is nothing.
 */
#ifndef HEC_ENV_H
#define HEC_ENV_H

#include <linux/bug.h>
#include <linux/lockdep.h>
#include <linux/prefetch.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>

struct kvm_memory_slot;
struct page;

struct hec_env_lock {
	spinlock_t spin;
};

#define hec_env_lock_init(lock) spin_lock_init(&(lock)->spin)
#define hec_env_lock_fini(lock) ((void)(lock))
#define hec_env_lock(lock) spin_lock(&(lock)->spin)
#define hec_env_unlock(lock) spin_unlock(&(lock)->spin)

#define hec_env_prefetch(p) prefetch(p)
#define hec_env_prefetchw(p) prefetchw(p)

/* By lockdep, in a kernel that has it. */
#define hec_env_assert(condition) ((void)(0 && (condition)))
#define hec_env_assert_held(lock) lockdep_assert_held(&(lock)->spin)

#include <hecache/env_builtins.h>

static inline void *hec_env_map_frame(void *chunk, uint32_t offset)
{
	return (char *)chunk + (size_t)offset * PAGE_SIZE;
}

static inline void hec_env_unmap_frame(void *va)
{
}

static __always_inline void __noreturn hec_env_bug(const char *what)
{
	pr_emerg("hecache-kvm: broken invariant: %s\n", what);
	BUG();
}

/* A guest's page, mapped; guestmem.c fills it. */
struct hec_env_guest_page {
	void *va;
	struct page *page; /* borrowed from the host's mm until the unmap */
	struct kvm_memory_slot *slot;
	uint64_t gfn;
	bool write;
};

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *guest);
void hec_env_guest_unmap(void *vcpu, struct hec_env_guest_page *guest);

#endif
