/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The protocol of put, get, flush, eviction and shrinking, as Promela.  spin searches
 * every interleaving of a few calls (tests/model/run).
 *
 * It follows libhecache/src and uses its names: put.c, get.c, flush.c, batch.c,
 * entry.c, room.c and resize.c of cache/, and table/frames.c.  What it leaves out
 * cannot make a difference, or is tested elsewhere:
 *   - more than one client, one shard, and one frame in a chunk: these share less;
 *   - the policy: any linked page may be the victim;
 *   - lists, headers, ghosts: they change only with the client's lock held;
 *   - checksums: contents are right here without them;
 *   - how a key is found in its shard: index.pml.
 * The innermost lock, that of the frames, is an atomic step: what it protects is read
 * nowhere else.
 *
 * SCENARIO.  PUTS, GETS, FLUSHES, SHRINKS, OTHERS: how many calls of each kind run.
 * Each call is a process, but puts of one key run one after the other.  OTHERS are
 * puts of a second key.
 * PUT_BATCHES, GET_BATCHES: how many batches of both keys; puts one after the other.
 * With PUT_BATCHES there are no single puts.
 * KEEPS: gets leave the page (inclusive pools).  PERSISTENT: gets leave the page, and
 * it is never evicted.
 * SPARES: how many pages of zeroes need no frame.  A page is all zeroes the first time
 * it is put, the third time, and so on.
 * MUTATION: one rule is broken; spin must find out.
 *
 * CHECKED
 *   - A get hands out nothing, or what was put last when it had copied, or later.
 *   - Where gets remove, nothing is handed out twice.
 *   - A persistent page that is there all the time is no miss.
 *   - A frame is freed once, and not while a get copies from it.
 *   - A chunk that is handed back has no frame in use, and nobody touches it.
 *   - In the end no frame and no spare is lost.  There is no deadlock.
 */
#ifndef FRAMES
#define FRAMES 2
#endif
#ifndef SPARES
#define SPARES 0
#endif
#define RECORDS (FRAMES + SPARES)
#ifndef PUT_BATCHES
#define PUT_BATCHES 0
#endif
#ifndef GET_BATCHES
#define GET_BATCHES 0
#endif
#ifndef MUTATION
#define MUTATION 0
#endif
#define UNLINK_BEFORE_COPY (MUTATION == 1)
#define HIT_THOUGH_UNLINKED (MUTATION == 2)
#define PIN_WITH_NO_LOCK (MUTATION == 3)
#define MOVE_THE_PINNED (MUTATION == 4)
#define FREE_THE_PINNED (MUTATION == 5)
#define SHARD_BEFORE_CLIENT (MUTATION == 6)
#define FAILED_PUT_KEEPS_OLDER (MUTATION == 7)
#define LINK_BEFORE_COPY (MUTATION == 8)
#define HAND_BACK_IN_USE (MUTATION == 9)
#define FORGET_THE_DOOMED (MUTATION == 10)
#define FIND_ONLY_ONCE (MUTATION == 11)
#define MOVE_BY_REMOVING (MUTATION == 12)
#define TAKE_THE_SPARE (MUTATION == 13)
#define BATCH_KEEPS_OLDER (MUTATION == 14)
#define EVICT_THE_KEPT (MUTATION == 15)

#define NONE 15
#define KEYS 2
#define TRIES 2
#ifdef PERSISTENT
#define KEEPS
#define NEVER_EVICTED (!EVICT_THE_KEPT)
#else
#define NEVER_EVICTED false
#endif
#ifdef KEEPS
#define MOST_PINS 2
#else
#define MOST_PINS 1
#endif

/* hec_record.flags, without the pins; 0: the frame is free. */
#define LINKED 1
#define TAKEN 2
#define DOOMED 4

typedef frame {
	byte flags;
	byte pins;
	byte key;
	byte half[2]; /* of the content: a copy takes two steps */
	bool present; /* its chunk is lent */
	bool closing;
}
frame f[RECORDS]; /* spares last: they have no frame and no chunk */
byte index[KEYS];
bool client_lock, shard_lock;

/* What the callers know: contents are 1, 2, ... for each key. */
byte begun[KEYS]; /* the last put that has begun */
byte ended[KEYS]; /* the last one that has ended */
byte oldest[KEYS]; /* older contents must not be seen any more */
byte handed[KEYS]; /* a bit for each that a get has handed out */
byte gone[KEYS]; /* how often the page went because somebody wanted it to */

inline lock(l) { atomic { !l -> l = true } }
inline unlock(l) { assert(l); l = false }
inline raise(at_least, value)
{
	if
	:: at_least < (value) -> at_least = (value)
	:: else
	fi
}

/* frames.c */

inline frame_take(n)
{
	atomic {
		n = 0;
		do
		:: n == FRAMES -> n = NONE; break
		:: n < FRAMES && f[n].present && !f[n].closing &&
		   !f[n].flags -> f[n].flags = TAKEN; break
		:: else -> n++
		od
	}
}

inline spare_take(n)
{
	atomic {
		n = FRAMES;
		do
		:: n == RECORDS -> n = NONE; break
		:: n < RECORDS && !f[n].flags -> f[n].flags = TAKEN; break
		:: else -> n++
		od
	}
}

/* Of a frame or of a spare: hec_store_give() */
inline give(n)
{
	d_step {
		assert(f[n].present && f[n].flags && !f[n].pins);
		f[n].flags = 0;
		f[n].half[0] = 0;
		f[n].half[1] = 0
	}
}

/* entry.c */

inline detach(n, mine)
{
	if
	:: f[n].pins && !FREE_THE_PINNED ->
		f[n].flags = DOOMED; mine = false
	:: else -> f[n].flags = TAKEN; mine = true
	fi
}

/* @wanted: 1 or 0. [client] */
inline unlink(n, mine, wanted)
{
	lock(shard_lock);
	assert(f[n].flags == LINKED && index[f[n].key] == n);
	d_step {
		gone[f[n].key] = gone[f[n].key] + wanted;
		index[f[n].key] = NONE;
		detach(n, mine)
	}
	unlock(shard_lock)
}

inline find(k, n)
{
	lock(shard_lock);
	n = index[k];
	unlock(shard_lock)
}

inline drop(k, n, mine)
{
	mine = false;
	find(k, n);
	if
	:: n != NONE ->
		lock(client_lock);
		if
		:: !FIND_ONLY_ONCE -> find(k, n)
		:: else
		fi;
		if
		:: n != NONE -> unlink(n, mine, 1)
		:: else
		fi;
		unlock(client_lock)
	:: else
	fi;
	if
	:: mine -> give(n)
	:: else
	fi
}

/* room.c */

/* @n: the victim, if it is the caller's; @any: there was one. */
inline evict_page(n, any, mine)
{
	any = false;
	lock(client_lock);
	n = 0;
	do
	:: n < RECORDS && f[n].flags == LINKED && !NEVER_EVICTED ->
		any = true; break
	:: n < RECORDS -> n++
	:: n == RECORDS -> break
	od;
	if
	:: any ->
		unlink(n, mine, 0);
		if
		:: mine
		:: else -> n = NONE
		fi
	:: else -> n = NONE
	fi;
	unlock(client_lock)
}

/* The same, until it is not a spare. */
inline evict(n, any, mine)
{
	do
	:: true ->
		evict_page(n, any, mine);
		if
		:: n != NONE && n >= FRAMES && !TAKE_THE_SPARE -> give(n)
		:: else -> break
		fi
	od
}

inline recharge(n)
{
	if
	:: f[n].closing -> give(n); n = NONE
	:: else
	fi
}

inline room_take(n, any, mine, tries)
{
	tries = 0;
	do
	:: tries == TRIES -> n = NONE; break
	:: else ->
		tries++;
		frame_take(n);
		if
		:: n != NONE -> break
		:: else
		fi;
		evict(n, any, mine);
		if
		:: !any -> break
		:: n != NONE -> atomic { recharge(n) }
		:: else
		fi;
		if
		:: n != NONE -> break
		:: else
		fi
	od
}

/* put.c, get.c, flush.c */

/* A page of zeroes is known by its record alone. */
inline copy_in(n, v)
{
	if
	:: n >= FRAMES -> d_step { f[n].half[0] = v; f[n].half[1] = v }
	:: else ->
		assert(f[n].present);
		f[n].half[0] = v;
		assert(f[n].present);
		f[n].half[1] = v
	fi
}

/* hec_put_begin() */
inline put_begin(k, v, n, any, mine, tries)
{
#ifdef PERSISTENT
	drop(k, n, mine);
#endif
	n = NONE;
	if
	:: SPARES && v % 2 -> spare_take(n)
	:: else
	fi;
	if
	:: n == NONE -> room_take(n, any, mine, tries)
	:: else
	fi;
	assert(n == NONE || n < FRAMES || v % 2)
}

/* hec_put_link() [client] */
inline put_link(k, n, v, older, mine)
{
	mine = false;
	lock(shard_lock);
	d_step {
		older = index[k];
		index[k] = n;
		f[n].key = k;
		f[n].flags = LINKED;
		if
		:: older != NONE -> detach(older, mine)
		:: else
		fi
	}
	unlock(shard_lock)
}

inline link(k, n, v, older, mine)
{
	lock(client_lock);
	put_link(k, n, v, older, mine);
	unlock(client_lock);
	if
	:: mine -> give(older)
	:: else
	fi
}

inline put_starts(k, v)
{
	d_step { begun[k]++; v = begun[k] }
}

inline put_ends(k, v, n)
{
	d_step {
		ended[k] = v;
		if
		:: n == NONE -> raise(oldest[k], v + 1)
		:: else -> raise(oldest[k], v)
		fi
	}
}

proctype putter(byte k; byte times)
{
	byte n, older, tries, v;
	bool any, mine;

	do
	:: times == 0 -> break
	:: else ->
		times--;
		put_starts(k, v);
		put_begin(k, v, n, any, mine, tries);
		if
		:: n == NONE && !FAILED_PUT_KEEPS_OLDER ->
			drop(k, n, mine);
			n = NONE
		:: n != NONE && LINK_BEFORE_COPY ->
			link(k, n, v, older, mine);
			copy_in(n, v)
		:: n != NONE && !LINK_BEFORE_COPY ->
			copy_in(n, v);
			link(k, n, v, older, mine)
		:: else
		fi;
		put_ends(k, v, n)
	od
}

/* hec_put_batch(): both keys, each step for both before the next. */
proctype batch_putter(byte times)
{
	byte n[KEYS], v[KEYS], older[KEYS], k, tries;
	bool mine[KEYS], any;

	do
	:: times == 0 -> break
	:: else ->
		times--;
		for (k : 0 .. KEYS - 1) {
			put_starts(k, v[k]);
			put_begin(k, v[k], n[k], any, mine[k], tries);
			if
			:: n[k] != NONE -> copy_in(n[k], v[k])
			:: n[k] == NONE && !BATCH_KEEPS_OLDER ->
				drop(k, n[k], mine[k]);
				n[k] = NONE
			:: else
			fi
		}
		lock(client_lock);
		for (k : 0 .. KEYS - 1) {
			mine[k] = false;
			if
			:: n[k] != NONE ->
				put_link(k, n[k], v[k], older[k], mine[k])
			:: else
			fi
		}
		unlock(client_lock);
		for (k : 0 .. KEYS - 1) {
			if
			:: mine[k] -> give(older[k])
			:: else
			fi;
			put_ends(k, v[k], n[k])
		}
	od
}

/* hec_get_pin(): a miss is found with no lock.  @again: too many pins. */
inline pin(k, n, again)
{
	n = index[k];
	if
	:: n == NONE
	:: else ->
		if
		:: PIN_WITH_NO_LOCK
		:: else -> lock(shard_lock); n = index[k]
		fi;
		if
		:: n != NONE && f[n].pins < MOST_PINS -> f[n].pins++
		:: n != NONE && f[n].pins >= MOST_PINS ->
			n = NONE; again = true
		:: else
		fi;
		if
		:: PIN_WITH_NO_LOCK
		:: else -> unlock(shard_lock)
		fi
	fi
}

/* Whether the page is there, and how often it has gone. */
inline get_starts(k, there, times)
{
	d_step { there = (index[k] != NONE); times = gone[k] }
}

inline get_ends(k, hit, one, two, old, there, times, again)
{
	d_step {
		if
		:: hit ->
			assert(one == two);
			assert(one >= old && one <= begun[k]);
#ifndef KEEPS
			assert(!(handed[k] & (1 << one)));
#endif
			handed[k] = handed[k] | (1 << one)
		:: else ->
#ifdef PERSISTENT
			assert(again || !there || times != gone[k]);
#endif
			skip
		fi
	}
}

inline copy_out(n, one, two)
{
	assert(f[n].present);
	one = f[n].half[0];
	assert(f[n].present);
	two = f[n].half[1]
}

#ifdef KEEPS
#define STAYS linked
#else
#define STAYS false
#endif

/* hec_get_finish() [client][shard] */
inline unpin(k, n, linked, mine)
{
	d_step {
		linked = (f[n].flags == LINKED);
		f[n].pins--;
		mine = false;
		if
		:: STAYS
		:: else ->
			if
			:: linked -> index[k] = NONE
			:: else
			fi;
			detach(n, mine)
		fi
	}
}

inline finish(k, n, linked, mine)
{
	if
	:: SHARD_BEFORE_CLIENT -> lock(shard_lock); lock(client_lock)
	:: else -> lock(client_lock); lock(shard_lock)
	fi;
	unpin(k, n, linked, mine);
	unlock(shard_lock);
	unlock(client_lock);
	if
	:: mine && (linked || !FORGET_THE_DOOMED) -> give(n)
	:: else
	fi
}

proctype getter(byte k)
{
	byte n, one, two, old, times;
	bool linked, mine, there, again;

	get_starts(k, there, times);
	pin(k, n, again);
	if
	:: n == NONE
	:: n != NONE && UNLINK_BEFORE_COPY ->
		old = oldest[k];
		finish(k, n, linked, mine);
		copy_out(n, one, two)
	:: else ->
		copy_out(n, one, two);
		old = oldest[k];
		finish(k, n, linked, mine)
	fi;
	get_ends(k, n != NONE && (linked || HIT_THOUGH_UNLINKED), one, two,
		 old, there, times, again)
}

/* hec_get_batch(): both keys are pinned before the first is finished. */
proctype batch_getter()
{
	byte n[KEYS], one[KEYS], two[KEYS], old[KEYS], times[KEYS], k;
	bool linked[KEYS], mine[KEYS], there[KEYS], again[KEYS];

	for (k : 0 .. KEYS - 1) {
		get_starts(k, there[k], times[k]);
		pin(k, n[k], again[k])
	}
	for (k : 0 .. KEYS - 1) {
		if
		:: n[k] != NONE ->
			copy_out(n[k], one[k], two[k]);
			old[k] = oldest[k]
		:: else
		fi
	}
	lock(client_lock);
	for (k : 0 .. KEYS - 1) {
		if
		:: n[k] != NONE ->
			lock(shard_lock);
			unpin(k, n[k], linked[k], mine[k]);
			unlock(shard_lock)
		:: else
		fi
	}
	unlock(client_lock);
	for (k : 0 .. KEYS - 1) {
		if
		:: n[k] != NONE && mine[k] -> give(n[k])
		:: else
		fi;
		get_ends(k, n[k] != NONE && linked[k], one[k], two[k], old[k],
			 there[k], times[k], again[k])
	}
}

proctype flusher(byte k)
{
	byte n, before = ended[k];
	bool mine;

	drop(k, n, mine);
	raise(oldest[k], before + 1)
}

/* resize.c */

inline fits_elsewhere(chunk, n, room)
{
	atomic {
		n = 0;
		room = (f[chunk].flags == 0);
		do
		:: n == FRAMES -> break
		:: else ->
			room = room || (f[n].present && !f[n].closing &&
					!f[n].flags);
			n++
		od;
		n = NONE
	}
}

inline move(chunk, to)
{
	lock(shard_lock);
	to = NONE;
	if
	:: f[chunk].pins == 0 || MOVE_THE_PINNED -> frame_take(to)
	:: else
	fi;
	if
	:: to != NONE ->
		copy_in(to, f[chunk].half[1]);
		d_step {
			f[to].flags = f[chunk].flags;
			f[to].pins = f[chunk].pins;
			f[to].key = f[chunk].key;
			index[f[to].key] = (MOVE_BY_REMOVING -> NONE : to);
			if
			:: MOVE_THE_PINNED -> f[chunk].pins = 0
			:: else
			fi
		}
		if
		:: MOVE_BY_REMOVING -> index[f[to].key] = to
		:: else
		fi;
		give(chunk)
	:: else
	fi;
	unlock(shard_lock)
}

inline move_away(chunk, to)
{
	if
	:: f[chunk].flags == LINKED ->
		lock(client_lock);
		if
		:: f[chunk].flags == LINKED -> move(chunk, to)
		:: else
		fi;
		unlock(client_lock)
	:: else
	fi
}

/* Takes one chunk back, coming again once, and lends it anew if it got it. */
proctype shrinker()
{
	byte chunk, n, tries = 2;
	bool any, mine, room, done;

	if
	:: chunk = 0
	:: chunk = 1
	fi;
	f[chunk].closing = true;
	do
	:: done || tries == 0 -> break
	:: else ->
		tries--;
		do
		:: true ->
			fits_elsewhere(chunk, n, room);
			if
			:: room -> break
			:: else
			fi;
			evict(n, any, mine);
			if
			:: n != NONE -> give(n)
			:: else
			fi;
			if
			:: !any -> break
			:: else
			fi
		od;
		move_away(chunk, n);
		d_step {
			if
			:: f[chunk].flags == 0 || HAND_BACK_IN_USE ->
				f[chunk].present = false;
				done = true
			:: else
			fi
		}
	od;
	atomic {
		if
		:: done -> f[chunk].present = true
		:: else
		fi;
		f[chunk].closing = false
	}
}

/* Everything has ended: each frame is free, or linked where its key says. */
inline audit(n)
{
	assert(!client_lock && !shard_lock);
	n = 0;
	do
	:: n == RECORDS -> break
	:: else ->
		assert(!f[n].pins);
		assert(f[n].flags == 0 || f[n].flags == LINKED);
		assert(f[n].flags == 0 || index[f[n].key] == n);
		n++
	od
}

init {
	byte n;

	atomic {
		n = 0;
		do
		:: n == RECORDS -> break
		:: else -> f[n].present = true; n++
		od;
		index[0] = NONE;
		index[1] = NONE;
		if
		:: PUTS -> run putter(0, PUTS)
		:: else
		fi;
		if
		:: OTHERS -> run putter(1, OTHERS)
		:: else
		fi;
		if
		:: PUT_BATCHES -> run batch_putter(PUT_BATCHES)
		:: else
		fi;
		n = 0;
		do
		:: n == GET_BATCHES -> break
		:: else -> run batch_getter(); n++
		od;
		n = 0;
		do
		:: n == GETS -> break
		:: else -> run getter(0); n++
		od;
		n = 0;
		do
		:: n == FLUSHES -> break
		:: else -> run flusher(0); n++
		od;
		n = 0;
		do
		:: n == SHRINKS -> break
		:: else -> run shrinker(); n++
		od
	}
	_nr_pr == 1;
	audit(n)
}
