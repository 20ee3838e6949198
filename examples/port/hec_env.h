/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The environment of the example port, which has no library and no headers. */
#ifndef HEC_ENV_H
#define HEC_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *dst, const void *src, size_t len);
void *memset(void *dst, int byte, size_t len);

#include <hecache/abi.h>
#include <hecache/env_builtins.h>

/* Who draws a number first is served first. */
struct hec_env_lock {
	uint32_t next, served;
};

#define hec_env_lock_init(lock) ((lock)->next = (lock)->served = 0)
#define hec_env_lock_fini(lock) ((void)(lock))

static inline void hec_env_lock(struct hec_env_lock *lock)
{
	uint32_t mine = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

	while (hec_env_load_acquire(&lock->served) != mine)
		;
}

static inline void hec_env_unlock(struct hec_env_lock *lock)
{
	hec_env_store_release(&lock->served, lock->served + 1);
}

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
