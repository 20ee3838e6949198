/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace of page requests, whole in memory.
 *
 * It has one volume or several: disks, or VMs, whose pages have nothing to do
 * with each other.  The pages of each volume are numbered from 0 on, in the
 * order in which they first come.
 */
#ifndef HECACHE_TRACE_H
#define HECACHE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "dense.h"

/* More would not fit into memory; it also stops a few bytes that ask for it. */
#define TRACE_MAX_REQUESTS (1u << 30)
#define TRACE_MAX_VOLUMES 1024u
#define TRACE_NAME_BYTES 64u /* of a volume's name, with its end */

struct trace_volume {
	char name[TRACE_NAME_BYTES]; /* "": the trace does not tell volumes */
	struct dense pages; /* their numbers; empty once the trace is read */
	uint32_t nr_pages; /* each counted once */
	uint64_t nr_requests;
};

struct trace {
	uint32_t *pages; /* of each request, its page's number in its volume */
	uint16_t *volume_of; /* of each request; NULL: there is one volume */
	uint32_t nr_requests, max_requests;
	struct trace_volume *volumes;
	uint32_t nr_volumes;

	uint32_t room; /* requests that there is memory for */
	struct dense names; /* of the volumes, by what their names hash to */
	uint32_t last_volume; /* that was asked for */
};

enum trace_result {
	TRACE_OK,
	TRACE_FULL, /* no more requests, or volumes, than there are */
	TRACE_NO_MEMORY,
};

/* An empty trace, which takes up to @max_requests. */
void trace_init(struct trace *trace, uint32_t max_requests);
void trace_fini(struct trace *trace);

/* The volume called @name, which comes into being if there is none. */
enum trace_result trace_volume(struct trace *trace, const char *name,
			       uint32_t *volume);

/* Appends a request for @page of @volume. */
enum trace_result trace_add(struct trace *trace, uint32_t volume,
			    uint64_t page);

/* No request will follow: gives back what only adding needs. */
void trace_end(struct trace *trace);

/* The volume of request @request. */
static inline uint32_t trace_volume_of(const struct trace *trace,
				       uint32_t request)
{
	return trace->volume_of ? trace->volume_of[request] : 0;
}

#endif
