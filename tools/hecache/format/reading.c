/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checking requests and cutting them into pages, see reading.h.
 */
#include "reading.h"

#include <string.h>

#define MAX_PAGES (1u << 20) /* of one request: 4 GiB */
#define HINT "; --lenient lets it pass"

bool reading_time(struct reading *reading, uint64_t seconds, uint32_t fraction)
{
	bool back =
		seconds < reading->seconds ||
		(seconds == reading->seconds && fraction < reading->fraction);

	if (back && !reading->options->lenient)
		return input_fail(reading->input,
				  "the time goes backwards: sort the trace by "
				  "time" HINT);
	reading->nr_backward += back;
	reading->seconds = seconds;
	reading->fraction = fraction;
	return true;
}

bool reading_empty(struct reading *reading)
{
	if (!reading->options->lenient)
		return input_fail(reading->input,
				  "a request for nothing (its size is 0)" HINT);
	reading->nr_empty++;
	return true;
}

static bool told(struct reading *reading, enum trace_result result,
		 const char *what, uint32_t most)
{
	if (result == TRACE_NO_MEMORY)
		return input_fail_memory(reading->input);
	if (result == TRACE_FULL)
		return input_fail(reading->input, "more than %u %s", most,
				  what);
	return true;
}

static bool find_volume(struct reading *reading, const char *name,
			uint32_t *volume)
{
	*volume = 0;
	if (reading->options->one_volume)
		name = "";
	if (strlen(name) >= TRACE_NAME_BYTES)
		return input_fail(reading->input,
				  "a volume's name of more than %u bytes",
				  TRACE_NAME_BYTES - 1);
	return told(reading, trace_volume(reading->trace, name, volume),
		    "volumes: --volumes=one makes them one", TRACE_MAX_VOLUMES);
}

static bool add_pages(struct reading *reading, const char *name, uint64_t page,
		      uint64_t count)
{
	struct trace *trace = reading->trace;
	uint32_t volume;
	uint64_t i;

	if (count > MAX_PAGES)
		return input_fail(reading->input,
				  "a request of more than %u pages", MAX_PAGES);
	if (!find_volume(reading, name, &volume))
		return false;
	for (i = 0; i < count; i++)
		if (!told(reading, trace_add(trace, volume, page + i),
			  "requests", trace->max_requests))
			return false;
	return true;
}

static bool is_too_large(struct reading *reading, uint64_t first,
			 uint64_t count)
{
	if (first <= UINT64_MAX - (count - 1))
		return false;
	return !input_fail(reading->input, "the block number is too large");
}

bool reading_bytes(struct reading *reading, const char *volume, uint64_t offset,
		   uint64_t bytes)
{
	uint64_t first = offset / PAGE_BYTES;

	if (!bytes)
		return reading_empty(reading);
	if (is_too_large(reading, offset, bytes))
		return false;
	return add_pages(reading, volume, first,
			 (offset + bytes - 1) / PAGE_BYTES - first + 1);
}

bool reading_scale(struct reading *reading, uint64_t number, uint32_t unit,
		   uint64_t *bytes)
{
	*bytes = number * unit;
	return *bytes / unit == number ||
	       input_fail(reading->input, "the block number is too large");
}

bool reading_sector(struct reading *reading, const char *volume,
		    uint64_t sector, uint64_t bytes)
{
	uint64_t offset;

	return reading_scale(reading, sector, SECTOR_BYTES, &offset) &&
	       reading_bytes(reading, volume, offset, bytes);
}

bool reading_blocks(struct reading *reading, const char *volume, uint64_t block,
		    uint64_t count)
{
	uint32_t unit = reading->block_bytes;
	uint64_t offset, bytes;

	if (unit)
		return reading_scale(reading, block, unit, &offset) &&
		       reading_scale(reading, count, unit, &bytes) &&
		       reading_bytes(reading, volume, offset, bytes);
	if (!count)
		return reading_empty(reading);
	if (is_too_large(reading, block, count))
		return false;
	return add_pages(reading, volume, block, count);
}
