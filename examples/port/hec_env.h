/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The environment of the example port: a hypervisor that has no library and no
 * headers but the compiler's own.  docs/EMBEDDING.md goes through it.
 */
#ifndef HEC_ENV_H
#define HEC_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *dst, const void *src, size_t len);
void *memset(void *dst, int byte, size_t len);

#include <hecache/abi.h>

struct hec_env_lock {
	bool taken;
};

#define hec_env_lock_init(lock) ((lock)->taken = false)
#define hec_env_lock_fini(lock) ((void)(lock))

static inline void hec_env_lock(struct hec_env_lock *lock)
{
	while (__atomic_test_and_set(&lock->taken, __ATOMIC_ACQUIRE))
		;
}

static inline void hec_env_unlock(struct hec_env_lock *lock)
{
	__atomic_clear(&lock->taken, __ATOMIC_RELEASE);
}

#define hec_env_read_once(x) (*(const volatile __typeof__(x) *)&(x))
#define hec_env_write_once(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define hec_env_peek(x) hec_env_read_once(x)
#define hec_env_load_acquire(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define hec_env_store_release(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)
#define hec_env_add64(p, v) ((void)__atomic_fetch_add(p, v, __ATOMIC_RELAXED))
#define hec_env_prefetch(p) __builtin_prefetch(p, 0)
#define hec_env_prefetchw(p) __builtin_prefetch(p, 1)

/* All memory is mapped: a chunk is described by its address. */
static inline void *hec_env_map_frame(void *chunk, uint32_t offset)
{
	return (char *)chunk + (size_t)offset * HEC_ABI_PAGE_SIZE;
}

#define hec_env_unmap_frame(va) ((void)(va))

struct hec_env_guest_page {
	void *va;
};
int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *page);
#define hec_env_guest_unmap(vcpu, page) ((void)(vcpu), (void)(page))

#define hec_env_bug(what) ((void)(what), __builtin_trap())

#endif
