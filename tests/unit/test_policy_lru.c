/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * E-LRU as a truth table.  rules.h explains how the rows are written.
 */
#include "rules.h"

static const struct rule rules[] = {
	{ "the order is that of the puts", 4, "+abc", "order:abc" },
	{ "the oldest goes, and is forgotten", 4, "+abc .", "order:bc" },
	{ "a put into a full cache takes the oldest's place", 4, "+abcdef",
	  "order:cdef" },
	{ "a get removes, and is forgotten", 4, "+abc -b", "order:ac" },
	{ "what comes back is new", 4, "+abc -a +a", "order:bca" },
	{ "a get that keeps makes it the newest", 4, "+abc =a", "order:bca" },
	{ "a miss is nothing", 4, "+a -b =c", "order:a" },
	{ "a flush removes", 4, "+abc !a !d", "order:bc" },
	{ "an eviction from nothing is none", 4, ". .", "" },
	{ "persistent pages are nobody's victim", 4, "#ab +c ..", "kept:ab" },
	{ "nor moved", 4, "#ab =a", "kept:ab" },
	{ "pages that another policy has in its second queue go first", 4,
	  ">s3fifo +abc -a +a >lru .", "order:bc" },
	{ "a get that keeps takes them over", 4, ">s3fifo +abc -a +a >lru =a",
	  "order:bca" },
	{ "a ghost of each list is forgotten with each eviction", 8,
	  ">arc +abcdefg -abc +abc -c ...... >lru +h .", "out:efg out2:b" },
	{ "a miss does not touch them", 4, ">arc +a -a >lru -a", "up:a1" },
};

START_TEST(lru_rule)
{
	rule_check(HEC_POLICY_LRU, &rules[_i]);
}
END_TEST

Suite *policy_lru_suite(void)
{
	Suite *suite = suite_create("policy-lru");
	TCase *tc = tcase_create("rules");

	tcase_add_loop_test(tc, lru_rule, 0, RULES(rules));
	suite_add_tcase(suite, tc);
	return suite;
}
