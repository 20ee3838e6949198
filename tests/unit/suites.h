/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The suites: one for each subject of the core, in a file of that name; and what
 * they are put together with.
 */
#ifndef TESTS_SUITES_H
#define TESTS_SUITES_H

#include "fixture.h"

/*
 * Adds a case to @suite: the @tests, up to a NULL, each between @start and @end,
 * if they are not NULL.  However long a test takes, it has not failed.
 */
TCase *suite_case(Suite *suite, const char *name, void (*start)(void),
		  void (*end)(void), const TTest *const *tests);

/* A suite of one case, of the same name. */
Suite *suite_of(const char *name, void (*start)(void), void (*end)(void),
		const TTest *const *tests);

Suite *hash_suite(void);
Suite *index_suite(void);
Suite *sequence_suite(void);
Suite *quota_suite(void);
Suite *ghost_suite(void);
Suite *cache_suite(void);
Suite *policy_suite(void);
Suite *policy_s3fifo_suite(void);
Suite *policy_lru_suite(void);
Suite *policy_arc_suite(void);
Suite *definitions_suite(void);
Suite *pools_suite(void);
Suite *share_suite(void);
Suite *payer_suite(void);
Suite *past_suite(void);
Suite *stats_suite(void);
Suite *resize_suite(void);
Suite *guest_suite(void);
Suite *model_suite(void);
Suite *stress_suite(void);
Suite *tracker_suite(void);
Suite *audit_suite(void);
Suite *checks_suite(void);
Suite *rare_suite(void);
Suite *defences_suite(void);
Suite *corners_suite(void);
Suite *contract_suite(void);

#endif
