/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The format of the LIRS authors' traces: a block number a line.
 *
 * A line "*" is a breakpoint of theirs and no request.
 */
#include "blocks.h"

#include <string.h>

#include "lines.h"
#include "text.h"

static bool read_line(struct reading *reading, char *line)
{
	uint64_t block;

	if (*line == '*') {
		line++;
	} else if (!text_number(reading->input, &line, "the block", &block) ||
		   !reading_blocks(reading, "", block, 1)) {
		return false;
	}
	if (line[strspn(line, " \t")])
		return input_fail(reading->input, "not a block number alone");
	return true;
}

static bool read_blocks(struct reading *reading)
{
	return lines_read(reading, read_line);
}

const struct format format_blocks = {
	.name = "blocks",
	.is_text = true,
	.read = read_blocks,
	.counts_blocks = true,
};
