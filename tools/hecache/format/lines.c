/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text, line by line, see lines.h.
 */
#include "lines.h"

#include <string.h>

bool lines_read(struct reading *reading,
		bool (*request)(struct reading *reading, char *line))
{
	char *line;

	for (;;) {
		if (!input_line(reading->input, &line))
			return false;
		if (!line)
			return true;
		line += strspn(line, " \t");
		if (*line && !request(reading, line))
			return false;
	}
}
