/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMware's traces of virtual SCSI disks: little-endian records, without gaps.
 *
 *     version 1, 32 bytes                    version 2, 40 bytes
 *      0  u32 sequence number                 0  u16 SCSI command
 *      4  u32 bytes                           2  u16 version, in the high byte
 *      8  u32 pieces in memory                4  u32 sequence number
 *     12  u16 SCSI command                    8  u32 bytes
 *     14  u16 version, in the high byte      12  u32 pieces in memory
 *     16  u64 block                          16  u64 block
 *     24  u64 time, in microseconds          24  u64 time
 *                                            32  u64 response time
 *
 * Blocks are of 512 bytes, unless --block-size says otherwise.  Commands that
 * read or write no blocks are passed over.
 */
#include "vscsi.h"

#include "bytes.h"
#include "records.h"

struct layout {
	unsigned int version;
	size_t record_bytes;
	unsigned int command, version_at, bytes;
};

#define BLOCK_AT 16u
#define TIME_AT 24u

static const struct layout layouts[] = {
	{ 1, 32, 12, 14, 4 },
	{ 2, 40, 0, 2, 8 },
};

static bool has_version(const struct layout *layout, const uint8_t *record)
{
	return get_le16(record + layout->version_at) >> 8 == layout->version;
}

/* READ and WRITE with 6, 10, 12 and 16 bytes; WRITE AND VERIFY. */
static bool moves_data(unsigned int command)
{
	switch (command) {
	case 0x08:
	case 0x0a:
	case 0x28:
	case 0x2a:
	case 0x2e:
	case 0x88:
	case 0x8a:
	case 0x8e:
	case 0xa8:
	case 0xaa:
	case 0xae:
		return true;
	default:
		return false;
	}
}

static unsigned int command_of(const struct layout *layout,
			       const uint8_t *record)
{
	return get_le16(record + layout->command);
}

/* All have the version and a command of one byte, and one moves data. */
static bool fits(const struct layout *layout, const uint8_t *start,
		 size_t bytes)
{
	bool data = false;

	for (; bytes >= layout->record_bytes; bytes -= layout->record_bytes) {
		if (!has_version(layout, start) ||
		    command_of(layout, start) > UINT8_MAX)
			return false;
		data |= moves_data(command_of(layout, start));
		start += layout->record_bytes;
	}
	return data;
}

static const struct layout *layout_of(const uint8_t *start, size_t bytes)
{
	size_t i;

	for (i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		if (fits(&layouts[i], start, bytes))
			return &layouts[i];
	return NULL;
}

bool vscsi_begins(const uint8_t *start, size_t bytes)
{
	return layout_of(start, bytes);
}

static bool read_record(struct reading *reading, const struct layout *layout,
			const uint8_t *record)
{
	uint64_t offset;

	if (!has_version(layout, record))
		return input_fail(reading->input,
				  "not a vscsi record of version %u",
				  layout->version);
	if (!moves_data(command_of(layout, record)))
		return true;
	return reading_time(reading, get_le64(record + TIME_AT), 0) &&
	       reading_scale(reading, get_le64(record + BLOCK_AT),
			     reading->block_bytes, &offset) &&
	       reading_bytes(reading, "", offset,
			     get_le32(record + layout->bytes));
}

/* The version is told by the first record alone, so that a later one's line is. */
static bool read_vscsi(struct reading *reading)
{
	struct input *input = reading->input;
	const struct layout *layout;
	const uint8_t *record;
	size_t bytes;

	if (!input_need(input, layouts[1].record_bytes, &bytes))
		return false;
	layout = layout_of(input->data + input->start, bytes);
	if (!layout)
		return input_fail(input, "not a vscsi record of version 1 or "
					 "2, or a truncated one");
	do {
		if (!records_next(reading, layout->record_bytes, false,
				  &record))
			return false;
		if (record && !read_record(reading, layout, record))
			return false;
	} while (record);
	return true;
}

const struct format format_vscsi = {
	.name = "vscsi",
	.read = read_vscsi,
	.counts_blocks = true,
	.block_bytes = SECTOR_BYTES,
};
