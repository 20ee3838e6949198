/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The core's environment where calls are woven: tests/env/hec_env.h lists what the
 * core needs.  Here everything that another processor could come in between of is
 * a point (weave.h): each marked access, and taking and letting go of each lock.
 *
 * There is one thread and two strands.  A lock knows which strand holds it.
 */
#ifndef HEC_ENV_H
#define HEC_ENV_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hecache/abi.h>

struct hec_env_lock {
	bool held;
	uint32_t owner; /* the strand, if it is held */
};

void weave_point(const volatile void *touched);
void weave_lock(struct hec_env_lock *lock);
void weave_unlock(struct hec_env_lock *lock);
bool weave_is_held(const struct hec_env_lock *lock);
void weave_bug(const char *what);

#define hec_env_lock_init(lock) ((lock)->held = false)
#define hec_env_lock_fini(lock) ((void)(lock))
#define hec_env_lock(lock) weave_lock(lock)
#define hec_env_unlock(lock) weave_unlock(lock)
#define hec_env_is_held(lock) weave_is_held(lock)

#define hec_env_read_once(x) \
	(weave_point(&(x)), *(const volatile __typeof__(x) *)&(x))
#define hec_env_write_once(x, v) \
	(weave_point(&(x)), (void)(*(volatile __typeof__(x) *)&(x) = (v)))
#define hec_env_peek(x) hec_env_read_once(x)
#define hec_env_load_acquire(p) hec_env_read_once(*(p))
#define hec_env_store_release(p, v) hec_env_write_once(*(p), v)
#define hec_env_add64(p, v) (weave_point(p), (void)(*(p) += (uint64_t)(v)))

#define hec_env_prefetch(p) ((void)(p))
#define hec_env_prefetchw(p) ((void)(p))

#define hec_env_bug(what) weave_bug(what)
#ifdef HEC_ENV_CHECKED
#define hec_env_assert(condition) \
	((condition) ? (void)0 : hec_env_bug("not true: " #condition))
#define hec_env_assert_held(lock) \
	(hec_env_is_held(lock) ? (void)0 : hec_env_bug("not held: " #lock))
#else
#define hec_env_assert(condition) ((void)(0 && (condition)))
#define hec_env_assert_held(lock) ((void)sizeof(lock))
#endif

/* A chunk is plain memory; a page is copied after this point. */
static inline void *hec_env_map_frame(void *chunk, uint32_t offset)
{
	weave_point(NULL);
	return (char *)chunk + (size_t)offset * HEC_ABI_PAGE_SIZE;
}

#define hec_env_unmap_frame(va) ((void)(va))

struct hec_env_guest_page {
	void *va;
};

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *page);
void hec_env_guest_unmap(void *vcpu, struct hec_env_guest_page *page);

#endif
