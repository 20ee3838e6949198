/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replaying traces over a cache that they share.  Each volume of each trace is a
 * VM; the VMs are numbered in that order.
 */
#ifndef HECACHE_REPLAY_H
#define HECACHE_REPLAY_H

#include "input/progress.h"
#include "second.h"
#include "trace/trace.h"

enum replay_mode {
	REPLAY_EXCLUSIVE, /* a get removes; what a VM evicts is put */
	REPLAY_INCLUSIVE, /* a get keeps; what the cache misses is put */
};

struct replay_counts {
	uint64_t requests, unique;
	uint64_t vm_hits, cache_hits, misses;
};

/* What is replayed: [const] while it is. */
struct replay {
	const struct trace *traces; /* borrowed */
	uint32_t nr_traces;
	uint32_t nr_vms; /* volumes of all traces together */
	enum replay_mode mode;
	uint32_t vm_pages; /* of each VM's own memory; 0: none */
	uint32_t cache_pages;
};

/*
 * Replays over @second and counts into @counts, one for each VM.  The traces take
 * turns: the first request of each, then the second of each, and so on.
 * false: out of memory.
 */
bool replay_run(const struct replay *replay, const struct second *second,
		struct progress *progress, struct replay_counts *counts);

uint64_t replay_requests(const struct replay *replay);

/* What VM @vm is. */
const struct trace_volume *replay_volume(const struct replay *replay,
					 uint32_t vm);

#endif
