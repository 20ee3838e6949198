/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The core's environment in the benchmark: tests/env/hec_env.h lists what the
 * core needs.  It differs from that one where a hypervisor differs from a test:
 * the lock is a spinlock, taken with one exchange and released with a store,
 * and guests' pages are mapped by nobody.
 */
#ifndef HEC_ENV_H
#define HEC_ENV_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hecache/abi.h>
#include <hecache/env_builtins.h>

/* Looks at a lock before its holder is taken to have lost the processor. */
#define HEC_ENV_SPINS 4096u

struct hec_env_lock {
	uint32_t taken;
};

static inline void hec_env_lock_init(struct hec_env_lock *lock)
{
	lock->taken = 0;
}

static inline void hec_env_lock_fini(struct hec_env_lock *lock)
{
	(void)lock;
}

static inline void hec_env_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* What a hypervisor never does: its lock holders are not preempted. */
static inline void hec_env_spin(const struct hec_env_lock *lock)
{
	uint32_t spins = 0;

	while (__atomic_load_n(&lock->taken, __ATOMIC_RELAXED)) {
		hec_env_relax();
		if (++spins % HEC_ENV_SPINS == 0)
			sched_yield();
	}
}

static inline void hec_env_lock(struct hec_env_lock *lock)
{
	while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE))
		hec_env_spin(lock);
}

static inline void hec_env_unlock(struct hec_env_lock *lock)
{
	__atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
}

/* A chunk is plain memory, described by its address. */
static inline void *hec_env_map_frame(void *chunk, uint32_t offset)
{
	return (char *)chunk + (size_t)offset * HEC_ABI_PAGE_SIZE;
}

static inline void hec_env_unmap_frame(void *va)
{
	(void)va;
}

struct hec_env_guest_page {
	void *va;
};

static inline int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
				    struct hec_env_guest_page *page)
{
	(void)vcpu;
	(void)gfn;
	(void)write;
	(void)page;
	return HEC_EFAULT;
}

static inline void hec_env_guest_unmap(void *vcpu,
				       struct hec_env_guest_page *page)
{
	(void)vcpu;
	(void)page;
}

static inline void hec_env_bug(const char *what)
{
	fprintf(stderr, "hecache: %s\n", what);
	abort();
}

#endif
