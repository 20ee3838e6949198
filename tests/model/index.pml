/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The look into the index that takes no lock, hec_index_guess(), while keys come
 * and go.  It follows libhecache/src/table/index.c, with buckets of one slot each.
 *
 * A key that is there all the time must not be overlooked.  That is key 0.  When it
 * was put in, key 1 and perhaps others had its place.  So it is in a later bucket, and
 * the overflow counts of the buckets before lead to it.  Whoever holds the shard's lock
 * puts keys in and out, CHANGES times, but never key 0.
 *
 * A count that reaches STUCK stays there.  Memory is sequential in the model.  That is
 * enough: the tag and the counts of key 0 do not change while it is looked up.
 * MUTATION: one rule is broken; spin must find out.
 */
#ifndef CHANGES
#define CHANGES 4
#endif
#ifndef MUTATION
#define MUTATION 0
#endif
#define CLOSE_THE_GAP (MUTATION == 1)
#define COUNT_WHAT_IS_STUCK (MUTATION == 2)
#define COUNT_ALL_BEFORE (MUTATION == 3)
#define STOP_AT_FREE_SLOTS (MUTATION == 4)

#define BUCKETS 5
#define KEYS 5
#define STUCK 2
#define FREE 15
#define HOME(key) ((key) == 4 -> 1 : 0)
#define NEXT(bucket) (((bucket) + 1) % BUCKETS)

byte slot[BUCKETS] = FREE; /* the key that is there, as its tag tells */
byte overflow[BUCKETS]; /* keys that belong here or before, and live further on */

inline count(home, end, more, b)
{
	b = home;
	do
	:: b == end -> break
	:: else ->
		if
		:: overflow[b] == STUCK && !COUNT_WHAT_IS_STUCK
		:: overflow[b] < STUCK && more -> overflow[b]++
		:: overflow[b] < STUCK && !more && overflow[b] -> overflow[b]--
		:: overflow[b] == STUCK && COUNT_WHAT_IS_STUCK && !more ->
			overflow[b]--
		:: else
		fi;
		b = NEXT(b)
	od
}

inline insert(key, at, b)
{
	at = HOME(key);
	do
	:: slot[at] == FREE -> break
	:: else -> at = NEXT(at)
	od;
	slot[at] = key;
	count(HOME(key), at, true, b)
}

inline remove(key, at, b)
{
	at = HOME(key);
	do
	:: slot[at] == key -> break
	:: else -> at = NEXT(at)
	od;
	slot[at] = FREE;
	count((COUNT_ALL_BEFORE -> 0 : HOME(key)), at, false, b);
	if
	:: CLOSE_THE_GAP && at == 0 && slot[1] == 0 ->
		slot[0] = 0;
		slot[1] = FREE;
		count(0, 1, false, b)
	:: else
	fi
}

bool there[KEYS];

proctype holder()
{
	byte key, at, b, left = CHANGES;

	do
	:: left == 0 -> break
	:: else ->
		left--;
		select(key : 1 .. KEYS - 1);
		if
		:: there[key] -> remove(key, at, b)
		:: else -> insert(key, at, b)
		fi;
		there[key] = !there[key]
	od
}

/* hec_index_guess(): the counts are read before the tags. */
proctype guesser()
{
	byte b = HOME(0), tries = BUCKETS, further;
	bool found;

	do
	:: tries == 0 -> break
	:: else ->
		tries--;
		further = overflow[b];
		if
		:: slot[b] == 0 -> found = true; break
		:: slot[b] == FREE && STOP_AT_FREE_SLOTS -> break
		:: else
		fi;
		if
		:: further == 0 -> break
		:: else -> b = NEXT(b)
		fi
	od;
	assert(found)
}

init {
	byte key, at, b;

	atomic {
		insert(1, at, b);
		there[1] = true;
		if
		:: insert(2, at, b); there[2] = true
		:: skip
		fi;
		if
		:: insert(3, at, b); there[3] = true
		:: skip
		fi;
		if
		:: insert(4, at, b); there[4] = true
		:: skip
		fi;
		insert(0, at, b);
		run holder();
		run guesser()
	}
}
