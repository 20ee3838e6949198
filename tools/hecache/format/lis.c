/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The format of the ARC paper's traces (Megiddo and Modha, FAST 2003).
 *
 * A line is "start count ignored sequence": a request for count blocks from
 * start on.  All four must be numbers, by which a line that was cut is found.
 * The sequence may begin anew: traces that were put together have such lines.
 */
#include "lis.h"

#include <string.h>

#include "lines.h"
#include "text.h"

#define FIELDS 4

static bool read_fields(struct input *input, char *text, uint64_t field[FIELDS])
{
	static const char *const names[FIELDS] = { "the first block",
						   "the number of blocks",
						   "the third field",
						   "the sequence number" };
	int i;

	for (i = 0; i < FIELDS; i++) {
		text += strspn(text, " \t");
		if (!*text)
			return input_fail(input, "%s is missing", names[i]);
		if (!text_number(input, &text, names[i], &field[i]))
			return false;
		if (*text && !strchr(" \t", *text))
			return input_fail(input, "%s is not a number",
					  names[i]);
	}
	if (text[strspn(text, " \t")])
		return input_fail(input, "more than four fields");
	return true;
}

static bool read_line(struct reading *reading, char *line)
{
	uint64_t field[FIELDS];

	return read_fields(reading->input, line, field) &&
	       reading_blocks(reading, "", field[0], field[1]);
}

static bool read_lis(struct reading *reading)
{
	return lines_read(reading, read_line);
}

const struct format format_lis = {
	.name = "lis",
	.is_text = true,
	.read = read_lis,
	.counts_blocks = true,
};
