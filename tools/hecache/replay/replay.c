/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two levels, and what passes between them, see replay.h.
 *
 * Exclusive: a request that the VM's memory misses gets the page from the
 * cache, which thereby loses it; the page that leaves the VM's memory for it is
 * then put.  The get comes first: so the two levels' LRUs make one.  A VM with
 * no memory puts a page right after its request.
 *
 * Inclusive: the cache keeps what it has handed out, and gets what it missed at
 * once, as it came from the disk; it does not see the VM's evictions.  Under a
 * VM with no memory that is the classical cache.
 */
#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include "vm.h"

#define PROGRESS_STEP 4096u

uint64_t replay_requests(const struct replay *replay)
{
	uint64_t requests = 0;
	uint32_t i;

	for (i = 0; i < replay->nr_traces; i++)
		requests += replay->traces[i].nr_requests;
	return requests;
}

static uint32_t longest(const struct replay *replay)
{
	uint32_t requests = 0, i;

	for (i = 0; i < replay->nr_traces; i++)
		if (replay->traces[i].nr_requests > requests)
			requests = replay->traces[i].nr_requests;
	return requests;
}

/* VM @n requests @page. */
static void request(const struct replay *replay, const struct second *second,
		    struct vm *vm, uint32_t n, uint32_t page,
		    struct replay_counts *counts)
{
	uint32_t victim;
	bool hit;

	if (vm_use(vm, page)) {
		counts->vm_hits++;
		return;
	}
	hit = second->get(second->context, n, page);
	if (hit)
		counts->cache_hits++;
	else
		counts->misses++;
	victim = vm_admit(vm, page);
	if (replay->mode == REPLAY_INCLUSIVE)
		victim = hit ? VM_NO_PAGE : page;
	if (victim != VM_NO_PAGE)
		second->put(second->context, n, victim);
}

const struct trace_volume *replay_volume(const struct replay *replay,
					 uint32_t vm)
{
	const struct trace *trace = replay->traces;

	for (; vm >= trace->nr_volumes; trace++)
		vm -= trace->nr_volumes;
	return &trace->volumes[vm];
}

/* Request @i of each trace that has so many. */
static void run_turn(const struct replay *replay, const struct second *second,
		     struct vm *vms, uint32_t i, struct replay_counts *counts)
{
	uint32_t first_vm = 0, n, vm;

	for (n = 0; n < replay->nr_traces; n++) {
		const struct trace *trace = &replay->traces[n];

		if (i < trace->nr_requests) {
			vm = first_vm + trace_volume_of(trace, i);
			request(replay, second, &vms[vm], vm, trace->pages[i],
				&counts[vm]);
		}
		first_vm += trace->nr_volumes;
	}
}

static void run(const struct replay *replay, const struct second *second,
		struct vm *vms, struct progress *progress,
		struct replay_counts *counts)
{
	uint32_t end = longest(replay), i;

	for (i = 0; i < end; i++) {
		run_turn(replay, second, vms, i, counts);
		if (i % PROGRESS_STEP == PROGRESS_STEP - 1)
			progress_add(progress,
				     PROGRESS_STEP * replay->nr_traces);
	}
}

bool replay_run(const struct replay *replay, const struct second *second,
		struct progress *progress, struct replay_counts *counts)
{
	struct vm *vms = calloc(replay->nr_vms, sizeof(*vms));
	bool ok = vms;
	uint32_t n;

	memset(counts, 0, replay->nr_vms * sizeof(*counts));
	for (n = 0; ok && n < replay->nr_vms; n++) {
		const struct trace_volume *volume = replay_volume(replay, n);

		counts[n].requests = volume->nr_requests;
		counts[n].unique = volume->nr_pages;
		ok = vm_init(&vms[n], volume->nr_pages, replay->vm_pages);
	}
	if (ok)
		run(replay, second, vms, progress, counts);
	for (n = 0; vms && n < replay->nr_vms; n++)
		vm_fini(&vms[n]);
	free(vms);
	return ok;
}
