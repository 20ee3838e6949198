/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The part of Check (libcheck) that the unit tests use, for processors that it is
 * not installed for.  Names, arguments and meaning are Check's.  Each test runs in
 * a process of its own; the last line is the one that Check prints.
 */
#ifndef TARGETS_CHECK_H
#define TARGETS_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct {
	const char *name;
	void (*run)(int _i);
} TTest;

typedef struct suite Suite;
typedef struct tcase TCase;
typedef struct srunner SRunner;

enum print_output {
	CK_ENV
};

#define START_TEST(name)                                        \
	static void name##_run(int _i __attribute__((unused))); \
	static const TTest name##_test = { #name, name##_run }; \
	static const TTest *const name = &name##_test;          \
	static void name##_run(int _i __attribute__((unused)))
#define END_TEST

Suite *suite_create(const char *name);
TCase *tcase_create(const char *name);
void suite_add_tcase(Suite *suite, TCase *tcase);
void tcase_set_timeout(TCase *tcase, double seconds);
void tcase_add_checked_fixture(TCase *tcase, void (*start)(void),
			       void (*end)(void));
void tcase_add_loop_test(TCase *tcase, const TTest *test, int first, int end);
#define tcase_add_test(tcase, test) tcase_add_loop_test(tcase, test, 0, 1)

SRunner *srunner_create(Suite *suite);
void srunner_add_suite(SRunner *runner, Suite *suite);
void srunner_run_all(SRunner *runner, enum print_output output);
int srunner_ntests_run(SRunner *runner);
int srunner_ntests_failed(SRunner *runner);
void srunner_free(SRunner *runner);

/* Reports the failure and ends the test. */
_Noreturn void check_failed(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define ck_abort_msg(...) check_failed(__FILE__, __LINE__, __VA_ARGS__)
#define ck_abort() ck_abort_msg("%s", "it got here")
#define ck_assert_msg(is_true, ...)                                    \
	do {                                                           \
		if (!(is_true))                                        \
			check_failed(__FILE__, __LINE__, __VA_ARGS__); \
	} while (0)
#define ck_assert(is_true) ck_assert_msg(is_true, "%s", #is_true)

#define check_numbers(type, format, a, op, b)                               \
	do {                                                                \
		type check_a = (a), check_b = (b);                          \
                                                                            \
		ck_assert_msg(check_a op check_b,                           \
			      "%s %s %s: " format ", " format, #a, #op, #b, \
			      check_a, check_b);                            \
	} while (0)
#define check_int(a, op, b) check_numbers(intmax_t, "%jd", a, op, b)
#define check_uint(a, op, b) check_numbers(uintmax_t, "%ju", a, op, b)
#define ck_assert_int_eq(a, b) check_int(a, ==, b)
#define ck_assert_int_ne(a, b) check_int(a, !=, b)
#define ck_assert_int_lt(a, b) check_int(a, <, b)
#define ck_assert_int_le(a, b) check_int(a, <=, b)
#define ck_assert_int_gt(a, b) check_int(a, >, b)
#define ck_assert_int_ge(a, b) check_int(a, >=, b)
#define ck_assert_uint_eq(a, b) check_uint(a, ==, b)
#define ck_assert_uint_ne(a, b) check_uint(a, !=, b)
#define ck_assert_uint_lt(a, b) check_uint(a, <, b)
#define ck_assert_uint_le(a, b) check_uint(a, <=, b)
#define ck_assert_uint_gt(a, b) check_uint(a, >, b)
#define ck_assert_uint_ge(a, b) check_uint(a, >=, b)
#define ck_assert_ptr_eq(a, b) ck_assert((a) == (b))
#define ck_assert_ptr_ne(a, b) ck_assert((a) != (b))
#define ck_assert_ptr_null(a) ck_assert((a) == NULL)
#define ck_assert_ptr_nonnull(a) ck_assert((a) != NULL)
#define ck_assert_mem_eq(a, b, bytes) ck_assert(memcmp(a, b, bytes) == 0)
#define ck_assert_mem_ne(a, b, bytes) ck_assert(memcmp(a, b, bytes) != 0)
#define ck_assert_str_eq(a, b) ck_assert(strcmp(a, b) == 0)
#define ck_assert_str_ne(a, b) ck_assert(strcmp(a, b) != 0)

#endif
