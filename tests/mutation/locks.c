/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Locks of the test environment that end the program where a thread takes one that
 * it has, or gives back one that it has not; and a program that would end well fails
 * if it has not ended each lock that it made.  Linked with --wrap.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

int __wrap_pthread_mutex_init(pthread_mutex_t *mutex,
			      const pthread_mutexattr_t *attr);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex);
int __real_pthread_mutex_init(pthread_mutex_t *mutex,
			      const pthread_mutexattr_t *attr);
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __real_pthread_mutex_destroy(pthread_mutex_t *mutex);

static int locks; /* made and not ended */

__attribute__((destructor)) static void all_are_ended(void)
{
	if (__atomic_load_n(&locks, __ATOMIC_RELAXED))
		_exit(1);
}

int __wrap_pthread_mutex_init(pthread_mutex_t *mutex,
			      const pthread_mutexattr_t *attr)
{
	pthread_mutexattr_t checked;

	__atomic_add_fetch(&locks, 1, __ATOMIC_RELAXED);

	(void)attr;
	pthread_mutexattr_init(&checked);
	pthread_mutexattr_settype(&checked, PTHREAD_MUTEX_ERRORCHECK);
	return __real_pthread_mutex_init(mutex, &checked);
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
	if (__real_pthread_mutex_lock(mutex))
		abort();
	return 0;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	if (__real_pthread_mutex_unlock(mutex))
		abort();
	return 0;
}

int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	if (__real_pthread_mutex_destroy(mutex))
		abort();
	__atomic_sub_fetch(&locks, 1, __ATOMIC_RELAXED);
	return 0;
}
