/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Numbers used once: taken in any order, but not twice.
 */
#include "suites.h"

#include "../../libhecache/src/base/sequence.h"

#define WINDOW HEC_SEQUENCE_WINDOW
#define LATE HEC_SEQUENCE_LATE

static struct hec_sequence sequence;

static void start(void)
{
	hec_sequence_init(&sequence);
	hec_sequence_start(&sequence, 100);
}

static void end(void)
{
	ck_assert(hec_sequence_is_valid(&sequence));
	hec_sequence_fini(&sequence);
}

static bool use(uint64_t number)
{
	bool is_new = hec_sequence_use(&sequence, number);

	ck_assert(hec_sequence_is_valid(&sequence));
	return is_new;
}

START_TEST(numbers_are_new_once)
{
	uint64_t number;

	for (number = 101; number < 2000; number++)
		ck_assert(use(number));
	ck_assert(!use(1999));
	ck_assert_uint_eq(sequence.breaks, 1);
}
END_TEST

/* Wherever the number of a call is that the VM has made before. */
START_TEST(no_number_is_new_again)
{
	uint64_t back, number;

	for (back = 1; back < 3 * WINDOW; back++) {
		hec_sequence_start(&sequence, 100);
		for (number = 101; number < 101 + 3 * WINDOW; number++)
			ck_assert(hec_sequence_use(&sequence, number));
		ck_assert(!use(number - back));
	}
	ck_assert_uint_eq(sequence.breaks, back - 1);
}
END_TEST

START_TEST(what_was_before_the_start_is_not_new)
{
	static const uint64_t numbers[] = { 0, 1, 37, 99, 100 };
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		hec_sequence_start(&sequence, 100);
		ck_assert(!use(numbers[i]));
	}
}
END_TEST

START_TEST(once_broken_nothing_is_new_until_a_start)
{
	ck_assert(use(101));
	ck_assert(!use(101));
	ck_assert(!use(102));
	ck_assert(!use(HEC_SEQUENCE_MAX));
	ck_assert_uint_eq(sequence.breaks, 1);
	hec_sequence_start(&sequence, 7);
	ck_assert(use(8));
}
END_TEST

START_TEST(calls_may_overtake_each_other)
{
	uint64_t number;

	for (number = 101 + WINDOW; number > 101; number--)
		ck_assert(use(number));
	ck_assert(use(101));
	ck_assert(!use(103));
}
END_TEST

/* A vCPU was not run for a long time; others have gone on. */
START_TEST(a_late_number_is_new_and_only_once)
{
	uint64_t number;

	for (number = 101 + LATE; number < 101 + 20 * WINDOW; number++)
		ck_assert(use(number));
	for (number = 101; number < 101 + LATE; number++)
		ck_assert(use(number));
	ck_assert(!use(101));
}
END_TEST

START_TEST(the_first_of_too_many_late_numbers_is_forgotten)
{
	ck_assert(use(102 + LATE + 2 * WINDOW));
	ck_assert(use(101 + LATE + 2 * WINDOW));
	ck_assert(use(102 + LATE + WINDOW));
	ck_assert(!use(101));
}
END_TEST

START_TEST(nobody_skips_so_many)
{
	ck_assert(use(100 + HEC_SEQUENCE_SKIP));
	ck_assert(!use(101 + 2 * HEC_SEQUENCE_SKIP));
}
END_TEST

START_TEST(the_last_numbers_are_numbers_too)
{
	hec_sequence_start(&sequence, HEC_SEQUENCE_MAX - 2);
	ck_assert(use(HEC_SEQUENCE_MAX));
	ck_assert(use(HEC_SEQUENCE_MAX - 1));
	ck_assert(!use(HEC_SEQUENCE_MAX));
	hec_sequence_start(&sequence, HEC_SEQUENCE_MAX);
	ck_assert(!use(0));
}
END_TEST

START_TEST(fields_that_do_not_fit_are_seen)
{
	sequence.late[3] = 101 - WINDOW;
	ck_assert(!hec_sequence_is_valid(&sequence));
	sequence.late[3] = 100 - WINDOW + ~0ull;
	ck_assert(!hec_sequence_is_valid(&sequence));
	hec_sequence_start(&sequence, 100);
	sequence.next = HEC_SEQUENCE_MAX + 2;
	ck_assert(!hec_sequence_is_valid(&sequence));
	hec_sequence_start(&sequence, 100);
}
END_TEST

/*
 * A VM of some vCPUs, each with a call under way or not, against a list of every
 * number ever used.  Now and then it is reverted to an older moment.
 */
#define VCPUS (LATE / 2)
struct vm {
	uint64_t counter;
	uint64_t call[VCPUS]; /* its number, or 0 */
};

static bool step(struct vm *vm, struct xorshift *random, bool *used)
{
	uint64_t *call = &vm->call[random_below(random, VCPUS)];
	uint64_t number = *call;
	bool is_new;

	if (!number) {
		*call = ++vm->counter;
		return true;
	}
	*call = 0;
	is_new = !used[number];
	used[number] = true;
	ck_assert_int_eq(use(number), is_new);
	return is_new;
}

START_TEST(a_vm_is_found_reverted_when_it_is_and_not_before)
{
	enum {
		STEPS = 20000
	};
	struct xorshift random = { test_seed("sequence") };
	uint64_t i, rounds = 20 * test_scale(), found = 0;
	bool *used = test_memory(STEPS);

	for (i = 0; i < rounds; i++) {
		struct vm vm = { 0 }, snapshot = { 0 };
		uint64_t k, steps = 100 + random_below(&random, STEPS / 3);

		memset(used, 0, STEPS);
		hec_sequence_start(&sequence, 0);
		for (k = 0; k < steps; k++) {
			if (k == steps / 2)
				snapshot = vm;
			ck_assert(step(&vm, &random, used));
		}
		for (k = 0; k < steps && step(&snapshot, &random, used); k++)
			;
		found += k < steps;
	}
	free(used);
	ck_assert_uint_eq(found, rounds);
	ck_assert_uint_eq(sequence.breaks, rounds);
}
END_TEST

Suite *sequence_suite(void)
{
	const TTest *const tests[] = {
		numbers_are_new_once,
		no_number_is_new_again,
		what_was_before_the_start_is_not_new,
		once_broken_nothing_is_new_until_a_start,
		calls_may_overtake_each_other,
		a_late_number_is_new_and_only_once,
		the_first_of_too_many_late_numbers_is_forgotten,
		nobody_skips_so_many,
		the_last_numbers_are_numbers_too,
		fields_that_do_not_fit_are_seen,
		a_vm_is_found_reverted_when_it_is_and_not_before,
		NULL,
	};

	return suite_of("sequence", start, end, tests);
}
