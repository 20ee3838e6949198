/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A flood: a virtual CPU makes call after call with nothing in between.  The calls'
 * registers are in a table in the guest's own memory, and their results come there.
 *
 * The VMM takes no part until the last is made, so that the host is all that stands
 * between two calls.
 */
#ifndef VMCALL_FLOOD_H
#define VMCALL_FLOOD_H

#include "vm.h"

#define FLOOD_CALLS 4096u /* that a table has room for */
#define FLOOD_GFN 1536u /* frames from here on have the tables */

struct flood_call {
	uint64_t nr; /* rax */
	uint64_t arg[4]; /* rbx rcx rdx rsi */
	uint64_t result;
};

/* The table of virtual CPU @vcpu. */
struct flood_call *flood_table(struct vm *vm, unsigned int vcpu);

/* All of the VM's CPUs make the first @nr calls of their tables at the same time. */
void flood_run(struct vm *vm, unsigned int nr);

#endif
