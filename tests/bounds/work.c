/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The counter of work, see work.h.
 */
#include "work.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_HELD 8

struct rival {
	work_rival *run;
	void *arg;
};

static uint64_t blocks;
static struct work *current;
static struct rival rival;
static uint32_t nr_held;
static struct {
	const void *lock;
	uint64_t since;
} held[MAX_HELD];

/* What the linker puts in the place of the functions without __wrap_. */
void __wrap___sanitizer_cov_trace_pc(void);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);

/* The fuzzer is compiled in one go, and this must not count itself. */
#ifdef __clang__
__attribute__((no_sanitize("coverage")))
#endif
void __wrap___sanitizer_cov_trace_pc(void)
{
	blocks++;
}

void work_begin(struct work *work)
{
	work->outer = current;
	work->began = blocks;
	current = work;
}

void work_end(struct work *work)
{
	uint64_t call = blocks - work->began;

	if (call > work->call)
		work->call = call;
	current = work->outer;
}

void work_against(work_rival *run, void *arg)
{
	rival = (struct rival){ run, arg };
}

uint32_t work_locks_held(void)
{
	return nr_held;
}

static void run_rival(void)
{
	struct rival one = rival;
	struct work *counted = current;
	uint64_t before = blocks;

	current = NULL;
	rival.run = NULL;
	if (!one.run(one.arg))
		one.run = NULL;
	rival = one;
	blocks = before;
	current = counted;
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
	if (nr_held == MAX_HELD) {
		fprintf(stderr, "more than %d locks are held\n", MAX_HELD);
		abort();
	}
	held[nr_held].lock = mutex;
	held[nr_held++].since = blocks;
	return __real_pthread_mutex_lock(mutex);
}

/* Takes @mutex off the list of what is held, wherever it is. */
static void note_unlock(const void *mutex)
{
	uint32_t i = nr_held;
	uint64_t work;

	while (i && held[i - 1].lock != mutex)
		i--;
	if (!i)
		return;
	work = blocks - held[i - 1].since;
	if (current && work > current->held) {
		current->held = work;
		current->lock = mutex;
	}
	for (nr_held--; i <= nr_held; i++)
		held[i - 1] = held[i];
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	int err;

	note_unlock(mutex);
	err = __real_pthread_mutex_unlock(mutex);
	if (!nr_held && rival.run)
		run_rival();
	return err;
}
