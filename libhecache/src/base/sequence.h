/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Numbers used once: how the cache finds out that a VM was reverted.
 *
 * A VM can be reverted to a snapshot while its hypervisor process goes on.  Then
 * it still has the handles of its pools, and its disk is that of the snapshot.
 * The cache has pages that were put after the snapshot; they are wrong now.
 *
 * So the VM has one counter in its memory, and each call has its next number.  A
 * reversion sets the counter back.  The next call then has the number of a call
 * that was made after the snapshot: the number is not new.  (If there was no such
 * call, the cache has nothing that is newer than the snapshot.)
 *
 * A number must be new; it need not be the next one.  The calls of several vCPUs
 * come in any order.  A vCPU may take its number and then not run for any time.
 * So the cache keeps the set of numbers that were not used yet:
 *
 *     all used but those in late[]    |  a bit each, used[]  |  none used
 *     --------------------------------+----------------------+------------
 *                                next - WINDOW              next
 *
 * A VM of n vCPUs has at most n calls under way, so no more numbers are skipped.
 * If more than HEC_SEQUENCE_LATE are late at a time, the one that was late first
 * counts as used.  Then a VM that did nothing wrong starts over.
 *
 * A counter for each vCPU would need no set.  But a vCPU may have made no call
 * since the snapshot.  After a reversion its number would still be right, although
 * other vCPUs have put pages.
 *
 * One gap is left.  A vCPU may take the first number after the snapshot and be
 * stopped before it makes the call.  That number stays unused.  If the VM is
 * reverted then, its first call has this number and passes as new.  The call
 * after it is found out.
 */
#ifndef HEC_SEQUENCE_H
#define HEC_SEQUENCE_H

#include <hec_env.h>

#define HEC_SEQUENCE_WINDOW 256u
#define HEC_SEQUENCE_LATE 32u
#define HEC_SEQUENCE_SKIP 4096u /* numbers skipped at once, at the most */
#define HEC_SEQUENCE_MAX ((1ull << 48) - 1) /* the largest number */

struct hec_sequence {
	struct hec_env_lock lock;
	uint64_t next; /* larger than any that was used [lock] */
	uint64_t used[HEC_SEQUENCE_WINDOW / 64]; /* bit: number modulo window */
	uint64_t late[HEC_SEQUENCE_LATE]; /* a ring of numbers [lock] */
	uint32_t next_late; /* the oldest, which is replaced next [lock] */
	uint64_t breaks; /* times that a number was not new; untorn */
};

/* Makes a sequence in which no number is new.  Allocates nothing. */
void hec_sequence_init(struct hec_sequence *sequence);
void hec_sequence_fini(struct hec_sequence *sequence);

/* From here on the numbers above @number are new, and no others. */
void hec_sequence_start(struct hec_sequence *sequence, uint64_t number);

/* From here on no number is new. */
void hec_sequence_stop(struct hec_sequence *sequence);

/*
 * Uses @number, at most HEC_SEQUENCE_MAX.  False: it was not new.  From then on no
 * number is new.  The caller must give out nothing that was put since the start.
 */
bool hec_sequence_use(struct hec_sequence *sequence, uint64_t number);

/* True if the fields fit each other. [lock], or no other call is running */
bool hec_sequence_is_valid(const struct hec_sequence *sequence);

#endif
