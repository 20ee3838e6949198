/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Load: a virtual CPU that puts, gets and flushes at random for as long as it
 * is let, keeps a model of what it put, and checks every page that it gets.  It
 * behaves as a guest should where the cache comes and goes.
 */
#ifndef VMCALL_LOAD_H
#define VMCALL_LOAD_H

#include <pthread.h>

#include "vm.h"

#define LOAD_INDICES 512u

struct load {
	/* Set by whoever starts it. */
	struct vm *vm;
	unsigned int vcpu;
	uint64_t seed;

	/* What it did, for whoever stopped it. */
	uint64_t puts, hits, absent, sessions;
	uint64_t lost; /* pages that were refused, or put and not had back */

	/* Its own. */
	pthread_t thread;
	bool stop;
	uint64_t pool;
	uint64_t tag; /* of the last page filled */
	uint64_t model[LOAD_INDICES]; /* tag of what is cached; 0: nothing */
};

void load_start(struct load *load);
void load_stop(struct load *load);

/* VMs, each with all of its CPUs under load. */
struct load_vm {
	struct vm *vm;
	struct load load[VM_VCPUS];
};

void load_vms_start(struct load_vm *vms, unsigned int nr, uint64_t seed);
/* Ends the load and the VMs; expects that each CPU had hits. */
void load_vms_stop(struct load_vm *vms, unsigned int nr);

/* Pages that all VMs got back, each compared with what was put. */
uint64_t load_pages_compared(void);

#endif
