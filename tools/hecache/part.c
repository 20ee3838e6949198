/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telling parts of traces, see part.h.
 */
#include "part.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char infix[] = ".blktrace.";

/* Processors are numbered from 0 on: where there are two, 0 and 1 are. */
bool part_is_one_of_several(const char *path)
{
	const char *end = path + strlen(path), *number = end;
	char other[PATH_MAX];
	size_t bytes;

	while (number > path && strchr("0123456789", number[-1]))
		number--;
	bytes = (size_t)(number - path);
	if (number == end || bytes < strlen(infix) || bytes > PATH_MAX - 2 ||
	    memcmp(number - strlen(infix), infix, strlen(infix)) != 0)
		return false;
	snprintf(other, sizeof(other), "%.*s%c", (int)bytes, path,
		 strcmp(number, "0") ? '0' : '1');
	return access(other, F_OK) == 0;
}
