/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A simulated VM whose I/O is seen from outside: memory, a disk, a queue of I/O
 * in flight, and somebody else who writes to both.  It drives the tracker and
 * the cache as a hypervisor would, and knows the truth.
 */
#ifndef TESTS_VM_H
#define TESTS_VM_H

#include "fixture.h"

#include <hecache/tracker.h>

/* A rule of <hecache/tracker.h> that is broken. */
enum vm_fault {
	VM_SOUND,
	VM_CPU_WRITE_UNREPORTED,
	VM_FREE_UNREPORTED,
	VM_DMA_UNREPORTED,
	VM_FOREIGN_WRITE_UNREPORTED,
	VM_WRITE_WITHOUT_FLUSH,
	VM_ENDS_EARLY,
	VM_STARTS_LATE,
	VM_FAILURE_IS_SUCCESS,
	VM_NR_FAULTS
};

struct vm_counts {
	uint64_t reads; /* of whole pages */
	uint64_t hits; /* of these, from the cache */
	uint64_t admitted, refused, forgotten;
	uint64_t overlaps; /* I/Os that began where another was in flight */
	uint64_t stale; /* pages put or got that were not what the disk holds */
};

/* A tracker in memory that free() ends. */
struct hec_tracker *tracker_make(uint32_t max_pairs);

/* @steps random events from @seed. */
void vm_run(uint64_t seed, uint64_t steps, enum vm_fault fault,
	    struct vm_counts *counts);

#endif
