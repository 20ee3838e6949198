/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The format of the ARC paper's traces (Megiddo and Modha, FAST'03).
 *
 * A line is "start count ignored sequence": a request for count blocks from
 * start on.  Only the first two mean anything here; all four must be numbers,
 * by which a line that was cut is found.
 */
#include <string.h>

#include "input.h"
#include "trace.h"

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
		if (!trace_number(input, &text, names[i], &field[i]))
			return false;
		if (*text && !strchr(" \t", *text))
			return input_fail(input, "%s is not a number",
					  names[i]);
	}
	if (text[strspn(text, " \t")])
		return input_fail(input, "more than four fields");
	return true;
}

bool trace_read_lis(struct trace *trace, struct input *input)
{
	uint64_t field[FIELDS];
	char *line;

	for (;;) {
		if (!input_line(input, &line))
			return false;
		if (!line)
			return true;
		if (!line[strspn(line, " \t")])
			continue;
		if (!read_fields(input, line, field) ||
		    !trace_add(trace, input, field[0], field[1]))
			return false;
	}
}
