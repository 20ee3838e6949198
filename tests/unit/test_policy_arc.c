/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * E-ARC as a truth table: each of its rules, and each of its limits from both
 * sides.  rules.h explains how the rows are written.
 */
#include "rules.h"

static const struct rule rules[] = {
	/* Where a page goes that is put. */
	{ "a new key goes to T1", 4, "+abc", "t1:abc" },
	{ "a key that the VM had from us goes to T2", 4, "+ab -a +a",
	  "t1:b t2:a" },
	{ "a key of B1 that nobody missed is new, and no ghost any more", 8,
	  "+abc . +a", "t1:bca" },
	{ "a key of B2, too", 8, "+a -a +a . +a", "t1:a" },
	{ "a key of B1 that was missed goes to T2", 8, "+abc . -a +a",
	  "t1:bc t2:a p:1.00" },

	/* What is remembered. */
	{ "a get hands up, from T1", 4, "+ab -a", "t1:b up:a" },
	{ "and from T2", 4, "+ab -a +a -a", "t1:b up:a" },
	{ "a miss of an unknown key is nothing", 4, "+a -b", "t1:a" },
	{ "a miss of a key that was handed up: the VM has it anew", 4,
	  "+abc -abc -a", "up:bca" },
	{ "a flush of a page leaves nothing", 4, "+a !a +a", "t1:a" },
	{ "a flush of a key ends its past", 4, "+a -a !a +a", "t1:a" },

	/* Gets that keep. */
	{ "a get that keeps moves to T2", 4, "+abc =b", "t1:ac t2:b" },
	{ "to its newest end, from T2, too", 4, "+abc =abca", "t2:bca" },
	{ "a get that keeps misses like any", 8, "+abc . =a",
	  "t1:bc up:a p:1.00" },

	/* Which page goes: of T1 if |T1| > p. */
	{ "T1's oldest, to B1", 8, "+abcd -d +d .", "t1:bc t2:d b1:a" },
	{ "T2's oldest, to B2, if T1 is empty", 8, "+ab -ab +ab .",
	  "t2:b b2:a" },
	{ "of T1 when it has more than p", 8, "+abc . -a +de .",
	  "t1:cde up:a b1:b p:1.00" },
	{ "of T2 when T1 has p", 8, "+abcd -cd +cd . -a .",
	  "t1:b t2:d up:a b2:c p:1.00" },
	{ "of T1 for all p, if T2 is empty", 8, "+abc . -a . .",
	  "up:a b1:bc p:1.00" },
	{ "an eviction from nothing is none", 4, "+a . .", "b1:a" },

	/* p: a miss in B1 says that T1 was too small, one in B2 too large. */
	{ "a miss in B1: p grows by 1", 8, "+abcd .. -a",
	  "t1:cd up:a b1:b p:1.00" },
	{ "by |B2| / |B1| if that is more", 8, "+abcde -abc +abc .... -d",
	  "t2:c up:d b1:e b2:ab p:1.00" },
	{ "two of B2 for one of B1: by 2", 8, "+abcd -abc +abc ... -d",
	  "t2:c up:d b2:ab p:2.00" },
	{ "in fractions", 10, "+abcdefg -abcde +abcde ..... -f",
	  "t2:de up:f b1:g b2:abc p:1.50" },
	{ "never beyond the room", 4, "+abcd ... -ab +ab .. -c +e . -d",
	  "t1:e up:cd b2:ab p:4.00" },
	{ "a miss in B2: p shrinks by 1", 8, "+abcd -ab +ab ... -cda",
	  "t2:b up:cda p:1.00" },
	{ "never below 0", 8, "+ab -ab +ab . -a", "t2:b up:a" },
	{ "by |B1| / |B2| if that is more", 8,
	  "+abcdefg -a +a ...... . -bcd -a", "up:bcda b1:efg" },

	/* How many ghosts. */
	{ "T1 and B1 are the room together: the oldest of B1 is forgotten", 4,
	  "+abcd +efg", "t1:defg" },
	{ "T2 leaves room for B1", 4, "+abcd -ab +ab +ef",
	  "t1:ef t2:ab b1:cd" },
	{ "B1 and B2 are the room together", 4,
	  "+abcd -abcd +abcd .... +efgh ....", "b1:efgh" },
	{ "a put makes T1 larger, and B1 smaller", 4, "+abcd ..",
	  "t1:cd b1:ab" },
	{ "the room is no more than the client may have", 8,
	  "<4 +abcd -ab +ab +efgh", "t1:gh t2:ab b1:ef" },
	{ "all ghosts are three halves of the room", 4,
	  "+abcd -abcd +efgh .. +i", "t1:ghi up:abcd b1:f" },

	/* Persistent pages, and what another policy has left. */
	{ "persistent pages are nobody's victim", 4, "#ab +c ..",
	  "kept:ab b1:c" },
	{ "S3-FIFO's main is T2, and its uses do not matter", 4,
	  ">s3fifo +ab -a +a =aab >arc ..", "b1:b b2:a" },
	{ "p begins at 0 again", 8, "+abc . -a >lru >arc", "t1:bc up:a" },
	{ "but not if it is ARC already", 8, "+abc . -a >arc",
	  "t1:bc up:a p:1.00" },
};

START_TEST(arc_rule)
{
	rule_check(HEC_POLICY_ARC, &rules[_i]);
}
END_TEST

Suite *policy_arc_suite(void)
{
	Suite *suite = suite_create("policy-arc");
	TCase *tc = tcase_create("rules");

	tcase_add_loop_test(tc, arc_rule, 0, RULES(rules));
	suite_add_tcase(suite, tc);
	return suite;
}
