/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The cases of this suite, each in a file of that name.
 */
#ifndef TESTS_BOUNDS_SUITES_H
#define TESTS_BOUNDS_SUITES_H

#include "scene.h"

/* Adds a case: the @tests, up to a NULL.  However long one takes, it has not failed. */
void add_tests(Suite *suite, const char *name, const TTest *const *tests);

/* 1 if memory lacks for the largest cache, else 0; says so. */
uint32_t resize_skipped(void);

void ghosts_case(Suite *suite);
void room_case(Suite *suite);
void pools_case(Suite *suite);
void resize_case(Suite *suite);
void drops_case(Suite *suite);
void fair_case(Suite *suite);

#endif
