/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The core's environment in user space (POSIX, GCC or Clang): for tests, tools
 * and benchmarks.  What the core needs of an embedder:
 *
 *   types        uint8_t ... uint64_t, int32_t, size_t, bool, NULL
 *   memory       memcpy, memset
 *   lock         struct hec_env_lock and init, fini, lock, unlock
 *   access       hec_env_read_once, hec_env_write_once: one untorn access
 *                hec_env_peek: the same, of what is under a lock not held
 *                hec_env_load_acquire, hec_env_store_release
 *                hec_env_add64: a relaxed atomic addition
 *   prefetch     hec_env_prefetch, hec_env_prefetchw: hints
 *   frames       hec_env_map_frame, hec_env_unmap_frame
 *   guests       hec_env_guest_map, hec_env_guest_unmap, hec_env_guest_admit:
 *                only for embedders that use hec_guest_call()
 *   trap         hec_env_bug: a broken invariant; does not return
 *   checks       hec_env_assert: a condition; hec_env_assert_held: a lock is held
 *                by whoever calls.  Nothing, unless HEC_ENV_CHECKED is defined.
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

static inline void hec_env_bug(const char *what)
{
	fprintf(stderr, "hecache: %s\n", what);
	abort();
}

/* Not 0, so that a lock shows if it was not initialised. */
#define HEC_ENV_NOBODY (~(pthread_t)0)

struct hec_env_lock {
	pthread_mutex_t mutex;
	pthread_t owner; /* or HEC_ENV_NOBODY */
};

static inline void hec_env_lock_init(struct hec_env_lock *lock)
{
	pthread_mutex_init(&lock->mutex, NULL);
	lock->owner = HEC_ENV_NOBODY;
}

static inline void hec_env_lock_fini(struct hec_env_lock *lock)
{
	pthread_mutex_destroy(&lock->mutex);
}

static inline void hec_env_lock(struct hec_env_lock *lock)
{
	pthread_mutex_lock(&lock->mutex);
	if (lock->owner != HEC_ENV_NOBODY)
		hec_env_bug("a lock that was not initialised");
	lock->owner = pthread_self();
}

static inline void hec_env_unlock(struct hec_env_lock *lock)
{
	lock->owner = HEC_ENV_NOBODY;
	pthread_mutex_unlock(&lock->mutex);
}

/* True if the calling thread holds it. */
static inline bool hec_env_is_held(const struct hec_env_lock *lock)
{
	return lock->owner == pthread_self();
}

#ifdef HEC_ENV_CHECKED
#define hec_env_assert(condition) \
	((condition) ? (void)0 : hec_env_bug("not true: " #condition))
#define hec_env_assert_held(lock) \
	(hec_env_is_held(lock) ? (void)0 : hec_env_bug("not held: " #lock))
#endif

#include <hecache/env_builtins.h>

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

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Maps a guest's frame for reading or writing.  HEC_EFAULT: not a frame that
 * the guest may use like that; HEC_EAGAIN: not resident, and a put never waits.
 */
int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *page);
void hec_env_guest_unmap(void *vcpu, struct hec_env_guest_page *page);

#ifdef __cplusplus
}
#endif

#endif
