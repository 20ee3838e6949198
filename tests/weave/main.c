/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Interleavings by construction: each call is woven with each other one, at every
 * point of the outer one, in each state of a small cache; and each call must end
 * though another processor gets in at every unlock.
 *
 * Usage: weave [--quick] [--scene=N] [--outer=NAME] [--inner=NAME] [--verbose]
 */
#include <stdio.h>
#include <string.h>

#include "operations.h"
#include "weave.h"

/*
 * Unlocks that a call may need, whatever others do meanwhile; and one that drops up
 * to CALL_BUDGET pages (guest/call.c), three for each.
 */
#define MOST_UNLOCKS 200u
#define MOST_UNLOCKS_BULK (3u * 4096u + MOST_UNLOCKS)
#define POINTS_PER_UNLOCK 100u
#define MOST_REPORTS 40u

static struct options {
	bool quick, verbose;
	const char *outer, *inner;
	uint32_t scene; /* NR_SCENES: all */
} options = { .scene = NR_SCENES };

static const struct operation *outer, *inner;
static uint32_t reports, passed, failed;
static uint64_t weaves;

static void run_outer(void)
{
	outer->run(&world.actor[0]);
}

static void run_inner(void)
{
	inner->run(&world.actor[1]);
}

static const char *verdict_text(enum weave_verdict verdict, const char *bug)
{
	switch (verdict) {
	case WEAVE_BUG:
		return bug;
	case WEAVE_DEADLOCK:
		return "deadlock";
	case WEAVE_ENDLESS:
		return "does not end";
	case WEAVE_ENDED:
		break;
	}
	return NULL;
}

/* Weaves once; NULL, or what went wrong. */
static const char *try(struct weave *weave)
{
	const char *wrong;

	world_restore();
	weaves++;
	wrong = verdict_text(weave_run(weave), weave->bug);
	return wrong ? wrong : world_check();
}

static bool may_meet(void)
{
	return !(inner->traits & READS) &&
	       !(outer->traits & inner->traits & ALONE);
}

static void report(const struct weave *weave, uint32_t scene, const char *wrong)
{
	if (++reports > MOST_REPORTS)
		return;
	printf("FAIL %s", outer->name);
	if (weave->at)
		printf(", at its point %u %s", weave->at, inner->name);
	else
		printf(", at each unlock %s", inner->name);
	printf(" (%s): %s\n", world_scene(scene), wrong);
}

/* Of the outer and the inner call, without the point. */
static struct weave plan(void)
{
	uint32_t most = outer->traits & BULK ? MOST_UNLOCKS_BULK : MOST_UNLOCKS;
	struct weave weave = { .outer = run_outer,
			       .inner = run_inner,
			       .shared = world.cache,
			       .shared_bytes = world_bytes(),
			       .unlocks_only = options.quick,
			       .most_unlocks = most,
			       .most_points = most * POINTS_PER_UNLOCK };

	return weave;
}

/* The inner call comes once, at each point of the outer one. */
static bool at_each_point(uint32_t scene)
{
	struct weave weave = plan();
	const char *wrong = NULL;

	do {
		weave.at++;
		wrong = try(&weave);
	} while (!wrong && weave.runs);
	if (wrong)
		report(&weave, scene, wrong);
	return !wrong;
}

/* The inner call comes after each unlock, without end. */
static bool at_each_unlock(uint32_t scene, uint32_t *most)
{
	struct weave weave = plan();
	const char *wrong;

	if (outer->traits & LIMITLESS)
		return true;
	wrong = try(&weave);
	if (wrong)
		report(&weave, scene, wrong);
	if (weave.unlocks > *most)
		*most = weave.unlocks;
	return !wrong;
}

static bool is_wanted(const char *name, const char *wanted)
{
	return !wanted || !strcmp(name, wanted);
}

/* @outer in @scene, with every other one. */
static bool weave_all(uint32_t scene, uint32_t *most)
{
	bool good = true;
	uint32_t i;

	for (i = 0; i < nr_operations; i++) {
		inner = &operations[i];
		if (!is_wanted(inner->name, options.inner) || !may_meet())
			continue;
		good &= at_each_point(scene);
		good &= at_each_unlock(scene, most);
	}
	return good;
}

static void weave_scene(uint32_t scene)
{
	uint32_t i, most;

	if (!world_make(scene)) {
		printf("FAIL %s: cannot be made\n", world_scene(scene));
		failed++;
		return;
	}
	for (i = 0; i < nr_operations; i++) {
		outer = &operations[i];
		if (!is_wanted(outer->name, options.outer))
			continue;
		most = 0;
		if (weave_all(scene, &most))
			passed++;
		else
			failed++;
		if (options.verbose)
			printf("%-20s %6u unlocks at the most\n", outer->name,
			       most);
	}
}

static bool option(const char *arg, const char *name, const char **value)
{
	size_t len = strlen(name);

	if (strncmp(arg, name, len))
		return false;
	*value = arg + len;
	return true;
}

static bool parse(const char *arg)
{
	const char *value;

	if (!strcmp(arg, "--quick"))
		options.quick = true;
	else if (!strcmp(arg, "--verbose"))
		options.verbose = true;
	else if (option(arg, "--scene=", &value))
		options.scene = (uint32_t)atoi(value);
	else
		return option(arg, "--outer=", &options.outer) ||
		       option(arg, "--inner=", &options.inner);
	return true;
}

int main(int argc, char **argv)
{
	uint32_t scene;
	int i;

	for (i = 1; i < argc; i++)
		if (!parse(argv[i])) {
			fprintf(stderr, "weave: what is %s?\n", argv[i]);
			return 2;
		}
	for (scene = 0; scene < NR_SCENES; scene++)
		if (options.scene == NR_SCENES ? !options.quick || !scene
					       : options.scene == scene)
			weave_scene(scene);
	printf("%llu weaves\n", (unsigned long long)weaves);
	printf("%u passed, %u failed\n", passed, failed);
	return failed ? 1 : 0;
}
