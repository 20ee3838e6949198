/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Truth tables of the policies: a row is what happens, and what the policy must
 * then look like.  A policy runs alone here, without a cache around it.
 *
 * What happens is written in words, each a sign and the keys it is about, one
 * letter a key:
 *
 *     +abc   puts; if there is no room, the policy's victim goes first
 *     -abc   gets that remove, or miss
 *     =abc   gets that keep, or miss
 *     !abc   flushes
 *     #abc   puts of persistent pages
 *     ...    three evictions
 *     <20    from here on the client may have so many pages
 *     >lru   from here on another policy: lru, arc or s3fifo
 *
 * What the policy looks like is written as its lists that are not empty, each with
 * its keys, oldest first, and a number behind a key that was used so often:
 *
 *     small:ab1 main:c2 kept:d up:e1 out:fg
 *
 * For ARC the lists are t1, t2, up, b1 and b2, without numbers of uses, and then
 * the target, if it is not 0, as p:1.50.
 */
#ifndef TESTS_RULES_H
#define TESTS_RULES_H

#include "suites.h"

struct rule {
	const char *says; /* the rule, in a few words */
	uint32_t frames; /* that there are */
	const char *events;
	const char *after;
};

/* Plays @rule, beginning with a policy of that kind; fails if it ends otherwise. */
void rule_check(enum hec_policy_kind kind, const struct rule *rule);

/* The number of rows of a table. */
#define RULES(rules) ((int)(sizeof(rules) / sizeof((rules)[0])))

#endif
