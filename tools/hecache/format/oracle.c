/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libCacheSim's oracleGeneral: packed, little-endian records of
 *
 *     u32 time | u64 object | u32 size | i64 next request of it
 *
 * The next request is the number of a later record, counted from 0 or from 1,
 * or one of two numbers that say: none.  An object is a page, unless
 * --block-size says that it is a block.
 */
#include "oracle.h"

#include "bytes.h"
#include "records.h"

#define RECORD_BYTES 24u
#define MOST_REQUESTS (1ll << 36) /* that a trace is believed to have */

struct record {
	uint32_t time, size;
	uint64_t object;
	int64_t next;
};

static void unpack(const uint8_t *data, struct record *record)
{
	record->time = get_le32(data);
	record->object = get_le64(data + 4);
	record->size = get_le32(data + 12);
	record->next = (int64_t)get_le64(data + 16);
}

static bool is_last(const struct record *record)
{
	return record->next == -1 || record->next == INT64_MAX;
}

/* Record @number, counted from 1, cannot be requested next before itself. */
static bool next_fits(const struct record *record, uint64_t number)
{
	return is_last(record) ||
	       (record->next > 0 && (uint64_t)record->next >= number);
}

/* Is the object of record @n, which says that it is the last, in another one? */
static bool comes_again(const uint8_t *start, size_t records, size_t n,
			uint64_t object)
{
	struct record record;

	while (++n < records) {
		unpack(start + n * RECORD_BYTES, &record);
		if (record.object == object)
			return true;
	}
	return false;
}

bool oracle_begins(const uint8_t *start, size_t bytes)
{
	size_t records = bytes / RECORD_BYTES, n;
	struct record record;

	for (n = 0; n < records; n++) {
		unpack(start + n * RECORD_BYTES, &record);
		if (!record.size || !next_fits(&record, n + 1))
			return false;
		if (!is_last(&record) && record.next > MOST_REQUESTS)
			return false;
		if (is_last(&record) &&
		    comes_again(start, records, n, record.object))
			return false;
	}
	return records;
}

static bool add(struct reading *reading, const struct record *record)
{
	uint64_t offset;

	if (!record->size)
		return reading_empty(reading);
	if (!reading->block_bytes)
		return reading_blocks(reading, "", record->object, 1);
	return reading_scale(reading, record->object, reading->block_bytes,
			     &offset) &&
	       reading_bytes(reading, "", offset, record->size);
}

static bool read_oracle(struct reading *reading)
{
	const uint8_t *data;
	struct record record;

	for (;;) {
		if (!records_next(reading, RECORD_BYTES, false, &data))
			return false;
		if (!data)
			return true;
		unpack(data, &record);
		if (!next_fits(&record, reading->input->line))
			return input_fail(reading->input,
					  "a next request of %lld: not an "
					  "oracleGeneral record",
					  (long long)record.next);
		if (!reading_time(reading, record.time, 0) ||
		    !add(reading, &record))
			return false;
	}
}

const struct format format_oracle = {
	.name = "oracle",
	.read = read_oracle,
	.counts_blocks = true,
};
