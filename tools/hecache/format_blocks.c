/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The format of the LIRS authors' traces: a block number a line.
 *
 * A line "*" is a breakpoint of theirs and no request.
 */
#include <string.h>

#include "input.h"
#include "trace.h"

static bool read_line(struct trace *trace, struct input *input, char *text)
{
	uint64_t block;

	text += strspn(text, " \t");
	if (!*text)
		return true;
	if (*text == '*') {
		text++;
	} else if (!trace_number(input, &text, "the block", &block) ||
		   !trace_add(trace, input, block, 1)) {
		return false;
	}
	if (text[strspn(text, " \t")])
		return input_fail(input, "not a block number alone");
	return true;
}

bool trace_read_blocks(struct trace *trace, struct input *input)
{
	char *line;

	do {
		if (!input_line(input, &line))
			return false;
		if (line && !read_line(trace, input, line))
			return false;
	} while (line);
	return true;
}
