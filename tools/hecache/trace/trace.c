/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace in memory, see trace.h.
 *
 * Volumes are found by a hash of their names, numbered as pages are.  Where two
 * names have one hash, the second takes the next number that is free.
 */
#include "trace.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 4096u

void trace_init(struct trace *trace, uint32_t max_requests)
{
	memset(trace, 0, sizeof(*trace));
	trace->max_requests = max_requests;
}

void trace_end(struct trace *trace)
{
	uint32_t i;

	for (i = 0; i < trace->nr_volumes; i++) {
		dense_fini(&trace->volumes[i].pages);
		memset(&trace->volumes[i].pages, 0, sizeof(struct dense));
	}
	dense_fini(&trace->names);
	memset(&trace->names, 0, sizeof(trace->names));
}

void trace_fini(struct trace *trace)
{
	trace_end(trace);
	free(trace->pages);
	free(trace->volume_of);
	free(trace->volumes);
}

/* Volumes */

/* Until there is a second volume, requests need not say which they are for. */
static bool tell_volumes(struct trace *trace)
{
	trace->volume_of = calloc(trace->room ? trace->room : 1,
				  sizeof(*trace->volume_of));
	return trace->volume_of;
}

static enum trace_result add_volume(struct trace *trace, const char *name)
{
	struct trace_volume *volumes;

	if (trace->nr_volumes == TRACE_MAX_VOLUMES)
		return TRACE_FULL;
	volumes = realloc(trace->volumes,
			  (trace->nr_volumes + 1) * sizeof(*volumes));
	if (!volumes)
		return TRACE_NO_MEMORY;
	trace->volumes = volumes;
	if (trace->nr_volumes == 1 && !tell_volumes(trace))
		return TRACE_NO_MEMORY;
	memset(&volumes[trace->nr_volumes], 0, sizeof(*volumes));
	strncpy(volumes[trace->nr_volumes].name, name, TRACE_NAME_BYTES - 1);
	trace->nr_volumes++;
	return TRACE_OK;
}

static bool is_called(const struct trace *trace, uint32_t volume,
		      const char *name)
{
	return volume < trace->nr_volumes &&
	       !strncmp(trace->volumes[volume].name, name,
			TRACE_NAME_BYTES - 1);
}

/* FNV-1a, of the part that a volume keeps of its name. */
static uint64_t hash(const char *name)
{
	uint64_t sum = 0xcbf29ce484222325ull;
	uint32_t i;

	for (i = 0; name[i] && i < TRACE_NAME_BYTES - 1; i++)
		sum = (sum ^ (uint8_t)name[i]) * 0x100000001b3ull;
	return sum;
}

enum trace_result trace_volume(struct trace *trace, const char *name,
			       uint32_t *volume)
{
	uint64_t key = hash(name);

	*volume = trace->last_volume;
	while (!is_called(trace, *volume, name)) {
		if (!dense_number(&trace->names, key++, volume))
			return TRACE_NO_MEMORY;
		if (*volume == trace->nr_volumes) {
			enum trace_result result = add_volume(trace, name);

			if (result != TRACE_OK)
				return result;
		}
	}
	trace->last_volume = *volume;
	return TRACE_OK;
}

/* Requests */

static bool make_room(struct trace *trace)
{
	uint32_t room = trace->room ? trace->room * 2 : FIRST_ROOM;
	uint32_t *pages = realloc(trace->pages, room * sizeof(*pages));
	uint16_t *volume_of;

	if (!pages)
		return false;
	trace->pages = pages;
	if (trace->volume_of) {
		volume_of =
			realloc(trace->volume_of, room * sizeof(*volume_of));
		if (!volume_of)
			return false;
		trace->volume_of = volume_of;
	}
	trace->room = room;
	return true;
}

enum trace_result trace_add(struct trace *trace, uint32_t volume, uint64_t page)
{
	struct trace_volume *of = &trace->volumes[volume];
	uint32_t n = trace->nr_requests;

	if (n == trace->max_requests)
		return TRACE_FULL;
	if (n == trace->room && !make_room(trace))
		return TRACE_NO_MEMORY;
	if (!dense_number(&of->pages, page, &trace->pages[n]))
		return TRACE_NO_MEMORY;
	if (trace->volume_of)
		trace->volume_of[n] = (uint16_t)volume;
	of->nr_pages = of->pages.nr;
	of->nr_requests++;
	trace->nr_requests++;
	return TRACE_OK;
}
