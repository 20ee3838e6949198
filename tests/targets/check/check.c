/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Running tests, see check.h.  A runner has suites, these have cases, and those have
 * tests: lists, the first thing added first.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

struct test {
	struct test *next;
	const TTest *test;
	int first, end; /* what _i is, up to but without @end */
};

struct tcase {
	struct tcase *next;
	struct test *tests, **last;
	void (*start)(void);
	void (*end)(void);
};

struct suite {
	struct suite *next;
	const char *name;
	struct tcase *cases, **last;
};

struct srunner {
	struct suite *suites, **last;
	int nr, nr_failed;
};

static void *zeroed(size_t bytes)
{
	void *memory = calloc(1, bytes);

	if (!memory) {
		fprintf(stderr, "check: out of memory\n");
		exit(1);
	}
	return memory;
}

Suite *suite_create(const char *name)
{
	Suite *suite = zeroed(sizeof(*suite));

	suite->name = name;
	suite->last = &suite->cases;
	return suite;
}

TCase *tcase_create(const char *name)
{
	TCase *tcase = zeroed(sizeof(*tcase));

	(void)name;
	tcase->last = &tcase->tests;
	return tcase;
}

void suite_add_tcase(Suite *suite, TCase *tcase)
{
	*suite->last = tcase;
	suite->last = &tcase->next;
}

/* However long a test takes, it has not failed. */
void tcase_set_timeout(TCase *tcase, double seconds)
{
	(void)tcase;
	(void)seconds;
}

void tcase_add_checked_fixture(TCase *tcase, void (*start)(void),
			       void (*end)(void))
{
	tcase->start = start;
	tcase->end = end;
}

void tcase_add_loop_test(TCase *tcase, const TTest *test, int first, int end)
{
	struct test *entry = zeroed(sizeof(*entry));

	*entry = (struct test){ .test = test, .first = first, .end = end };
	*tcase->last = entry;
	tcase->last = &entry->next;
}

SRunner *srunner_create(Suite *suite)
{
	SRunner *runner = zeroed(sizeof(*runner));

	runner->last = &runner->suites;
	if (suite)
		srunner_add_suite(runner, suite);
	return runner;
}

void srunner_add_suite(SRunner *runner, Suite *suite)
{
	*runner->last = suite;
	runner->last = &suite->next;
}

void check_failed(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	printf("%s:%d: ", file, line);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	fflush(stdout);
	_exit(1);
}

static void run_here(const struct tcase *tcase, const TTest *test, int i)
{
	if (tcase->start)
		tcase->start();
	test->run(i);
	if (tcase->end)
		tcase->end();
	fflush(stdout);
	_exit(0);
}

static void run_one(SRunner *runner, const struct suite *suite,
		    const struct tcase *tcase, const TTest *test, int i)
{
	int status = -1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		run_here(tcase, test, i);
	if (child > 0)
		waitpid(child, &status, 0);
	runner->nr++;
	if (!status)
		return;
	runner->nr_failed++;
	printf("FAIL %s:%s:%d (status %d)\n", suite->name, test->name, i,
	       status);
}

static void run_case(SRunner *runner, const struct suite *suite,
		     const struct tcase *tcase)
{
	const struct test *test;
	int i;

	for (test = tcase->tests; test; test = test->next)
		for (i = test->first; i < test->end; i++)
			run_one(runner, suite, tcase, test->test, i);
}

void srunner_run_all(SRunner *runner, enum print_output output)
{
	const struct suite *suite;
	const struct tcase *tcase;

	(void)output;
	for (suite = runner->suites; suite; suite = suite->next)
		for (tcase = suite->cases; tcase; tcase = tcase->next)
			run_case(runner, suite, tcase);
	printf("%d%%: Checks: %d, Failures: %d, Errors: 0\n",
	       runner->nr ? 100 - 100 * runner->nr_failed / runner->nr : 0,
	       runner->nr, runner->nr_failed);
}

int srunner_ntests_run(SRunner *runner)
{
	return runner->nr;
}

int srunner_ntests_failed(SRunner *runner)
{
	return runner->nr_failed;
}

/* The program ends; so does its memory. */
void srunner_free(SRunner *runner)
{
	free(runner);
}
