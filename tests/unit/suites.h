/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The suites: one for each subject of the core, in a file of that name.
 */
#ifndef TESTS_SUITES_H
#define TESTS_SUITES_H

#include "fixture.h"

Suite *hash_suite(void);
Suite *index_suite(void);
Suite *cache_suite(void);
Suite *policy_suite(void);
Suite *pools_suite(void);
Suite *share_suite(void);
Suite *resize_suite(void);
Suite *guest_suite(void);
Suite *model_suite(void);
Suite *stress_suite(void);
Suite *tracker_suite(void);
Suite *audit_suite(void);
Suite *corners_suite(void);

#endif
