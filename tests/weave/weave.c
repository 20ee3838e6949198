/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Weaving two calls, see weave.h.  The strands are two contexts of one thread; the
 * outer call has the caller's.
 */
#include "weave.h"

#include <setjmp.h>
#include <ucontext.h>

enum strand {
	OUTER,
	INNER
};

#define STACK_BYTES (64u << 10)

static struct weave *weave; /* NULL: nothing is woven */
static enum strand current;
static bool inner_runs; /* has begun, and not ended */
static const struct hec_env_lock *awaited; /* by the inner call, or NULL */
static ucontext_t context[2];
static jmp_buf out;

static void give_up(enum weave_verdict verdict)
{
	longjmp(out, (int)verdict);
}

static void switch_to(enum strand strand)
{
	enum strand from = current;

	current = strand;
	swapcontext(&context[from], &context[strand]);
}

static void run_inner(void)
{
	weave->inner();
	inner_runs = false;
	current = OUTER;
}

static void start_inner(void)
{
	static char stack[STACK_BYTES] __attribute__((aligned(64)));

	getcontext(&context[INNER]);
	context[INNER].uc_stack.ss_sp = stack;
	context[INNER].uc_stack.ss_size = sizeof(stack);
	context[INNER].uc_link = &context[OUTER];
	makecontext(&context[INNER], run_inner, 0);
	inner_runs = true;
	awaited = NULL;
	weave->runs++;
	switch_to(INNER);
}

/* Lets the inner call go on if nothing keeps it. */
static void resume_inner(void)
{
	if (inner_runs && !awaited->held)
		switch_to(INNER);
}

static void point(void)
{
	if (++weave->points == weave->at)
		start_inner();
	if (weave->points > weave->most_points)
		give_up(WEAVE_ENDLESS);
}

static bool is_shared(const volatile void *touched)
{
	uintptr_t offset = (uintptr_t)touched - (uintptr_t)weave->shared;

	return !touched || offset < weave->shared_bytes;
}

void weave_point(const volatile void *touched)
{
	if (weave && current == OUTER && !weave->unlocks_only &&
	    is_shared(touched))
		point();
}

void weave_lock(struct hec_env_lock *lock)
{
	weave_point(lock);
	while (lock->held) {
		if (!weave)
			weave_bug("a lock is taken that is held");
		if (lock->owner == current || current == OUTER)
			give_up(WEAVE_DEADLOCK);
		awaited = lock;
		switch_to(OUTER);
	}
	lock->held = true;
	lock->owner = current;
}

void weave_unlock(struct hec_env_lock *lock)
{
	if (!weave_is_held(lock))
		weave_bug("a lock is let go of that was not held");
	lock->held = false;
	if (!weave || current != OUTER)
		return;
	resume_inner();
	if (++weave->unlocks > weave->most_unlocks)
		give_up(WEAVE_ENDLESS);
	if (!weave->at && !inner_runs)
		start_inner();
	point();
}

bool weave_is_held(const struct hec_env_lock *lock)
{
	return lock->held && lock->owner == current;
}

/* In a test of its own process, what it has covered counts. */
extern void __gcov_dump(void) __attribute__((weak));

void weave_bug(const char *what)
{
	if (weave) {
		weave->bug = what;
		give_up(WEAVE_BUG);
	}
	fprintf(stderr, "hecache: %s\n", what);
	if (__gcov_dump)
		__gcov_dump();
	abort();
}

enum weave_verdict weave_run(struct weave *w)
{
	enum weave_verdict verdict;

	w->points = 0;
	w->unlocks = 0;
	w->runs = 0;
	w->bug = NULL;
	current = OUTER;
	inner_runs = false;
	weave = w;
	verdict = (enum weave_verdict)setjmp(out);
	if (verdict == WEAVE_ENDED)
		w->outer();
	weave = NULL;
	current = OUTER;
	return verdict;
}
