/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Numbers used once, see sequence.h.  Using a number reads one bit or, if the
 * number is late, the ring.  If numbers are skipped, each takes one step more.
 */
#include "sequence.h"

#define WORDS (HEC_SEQUENCE_WINDOW / 64)
#define NONE (~0ull) /* in late[]: an empty place; as next: no number is new */

_Static_assert(NONE - HEC_SEQUENCE_WINDOW > HEC_SEQUENCE_MAX,
	       "with next == NONE no number is in the window");

/* The functions from here on need the lock. */

static void set_next(struct hec_sequence *sequence, uint64_t next)
{
	hec_env_assert_held(&sequence->lock);
	sequence->next = next;
	memset(sequence->used, 0xff, sizeof(sequence->used));
	memset(sequence->late, 0xff, sizeof(sequence->late));
	sequence->next_late = 0;
}

static bool is_used(const struct hec_sequence *sequence, uint64_t number)
{
	hec_env_assert_held(&sequence->lock);
	return sequence->used[number / 64 % WORDS] >> number % 64 & 1;
}

static void mark_used(struct hec_sequence *sequence, uint64_t number)
{
	hec_env_assert_held(&sequence->lock);
	sequence->used[number / 64 % WORDS] |= 1ull << number % 64;
}

/* Moves the window on by one.  If the number that leaves it is unused, it is late. */
static void advance(struct hec_sequence *sequence)
{
	uint64_t number = sequence->next++;

	hec_env_assert_held(&sequence->lock);
	if (!is_used(sequence, number)) {
		sequence->late[sequence->next_late] =
			number - HEC_SEQUENCE_WINDOW;
		sequence->next_late =
			(sequence->next_late + 1) % HEC_SEQUENCE_LATE;
	}
	sequence->used[number / 64 % WORDS] &= ~(1ull << number % 64);
}

static bool use_late(struct hec_sequence *sequence, uint64_t number)
{
	uint32_t i;

	hec_env_assert_held(&sequence->lock);
	for (i = 0; i < HEC_SEQUENCE_LATE; i++) {
		if (sequence->late[i] != number)
			continue;
		sequence->late[i] = NONE;
		return true;
	}
	return false;
}

static bool use(struct hec_sequence *sequence, uint64_t number)
{
	hec_env_assert_held(&sequence->lock);
	if (number < sequence->next &&
	    sequence->next - number > HEC_SEQUENCE_WINDOW)
		return use_late(sequence, number);
	if (number < sequence->next && is_used(sequence, number))
		return false;
	if (number >= sequence->next + HEC_SEQUENCE_SKIP)
		return false;
	while (sequence->next <= number)
		advance(sequence);
	mark_used(sequence, number);
	return true;
}

/* The functions from here on take the lock. */

void hec_sequence_init(struct hec_sequence *sequence)
{
	hec_env_lock_init(&sequence->lock);
	hec_env_write_once(sequence->breaks, 0);
	hec_sequence_stop(sequence);
}

void hec_sequence_fini(struct hec_sequence *sequence)
{
	hec_env_lock_fini(&sequence->lock);
}

void hec_sequence_start(struct hec_sequence *sequence, uint64_t number)
{
	hec_env_lock(&sequence->lock);
	set_next(sequence, number + 1);
	hec_env_unlock(&sequence->lock);
}

void hec_sequence_stop(struct hec_sequence *sequence)
{
	hec_env_lock(&sequence->lock);
	set_next(sequence, NONE);
	hec_env_unlock(&sequence->lock);
}

bool hec_sequence_use(struct hec_sequence *sequence, uint64_t number)
{
	bool is_new;

	hec_env_lock(&sequence->lock);
	hec_env_assert(hec_sequence_is_valid(sequence));
	is_new = use(sequence, number);
	if (!is_new && sequence->next != NONE) {
		set_next(sequence, NONE);
		hec_env_write_once(sequence->breaks,
				   hec_env_read_once(sequence->breaks) + 1);
	}
	hec_env_unlock(&sequence->lock);
	return is_new;
}

bool hec_sequence_is_valid(const struct hec_sequence *sequence)
{
	uint32_t i;

	for (i = 0; i < HEC_SEQUENCE_LATE; i++)
		if (sequence->late[i] != NONE &&
		    sequence->late[i] + HEC_SEQUENCE_WINDOW >= sequence->next)
			return false;
	return sequence->next == NONE || sequence->next <= HEC_SEQUENCE_MAX + 1;
}
