/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Linux' blktrace: events, each 48 bytes and what is said to follow them.
 *
 *      0  u32 0x65617400 + version (7)    32  u32 process
 *      4  u32 sequence number             36  u32 device, major << 20 | minor
 *      8  u64 time, in nanoseconds        40  u32 processor
 *     16  u64 sector, of 512 bytes        44  u16 error
 *     24  u32 bytes                       46  u16 bytes that follow
 *     28  u32 action | category << 16
 *
 * The numbers are as the traced machine has them, little- or big-endian.
 *
 * A request is counted when it is queued (blkparse's action Q): so it is counted
 * once, as its issuer made it.  Discards, flushes and what is no read or write of
 * blocks ask for no pages.  Each device is a volume.
 */
#include "blktrace.h"

#include <stdio.h>

#include "bytes.h"
#include "records.h"

#define EVENT_BYTES 48u
#define MAGIC 0x65617400u
#define VERSION 7u

#define ACTION_MASK 0xffu /* without the flag that a control group follows */
#define ACTION_QUEUE 1u
#define CATEGORY_FLUSH (1u << (2 + 16))
#define CATEGORY_QUEUE (1u << (4 + 16))
#define CATEGORY_COMMAND (1u << (9 + 16)) /* SCSI's own */
#define CATEGORY_NOTIFY (1u << (10 + 16)) /* no event at all */
#define CATEGORY_DISCARD (1u << (13 + 16))

struct event {
	uint64_t time, sector;
	uint32_t magic, bytes, action, device;
	uint16_t more_bytes;
};

static void unpack_le(const uint8_t *data, struct event *event)
{
	event->magic = get_le32(data);
	event->time = get_le64(data + 8);
	event->sector = get_le64(data + 16);
	event->bytes = get_le32(data + 24);
	event->action = get_le32(data + 28);
	event->device = get_le32(data + 36);
	event->more_bytes = get_le16(data + 46);
}

static void unpack_be(const uint8_t *data, struct event *event)
{
	event->magic = get_be32(data);
	event->time = get_be64(data + 8);
	event->sector = get_be64(data + 16);
	event->bytes = get_be32(data + 24);
	event->action = get_be32(data + 28);
	event->device = get_be32(data + 36);
	event->more_bytes = get_be16(data + 46);
}

static bool is_magic(uint32_t word)
{
	return (word & ~0xffu) == MAGIC;
}

bool blktrace_begins(const uint8_t *start, size_t bytes)
{
	return bytes >= 4 &&
	       (is_magic(get_le32(start)) || is_magic(get_be32(start)));
}

static bool unpack(struct input *input, const uint8_t *data,
		   struct event *event)
{
	if (is_magic(get_be32(data)))
		unpack_be(data, event);
	else
		unpack_le(data, event);
	if (!is_magic(event->magic))
		return input_fail(input, "not a blktrace event");
	if ((event->magic & 0xff) != VERSION)
		return input_fail(input,
				  "blktrace of version %u: only %u is known",
				  event->magic & 0xff, VERSION);
	return true;
}

static bool asks_for_pages(const struct event *event)
{
	uint32_t none = CATEGORY_NOTIFY | CATEGORY_COMMAND | CATEGORY_DISCARD;

	if ((event->action & ACTION_MASK) != ACTION_QUEUE ||
	    !(event->action & CATEGORY_QUEUE) || event->action & none)
		return false;
	return event->bytes || !(event->action & CATEGORY_FLUSH);
}

static bool add(struct reading *reading, const struct event *event)
{
	char name[TRACE_NAME_BYTES];

	snprintf(name, sizeof(name), "%u,%u", event->device >> 20,
		 event->device & 0xfffff);
	return reading_time(reading, event->time / 1000000000,
			    (uint32_t)(event->time % 1000000000)) &&
	       reading_sector(reading, name, event->sector, event->bytes);
}

static bool read_event(struct reading *reading, const uint8_t *data)
{
	const uint8_t *more;
	struct event event;

	if (!unpack(reading->input, data, &event))
		return false;
	if (asks_for_pages(&event) && !add(reading, &event))
		return false;
	return !event.more_bytes ||
	       records_next(reading, event.more_bytes, true, &more);
}

static bool read_blktrace(struct reading *reading)
{
	const uint8_t *data;

	do {
		if (!records_next(reading, EVENT_BYTES, false, &data))
			return false;
		if (data && !read_event(reading, data))
			return false;
	} while (data);
	return reading->trace->nr_requests ||
	       input_fail(reading->input,
			  "no event tells that a request was queued (Q): trace "
			  "with blktrace -a queue");
}

const struct format format_blktrace = {
	.name = "blktrace",
	.read = read_blktrace,
};
