/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text of which each line is a request, and blank lines are none.
 */
#ifndef HECACHE_LINES_H
#define HECACHE_LINES_H

#include "reading.h"

/* Calls @request for each line that is not blank, without the blanks before. */
bool lines_read(struct reading *reading,
		bool (*request)(struct reading *reading, char *line));

#endif
