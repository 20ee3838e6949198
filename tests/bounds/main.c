/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Bounds and fairness: what a hostile VM can make a call cost, and others lose.
 *
 *   bounds [--quick] [CASE...]
 *
 * --quick: the largest caches are left out.
 */
#include "suites.h"

static const struct {
	const char *name;
	void (*add)(Suite *suite);
} cases[] = {
	{ "ghosts", ghosts_case }, { "room", room_case },
	{ "pools", pools_case },   { "resize", resize_case },
	{ "drops", drops_case },   { "fair", fair_case },
};

#define NR_CASES (sizeof(cases) / sizeof(cases[0]))

static bool is_wanted(const char *name, int argc, char **argv)
{
	bool named = false;
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], name))
			return true;
		named |= strcmp(argv[i], "--quick") != 0;
	}
	return !named;
}

void add_tests(Suite *suite, const char *name, const TTest *const *tests)
{
	TCase *tc = tcase_create(name);

	tcase_set_timeout(tc, 0);
	for (; *tests; tests++)
		tcase_add_test(tc, *tests);
	suite_add_tcase(suite, tc);
}

int main(int argc, char **argv)
{
	Suite *suite = suite_create("bounds");
	SRunner *runner;
	int failed, run;
	size_t i;

	for (i = 1; i < (size_t)argc; i++)
		bounds_full &= strcmp(argv[i], "--quick") != 0;
	for (i = 0; i < NR_CASES; i++)
		if (is_wanted(cases[i].name, argc, argv))
			cases[i].add(suite);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	run = srunner_ntests_run(runner);
	srunner_free(runner);
	printf("%d passed, %d failed, %u skipped\n", run - failed, failed,
	       resize_skipped());
	return failed || !run;
}
