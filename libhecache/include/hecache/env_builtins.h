/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The accesses, hints and checks of <hec_env.h>, made of builtins of GCC and Clang.
 * An embedder's hec_env.h may include this file.  If it has a better hint, peek or
 * check, it defines that before.  docs/EMBEDDING.md says what each must do.
 */
#ifndef HECACHE_ENV_BUILTINS_H
#define HECACHE_ENV_BUILTINS_H

#define hec_env_read_once(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define hec_env_write_once(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)
#define hec_env_load_acquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define hec_env_store_release(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define hec_env_add64(p, v) \
	((void)__atomic_fetch_add((p), (uint64_t)(v), __ATOMIC_RELAXED))

#ifndef hec_env_peek
#define hec_env_peek(x) hec_env_read_once(x)
#endif

/* Data that is fetched to be read is used once; to be written, more often. */
#ifndef hec_env_prefetch
#define hec_env_prefetch(p) __builtin_prefetch((p), 0, 0)
#define hec_env_prefetchw(p) __builtin_prefetch((p), 1)
#endif

/* Checks of what must hold.  They do nothing, unless the embedder has better. */
#ifndef hec_env_assert
#define hec_env_assert(condition) ((void)(0 && (condition)))
#define hec_env_assert_held(lock) ((void)sizeof(lock))
#endif

#endif
