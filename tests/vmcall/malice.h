/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a hostile guest would call: kinds of calls, each with the answers that it may
 * get.  Kinds are drawn at random; most of one kind are wrong in one way only, since a
 * call that is wrong in all ways is refused by the first check that it meets.
 */
#ifndef VMCALL_MALICE_H
#define VMCALL_MALICE_H

#include "flood.h"

#define MALICE_TARGETS 64u /* frames from VM_DATA on, which calls may name */
#define MALICE_STALE 64u /* dead handles that it remembers */
#define MALICE_HISTORY 1024u /* calls that it remembers */

/* Slots at their frames, in a sea of holes; the hostile VM's monitor makes them. */
#define MALICE_READ_ONLY 0x10000u
#define MALICE_DEVICE 0x20000u /* a device's registers */
#define MALICE_FLEETING 0x30000u /* comes and goes while calls are made */
#define MALICE_FLEETING_PAGES 8u

enum malice_kind {
	MALICE_ANYTHING, /* random words */
	MALICE_MALFORMED, /* a command whose words are near a border */
	MALICE_REPLAYED, /* a call that was made before */
	MALICE_STALE_HANDLE, /* of a pool that has ended */
	MALICE_FOREIGN_HANDLE, /* of the other guest's pool, or a bit beside it */
	MALICE_HOLE, /* a frame where no memory is */
	MALICE_READ_ONLY_SLOT,
	MALICE_DEVICE_MEMORY,
	MALICE_FLEETING_SLOT,
	MALICE_BATCH, /* descriptors of all sorts */
	MALICE_OTHER_NUMBER, /* of a hypercall that is not the cache's */
	MALICE_GREED, /* puts without end, and gets of them: nothing is wrong */
	MALICE_SESSION, /* HELLO and pools */
	NR_MALICE_KINDS,
};

extern const char *const malice_name[NR_MALICE_KINDS];

struct malice {
	/* Set by whoever begins. */
	struct vm *vm;
	uint64_t random;
	uint64_t foreign; /* the other guest's handle */
	bool numbered; /* its calls have sequence numbers */
	bool user; /* they come from the guest's user mode */

	uint64_t pool; /* the one that is alive, as far as it knows */
	uint64_t sequence;
	uint64_t made[NR_MALICE_KINDS];

	/* Its own. */
	uint64_t stale[MALICE_STALE];
	unsigned int nr_stale;
	struct flood_call history[MALICE_HISTORY];
	uint8_t kind[VM_VCPUS][FLOOD_CALLS];
	struct flood_call asked[VM_VCPUS][FLOOD_CALLS];
};

/* A handle that is not the living pool's any more. */
void malice_forget(struct malice *m, uint64_t handle);

/* Fills the tables of all CPUs. */
void malice_prepare(struct malice *m);

/* Looks at the answers, once they are there. */
void malice_judge(struct malice *m);

#endif
