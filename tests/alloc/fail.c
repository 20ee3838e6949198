/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocations that fail: linked into a program, it takes the place of the C
 * library's functions, for the program and for every library that it uses.
 *
 *     HEC_FAIL_FIRST=N   the N-th allocation fails, counted from main() on,
 *     HEC_FAIL_LAST=M    and all that follow, up to the M-th (default: N)
 *     HEC_FAIL_COUNT=F   how many there were goes to file F
 *     HEC_FAIL_ONLY=NAME calls of other functions neither fail nor count
 *
 * What does not fail goes on to whoever comes next, the address sanitizer as a
 * rule, so that leaks and bad accesses are found as ever.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static unsigned long first, last, count;
static const char *only;
static bool counting;

static unsigned long number_in(const char *name, unsigned long otherwise)
{
	const char *value = getenv(name);

	return value ? strtoul(value, NULL, 10) : otherwise;
}

static void __attribute__((constructor)) start(void)
{
	first = number_in("HEC_FAIL_FIRST", 0);
	last = number_in("HEC_FAIL_LAST", first);
	only = getenv("HEC_FAIL_ONLY");
	counting = true;
}

static void __attribute__((destructor)) stop(void)
{
	const char *path = getenv("HEC_FAIL_COUNT");
	char text[32];
	int length, file;

	counting = false;
	if (!path)
		return;
	length = snprintf(text, sizeof(text), "%lu\n", count);
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (file < 0 || write(file, text, (size_t)length) != length)
		abort();
	close(file);
}

static bool fails(const char *name)
{
	unsigned long n;

	if (!counting || (only && strcmp(only, name) != 0))
		return false;
	n = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
	if (n < first || n > last)
		return false;
	errno = ENOMEM;
	return true;
}

/* A function like the C library's, that may fail with @failure. */
#define WRAP(type, name, failure, parameters, arguments)                    \
	type name parameters                                                \
	{                                                                   \
		static type(*next) parameters;                              \
                                                                            \
		if (!next)                                                  \
			next = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
		return fails(#name) ? failure : next arguments;             \
	}

WRAP(void *, malloc, NULL, (size_t bytes), (bytes))
WRAP(void *, calloc, NULL, (size_t nr, size_t bytes), (nr, bytes))
WRAP(void *, realloc, NULL, (void *old, size_t bytes), (old, bytes))
WRAP(void *, aligned_alloc, NULL, (size_t alignment, size_t bytes),
     (alignment, bytes))
/* The address sanitizer's has a way of its own to memory. */
WRAP(char *, strdup, NULL, (const char *text), (text))
WRAP(void *, mmap, MAP_FAILED,
     (void *at, size_t bytes, int prot, int flags, int file, off_t offset),
     (at, bytes, prot, flags, file, offset))
WRAP(int, pthread_create, EAGAIN,
     (pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
      void *(*run)(void *), void *restrict argument),
     (thread, attributes, run, argument))
