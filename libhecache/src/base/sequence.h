/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Numbers used once: how a VM shows that its past has come back.
 *
 * A VM can be reverted to a snapshot while its hypervisor process goes on.  Then
 * it still has the handles of its pools, and its disk is that of the snapshot; but
 * the cache has what was put since.  So each call of the VM has the next number of
 * one counter in its memory.  A VM that is reverted has the counter of then, and
 * its next call the number of a call that it made after the snapshot: not new.
 * (If it made none, the cache has nothing that is newer than the snapshot.)
 *
 * New is all that a number must be.  The calls of several vCPUs come in any order,
 * and one that has its number may be late by as long as its vCPU is not run; so
 * what counts is not the next number but the set of those not used yet:
 *
 *     all used but those in late[]    |  a bit each, used[]  |  none used
 *     --------------------------------+----------------------+------------
 *                                next - WINDOW              next
 *
 * A VM of n vCPUs has at most n calls under way, so no more numbers are skipped.
 * Should more than HEC_SEQUENCE_LATE be late at a time, the one that fell behind
 * first counts as used: a VM that did nothing wrong then starts over.
 *
 * A counter for each vCPU would need no set.  But a vCPU that made no call since
 * the snapshot has the right number after it, whatever the others have put.
 *
 * What is left: a vCPU that has taken its number when the VM is stopped, and made
 * no call yet, leaves that number unused.  If it was the first one taken after the
 * snapshot, one call after the reversion is taken for that call.
 */
#ifndef HEC_SEQUENCE_H
#define HEC_SEQUENCE_H

#include <hec_env.h>

#define HEC_SEQUENCE_WINDOW 256u
#define HEC_SEQUENCE_LATE 32u
#define HEC_SEQUENCE_SKIP 4096u /* more than that are not skipped at once */
#define HEC_SEQUENCE_MAX ((1ull << 48) - 1) /* the largest number */

struct hec_sequence {
	struct hec_env_lock lock;
	uint64_t next; /* larger than any that was used [lock] */
	uint64_t used[HEC_SEQUENCE_WINDOW / 64]; /* bit: number modulo window */
	uint64_t late[HEC_SEQUENCE_LATE]; /* a ring of numbers [lock] */
	uint32_t next_late; /* the oldest, which is replaced next [lock] */
	uint64_t breaks; /* sequences that ended with a number not new; untorn */
};

/* Makes a sequence in which no number is new.  No memory is allocated. */
void hec_sequence_init(struct hec_sequence *sequence);
void hec_sequence_fini(struct hec_sequence *sequence);

/* From here on the numbers above @number are new, and no others. */
void hec_sequence_start(struct hec_sequence *sequence, uint64_t number);

/* From here on no number is new. */
void hec_sequence_stop(struct hec_sequence *sequence);

/*
 * Uses @number, at most HEC_SEQUENCE_MAX.  False: it was not new; from then on no
 * number is, and what was put since the sequence started must not be given out.
 */
bool hec_sequence_use(struct hec_sequence *sequence, uint64_t number);

/* True if the fields fit each other. [lock], or no other call is in flight. */
bool hec_sequence_is_valid(const struct hec_sequence *sequence);

#endif
