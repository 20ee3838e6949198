/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Runs the suites, or those named on the command line; -NAME: all but that one.
 */
#include "suites.h"

static const struct {
	const char *name;
	Suite *(*make)(void);
} suites[] = {
	{ "hash", hash_suite },
	{ "sequence", sequence_suite },
	{ "quota", quota_suite },
	{ "index", index_suite },
	{ "ghost", ghost_suite },
	{ "cache", cache_suite },
	{ "policy", policy_suite },
	{ "policy-s3fifo", policy_s3fifo_suite },
	{ "policy-lru", policy_lru_suite },
	{ "policy-arc", policy_arc_suite },
	{ "definitions", definitions_suite },
	{ "pools", pools_suite },
	{ "share", share_suite },
	{ "payer", payer_suite },
	{ "past", past_suite },
	{ "stats", stats_suite },
	{ "resize", resize_suite },
	{ "guest", guest_suite },
	{ "model", model_suite },
	{ "stress", stress_suite },
	{ "tracker", tracker_suite },
	{ "audit", audit_suite },
	{ "checks", checks_suite },
	{ "rare", rare_suite },
	{ "defences", defences_suite },
	{ "corners", corners_suite },
	{ "contract", contract_suite },
};

TCase *suite_case(Suite *suite, const char *name, void (*start)(void),
		  void (*end)(void), const TTest *const *tests)
{
	TCase *tc = tcase_create(name);

	tcase_set_timeout(tc, 0);
	tcase_add_checked_fixture(tc, start, end);
	for (; *tests; tests++)
		tcase_add_test(tc, *tests);
	suite_add_tcase(suite, tc);
	return tc;
}

Suite *suite_of(const char *name, void (*start)(void), void (*end)(void),
		const TTest *const *tests)
{
	Suite *suite = suite_create(name);

	suite_case(suite, name, start, end, tests);
	return suite;
}

#define NR_SUITES (sizeof(suites) / sizeof(suites[0]))

static bool is_wanted(const char *name, int argc, char **argv)
{
	bool wanted = argc == 1 || argv[1][0] == '-';
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i] + (argv[i][0] == '-'), name))
			wanted = argv[i][0] != '-';
	return wanted;
}

int main(int argc, char **argv)
{
	SRunner *runner = srunner_create(NULL);
	int failed;
	size_t i;

	for (i = 0; i < NR_SUITES; i++)
		if (is_wanted(suites[i].name, argc, argv))
			srunner_add_suite(runner, suites[i].make());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	if (!srunner_ntests_run(runner)) {
		fprintf(stderr, "no such suite\n");
		failed = 1;
	}
	srunner_free(runner);
	return failed ? 1 : 0;
}
