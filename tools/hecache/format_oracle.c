/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libCacheSim's oracleGeneral: packed, little-endian records of
 *
 *     u32 time | u64 object | u32 size | i64 next request of it (-1: none)
 *
 * Sizes are not used: an object is a page.  The errors' "line" is the record.
 */
#include "input.h"
#include "trace.h"

#define RECORD_BYTES 24u
#define OBJECT_OFFSET 4u
#define NEXT_OFFSET 16u

static uint64_t get_le64(const uint8_t *data)
{
	uint64_t value = 0;
	int i;

	for (i = 7; i >= 0; i--)
		value = value << 8 | data[i];
	return value;
}

static bool read_record(struct trace *trace, struct input *input,
			const uint8_t *record)
{
	int64_t next = (int64_t)get_le64(record + NEXT_OFFSET);

	if (next < -1)
		return input_fail(input,
				  "a next request of %lld: not "
				  "an oracleGeneral record",
				  (long long)next);
	return trace_add(trace, input, get_le64(record + OBJECT_OFFSET), 1);
}

bool trace_read_oracle(struct trace *trace, struct input *input)
{
	size_t bytes;

	for (;;) {
		input->line++;
		if (!input_need(input, RECORD_BYTES, &bytes))
			return false;
		if (!bytes)
			return true;
		if (bytes < RECORD_BYTES)
			return input_fail(input,
					  "truncated: %zu bytes of a record "
					  "of %u",
					  bytes, RECORD_BYTES);
		if (!read_record(trace, input, input->data + input->start))
			return false;
		input->start += RECORD_BYTES;
	}
}
