/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The smallest environment that the core compiles in: no header, no library,
 * nothing but the compiler.  Proves that the core needs no more than
 * tests/env/hec_env.h lists.
 */
#ifndef HEC_ENV_H
#define HEC_ENV_H

typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __INT32_TYPE__ int32_t;
typedef __SIZE_TYPE__ size_t;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

void *memcpy(void *dst, const void *src, size_t len);
void *memset(void *dst, int byte, size_t len);
#define memcpy(d, s, n) __builtin_memcpy(d, s, n)
#define memset(d, c, n) __builtin_memset(d, c, n)

#include <hecache/abi.h>
#include <hecache/env_builtins.h>

struct hec_env_lock {
	bool taken;
};

static inline void hec_env_lock_init(struct hec_env_lock *lock)
{
	lock->taken = false;
}

static inline void hec_env_lock_fini(struct hec_env_lock *lock)
{
	(void)lock;
}

static inline void hec_env_lock(struct hec_env_lock *lock)
{
	while (__atomic_test_and_set(&lock->taken, __ATOMIC_ACQUIRE))
		;
}

static inline void hec_env_unlock(struct hec_env_lock *lock)
{
	__atomic_clear(&lock->taken, __ATOMIC_RELEASE);
}

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

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *page);
void hec_env_guest_unmap(void *vcpu, struct hec_env_guest_page *page);

static inline void hec_env_bug(const char *what)
{
	(void)what;
	__builtin_trap();
}

#endif
