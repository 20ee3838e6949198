/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * E-S3-FIFO as a truth table: each of its rules, and each of its limits from both
 * sides.  rules.h explains how the rows are written.
 */
#include "rules.h"

static const struct rule rules[] = {
	/* Where a page goes that is put. */
	{ "a new key goes to the small queue", 4, "+abc", "small:abc" },
	{ "a key that the VM had from us goes to main", 4, "+a -a +a",
	  "main:a1" },
	{ "a key that was evicted not long ago goes to main", 4, "+abcdef +a",
	  "small:def main:a out:bc" },
	{ "an evicted key that the VM read again goes to main", 4,
	  "+abcdef -a +a", "small:def main:a out:bc" },
	{ "a key that went through main without use is new again", 4,
	  "+abcde +a .... +a", "small:a out:bcde" },

	/* What is remembered. */
	{ "a get hands up, and counts", 4, "+ab -a", "small:b up:a1" },
	{ "the count goes along with the key", 4, "+a -a +a -a +a", "main:a2" },
	{ "it ends at three", 4, "+a -a +a -a +a -a +a -a", "up:a3" },
	{ "and stays there", 4, "+a -a +a -a +a -a +a -a +a -a +a", "main:a3" },
	{ "a miss of an unknown key is nothing", 4, "+a -b", "small:a" },
	{ "a miss of an evicted key: the VM has it now", 4, "+abcdef -b",
	  "small:cdef up:b out:a" },
	{ "a miss of a key that was handed up: the VM has it anew", 4,
	  "+abc -abc -a", "up:b1c1a1" },
	{ "a flush of a page leaves nothing", 4, "+a !a +a", "small:a" },
	{ "a flush of a key that was handed up ends its past", 4, "+a -a !a +a",
	  "small:a" },
	{ "a flush of a key that was evicted ends its past", 4, "+abcde !a",
	  "small:bcde" },
	{ "a flush of another key does not", 4, "+a -a !b", "up:a1" },

	/* Gets that keep. */
	{ "a get that keeps counts and moves nothing", 4, "+abc =a =c =c",
	  "small:a1bc2" },
	{ "up to three", 4, "+ab =aaaa", "small:a3b" },
	{ "in main, too", 4, "+a -a +a =a", "main:a2" },
	{ "a get that removes counts on", 4, "+a =a -a", "up:a2" },
	{ "a get that keeps misses like any", 4, "+abcde =a",
	  "small:bcde up:a" },

	/* Which page goes. */
	{ "of new pages the oldest goes", 4, "+abc ..", "small:c out:ab" },
	{ "used once is not enough to stay", 4, "+abc =a .", "small:bc out:a" },
	{ "used more than once is: main has it, as if it were new there", 4,
	  "+abc =aa .", "small:c main:a out:b" },
	{ "three times as well", 4, "+abc =aaa .", "small:c main:a out:b" },
	{ "main's oldest goes, and is forgotten", 4, "+abcdef +ab ...",
	  "main:b out:cdef" },
	{ "a use is another turn in main", 2, "+ab -ab +ab =b .", "main:b1" },
	{ "and is used up by it", 2, "+ab -a +a .. +c", "small:c out:b" },
	{ "an eviction from nothing is none", 4, "+a . .", "out:a" },
	{ "up is not touched by evictions", 4, "+abc -a ..", "up:a1 out:bc" },

	/* Which queue: the small one may have a tenth of all pages. */
	{ "with nothing in main the small queue pays", 20, "+a .", "out:a" },
	{ "of 9 pages a tenth is none: the small queue pays", 20,
	  "+abcdefgh -abcdefgh +abcdefgh +i .", "main:a1b1c1d1e1f1g1h1 out:i" },
	{ "of 10 it is one, which the small queue may have", 20,
	  "+abcdefghi -abcdefghi +abcdefghi +j .", "small:j main:bcdefghi" },
	{ "but not two", 20, "+abcdefgh -abcdefgh +abcdefgh +ij .",
	  "small:j main:a1b1c1d1e1f1g1h1 out:i" },
	{ "of 19 it is one", 20,
	  "+abcdefghijklmnopq -abcdefghijklmnopq +abcdefghijklmnopq +rs .",
	  "small:s main:a1b1c1d1e1f1g1h1i1j1k1l1m1n1o1p1q1 out:r" },
	{ "of 20 two", 20,
	  "+abcdefghijklmnopqr -abcdefghijklmnopqr +abcdefghijklmnopqr +st .",
	  "small:st main:bcdefghijklmnopqr" },

	/* How many ghosts. */
	{ "evicted keys are nine tenths of the room, and the oldest is forgotten",
	  10, "+abcdefghij +klmnopqrs", "small:jklmnopqrs out:abcdefghi" },
	{ "one more is too many", 10, "+abcdefghij +klmnopqrst",
	  "small:klmnopqrst out:bcdefghij" },
	{ "room is what the client has and what is free", 20,
	  "+abcdefghij ..........", "out:abcdefghij" },
	{ "but no more than it may have", 20, "<10 +abcdefghijklmnopqrst",
	  "small:klmnopqrst out:bcdefghij" },
	{ "all ghosts are three halves of the room, handed up keys first", 4,
	  "+abcd -abcd +efgh +ij", "small:ghij up:a1b1c1d1 out:ef" },
	{ "evicted keys beyond a half of the room make way", 4,
	  "+abcd -abcd +efgh +ijk", "small:hijk up:a1b1c1d1 out:fg" },
	{ "up to a half they stay, and handed up keys make way", 4,
	  "+abcd -abcd +efgh +ij -j", "small:ghi up:b1c1d1j1 out:ef" },
	{ "ghosts alone may be three halves", 4, "+abcd -abcd +ef -ef",
	  "up:a1b1c1d1e1f1" },
	{ "and no more", 4, "+abcd -abcd +efg -efg", "up:b1c1d1e1f1g1" },

	/* Persistent pages, and what another policy has left. */
	{ "persistent pages are nobody's victim", 4, "#ab +c ..",
	  "kept:ab out:c" },
	{ "nor counted", 4, "#a =a", "kept:a" },
	{ "nor remembered", 4, "#ab -a !b", "" },
	{ "another policy's order: the small queue", 4, ">lru +ab >s3fifo .",
	  "small:b out:a" },
	{ "ARC's T2 is main", 4, ">arc +ab -a +a >s3fifo", "small:b main:a" },
	{ "ARC's B2 is forgotten one by one", 4,
	  ">arc +abcd -abcd +abcd ... >s3fifo +e .", "main:d out:e out2:bc" },
};

START_TEST(s3fifo_rule)
{
	rule_check(HEC_POLICY_S3FIFO, &rules[_i]);
}
END_TEST

Suite *policy_s3fifo_suite(void)
{
	Suite *suite = suite_create("policy-s3fifo");
	TCase *tc = tcase_create("rules");

	tcase_add_loop_test(tc, s3fifo_rule, 0, RULES(rules));
	suite_add_tcase(suite, tc);
	return suite;
}
