/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What blkparse prints, if not told to print something else: events
 *
 *     8,0    3        1     0.000000000   697  Q   W 223490 + 8 [kjournald]
 *     device cpu   number   time      process  |   |  sector + sectors [name]
 *                                        action kind
 *
 * and a summary, which begins with a line "CPU0 (sda):".  A request is counted
 * when it is queued, as in blktrace.c.
 */
#include "blkparse.h"

#include <stdio.h>
#include <string.h>

#include "lines.h"
#include "text.h"

enum {
	DEVICE,
	CPU,
	NUMBER,
	TIME,
	PROCESS,
	ACTION,
	KIND,
	FIELDS
};

static const char *skip_digits(const char *text)
{
	return text + strspn(text, "0123456789");
}

/* MAJOR,MINOR and a blank */
static bool is_device(const char *text)
{
	const char *comma = skip_digits(text), *end;

	if (comma == text || *comma != ',')
		return false;
	end = skip_digits(comma + 1);
	return end > comma + 1 && (*end == ' ' || *end == '\t');
}

static bool is_announcement(const char *line)
{
	return !strncmp(line, "Input file ", 11);
}

bool blkparse_has(const char *line)
{
	char action[2];

	if (is_announcement(line))
		return true;
	return sscanf(line, "%*u,%*u %*u %*u %*u.%*u %*u %1[A-Za-z]", action) ==
	       1;
}

static bool is_summary(const char *line)
{
	if (!strncmp(line, "CPU", 3))
		return skip_digits(line + 3) > line + 3;
	return !strncmp(line, "Total (", 7);
}

/* Cuts an event into fields; *@rest is what stands behind them. */
static bool cut(struct input *input, char *line, char *field[FIELDS],
		char **rest)
{
	int i;

	for (i = 0; i < FIELDS; i++) {
		field[i] = text_field(&line, ' ');
		if (!field[i])
			return input_fail(input, "an event that was cut");
	}
	*rest = line ? line + strspn(line, " \t")
		     : field[KIND] + strlen(field[KIND]);
	return true;
}

static bool is_end(const char *text)
{
	return *text == '[' || *text == '(';
}

/* SECTOR + SECTORS [NAME], or with a time in brackets before the name */
static bool read_range(struct input *input, char *text, uint64_t *sector,
		       uint64_t *sectors)
{
	if (!text_number(input, &text, "the sector", sector))
		return false;
	if (strncmp(text, " + ", 3))
		return input_fail(input, "the number of sectors is missing");
	text += 3;
	if (!text_number(input, &text, "the number of sectors", sectors))
		return false;
	return (*text == ' ' && is_end(text + 1)) ||
	       input_fail(input, "an event that was cut");
}

/* Without a range it is a flush, or odd. */
static bool read_queued(struct reading *reading, char *field[FIELDS],
			char *rest)
{
	uint64_t seconds, sector, sectors;
	uint32_t fraction;

	if (!text_time(reading->input, field[TIME], &seconds, &fraction) ||
	    !reading_time(reading, seconds, fraction))
		return false;
	if (is_end(rest))
		return strpbrk(field[KIND], "FN") || reading_empty(reading);
	return read_range(reading->input, rest, &sector, &sectors) &&
	       reading_blocks(reading, field[DEVICE], sector, sectors);
}

/* A command of SCSI's own is printed as BYTES (CODES) [NAME]. */
static bool is_command(const char *rest)
{
	const char *end = skip_digits(rest);

	return end > rest && *end == ' ' && is_end(end + 1);
}

static bool read_event(struct reading *reading, char *line)
{
	char *field[FIELDS], *rest = NULL;

	if (!cut(reading->input, line, field, &rest))
		return false;
	if (strcmp(field[ACTION], "Q") || strchr(field[KIND], 'D') ||
	    is_command(rest))
		return true;
	return read_queued(reading, field, rest);
}

static bool read_blkparse(struct reading *reading)
{
	bool summary = false;
	char *line;

	for (;;) {
		if (!input_line(reading->input, &line))
			return false;
		if (!line)
			break;
		line += strspn(line, " \t");
		summary |= is_summary(line);
		if (is_device(line)) {
			if (!read_event(reading, line))
				return false;
		} else if (*line && !summary && !is_announcement(line)) {
			return input_fail(reading->input,
					  "not a line of blkparse's");
		}
	}
	return reading->trace->nr_requests ||
	       input_fail(reading->input,
			  "no event tells that a request was queued (Q): trace "
			  "with blktrace -a queue");
}

const struct format format_blkparse = {
	.name = "blkparse",
	.is_text = true,
	.read = read_blkparse,
	.block_bytes = SECTOR_BYTES,
};
