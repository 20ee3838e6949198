/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Quotas: who may take another one, row by row.
 */
#include "suites.h"

#include "../../libhecache/src/base/quota.h"

/* What a client holds and has reserved, what is spare; and what comes of taking. */
static const struct {
	uint32_t used, reserved;
	int32_t spare;
	bool taken;
	int32_t spare_then;
} rows[] = {
	/* Within the reserve, whatever others hold. */
	{ 0, 1, 0, true, 0 },
	{ 3, 4, -5, true, -5 },
	{ 3, 4, 5, true, 5 },
	/* The reserve is used up, and nothing is spare. */
	{ 0, 0, 0, false, 0 },
	{ 4, 4, 0, false, 0 },
	{ 4, 4, -1, false, -1 },
	/* Beyond the reserve: fewer than four times what is spare. */
	{ 0, 0, 1, true, 0 },
	{ 3, 0, 1, true, 0 },
	{ 4, 0, 1, false, 1 },
	{ 7, 4, 1, true, 0 },
	{ 8, 4, 1, false, 1 },
	{ 7, 0, 2, true, 1 },
	{ 8, 0, 2, false, 2 },
};

START_TEST(one_is_taken)
{
	struct hec_quota quota = { rows[_i].spare };
	struct hec_quota_part part = { rows[_i].used, rows[_i].reserved };

	ck_assert_int_eq(hec_quota_take(&quota, &part), rows[_i].taken);
	ck_assert_uint_eq(part.used, rows[_i].used + rows[_i].taken);
	ck_assert_int_eq(quota.spare, rows[_i].spare_then);
	if (!rows[_i].taken)
		return;
	hec_quota_give(&quota, &part);
	ck_assert_uint_eq(part.used, rows[_i].used);
	ck_assert_int_eq(quota.spare, rows[_i].spare);
}
END_TEST

/* From one reserve to another; @others: how much less is left for others. */
static const struct {
	uint32_t used, before, now;
	int32_t others;
} reserves[] = {
	{ 0, 0, 5, 5 }, { 3, 0, 5, 2 },	 { 5, 0, 5, 0 },   { 9, 0, 5, 0 },
	{ 9, 5, 2, 0 }, { 3, 5, 2, -2 }, { 0, 5, 0, -5 },  { 4, 4, 4, 0 },
	{ 4, 4, 5, 1 }, { 5, 4, 5, 0 },	 { 6, 7, 20, 13 },
};

START_TEST(a_reserve_replaces_the_old_one)
{
	struct hec_quota quota = { 10 };
	struct hec_quota_part part = { reserves[_i].used, reserves[_i].before };

	hec_quota_reserve(&quota, &part, reserves[_i].now);
	ck_assert_uint_eq(part.reserved, reserves[_i].now);
	ck_assert_uint_eq(part.used, reserves[_i].used);
	ck_assert_int_eq(quota.spare, 10 - reserves[_i].others);
}
END_TEST

Suite *quota_suite(void)
{
	const TTest *const none[] = { NULL };
	Suite *suite = suite_create("quota");
	TCase *tc = suite_case(suite, "quota", NULL, NULL, none);

	tcase_add_loop_test(tc, one_is_taken, 0,
			    sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(tc, a_reserve_replaces_the_old_one, 0,
			    sizeof(reserves) / sizeof(reserves[0]));
	return suite;
}
