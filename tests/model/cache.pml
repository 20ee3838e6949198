/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The protocol of put, get, flush, eviction and shrinking, as Promela: every
 * interleaving of a few calls, searched whole by spin (tests/model/run).
 *
 * It follows libhecache/src: access.c, entry.c, room.c, resize.c, frames.c;
 * the names are theirs.  What is left out cannot make a difference, or is
 * tested elsewhere:
 *   - one client, one shard, chunks of one frame: more of them share less;
 *   - the policy: any linked page may be the victim;
 *   - lists, headers, ghosts: they change only with the client's lock held;
 *   - checksums: contents are right here without them.
 * The innermost lock, of the frames, is an atomic step: nothing that it
 * protects is read elsewhere.
 *
 * SCENARIO PUTS, GETS, FLUSHES, SHRINKS, OTHERS: how many calls of each kind
 * run, a process for each, but puts of one key one after the other; OTHERS are
 * puts of a second key.  KEEPS: gets leave the page (inclusive pools).
 * MUTATION: one rule is broken; spin must find out.
 *
 * CHECKED: a get hands out nothing, or what was put last when it had copied, or
 * later; nothing is handed out twice where gets remove; a frame is freed
 * once, and not while a get copies from it; a chunk handed back has no frame in
 * use, and nobody touches it; in the end no frame is lost; no deadlock.
 */
#ifndef FRAMES
#define FRAMES 2
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

#define NONE 15
#define KEYS 2
#define TRIES 2
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
frame f[FRAMES];
byte index[KEYS];
bool client_lock, shard_lock;

/* What the callers know: contents are 1, 2, ... for each key. */
byte begun[KEYS]; /* the last put that has begun */
byte ended[KEYS]; /* the last one that has ended */
byte oldest[KEYS]; /* older contents must not be seen any more */
byte handed[KEYS]; /* a bit for each that a get has handed out */

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

inline frame_give(n)
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

/* [client] */
inline unlink(n, mine)
{
	lock(shard_lock);
	assert(f[n].flags == LINKED && index[f[n].key] == n);
	d_step {
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
		:: n != NONE -> unlink(n, mine)
		:: else
		fi;
		unlock(client_lock)
	:: else
	fi;
	if
	:: mine -> frame_give(n)
	:: else
	fi
}

/* room.c */

/* @n: the victim, if it is the caller's; @any: there was one. */
inline evict(n, any, mine)
{
	any = false;
	lock(client_lock);
	n = 0;
	do
	:: n < FRAMES && f[n].flags == LINKED -> any = true; break
	:: n < FRAMES -> n++
	:: n == FRAMES -> break
	od;
	if
	:: any ->
		unlink(n, mine);
		if
		:: mine
		:: else -> n = NONE
		fi
	:: else -> n = NONE
	fi;
	unlock(client_lock)
}

inline recharge(n)
{
	if
	:: f[n].closing -> frame_give(n); n = NONE
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

/* access.c */

inline copy_in(n, v)
{
	assert(f[n].present);
	f[n].half[0] = v;
	assert(f[n].present);
	f[n].half[1] = v
}

inline link(k, n, v, older, mine)
{
	mine = false;
	lock(client_lock);
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
	unlock(shard_lock);
	unlock(client_lock);
	if
	:: mine -> frame_give(older)
	:: else
	fi
}

proctype putter(byte k; byte times)
{
	byte n, older, tries, v;
	bool any, mine;

	do
	:: times == 0 -> break
	:: else ->
		times--;
		begun[k]++;
		v = begun[k];
		room_take(n, any, mine, tries);
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
		d_step {
			ended[k] = v;
			if
			:: n == NONE -> raise(oldest[k], v + 1)
			:: else -> raise(oldest[k], v)
			fi
		}
	od
}

inline pin(k, n)
{
	if
	:: PIN_WITH_NO_LOCK -> n = index[k]
	:: else -> lock(shard_lock); n = index[k]
	fi;
	if
	:: n != NONE && f[n].pins < MOST_PINS -> f[n].pins++
	:: else -> n = NONE
	fi;
	if
	:: PIN_WITH_NO_LOCK
	:: else -> unlock(shard_lock)
	fi
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

inline finish(k, n, linked, mine)
{
	if
	:: SHARD_BEFORE_CLIENT -> lock(shard_lock); lock(client_lock)
	:: else -> lock(client_lock); lock(shard_lock)
	fi;
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
	unlock(shard_lock);
	unlock(client_lock);
	if
	:: mine && (linked || !FORGET_THE_DOOMED) -> frame_give(n)
	:: else
	fi
}

proctype getter(byte k)
{
	byte n, one, two, old;
	bool linked, mine;

	pin(k, n);
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
	d_step {
		if
		:: n != NONE && (linked || HIT_THOUGH_UNLINKED) ->
			assert(one == two);
			assert(one >= old && one <= begun[k]);
#ifndef KEEPS
			assert(!(handed[k] & (1 << one)));
#endif
			handed[k] = handed[k] | (1 << one)
		:: else
		fi
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
			index[f[to].key] = to;
			if
			:: MOVE_THE_PINNED -> f[chunk].pins = 0
			:: else
			fi
		}
		frame_give(chunk)
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
			:: n != NONE -> frame_give(n)
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
	:: n == FRAMES -> break
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
		:: n == FRAMES -> break
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
