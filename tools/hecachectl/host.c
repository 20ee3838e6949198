// SPDX-License-Identifier: GPL-2.0-only
/* What both kinds of host use: names, lists, and the reason of an error. */
#include "host.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const count_name[NR_COUNTS] = {
	[COUNT_PUTS] = "puts",
	[COUNT_PUTS_REFUSED] = "puts_refused",
	[COUNT_HITS] = "hits",
	[COUNT_MISSES] = "misses",
	[COUNT_FLUSHES] = "flushes",
	[COUNT_EVICTIONS] = "evictions",
	[COUNT_CORRUPT] = "corrupt",
	[COUNT_ROLLBACKS] = "rollbacks",
	[COUNT_UNASKED] = "unasked",
	[COUNT_PAGES] = "pages",
	[COUNT_ZERO_PAGES] = "zero_pages",
	[COUNT_PERSISTENT_PAGES] = "persistent_pages",
	[COUNT_POOLS] = "pools",
};

const char *const pool_kind_name[NR_POOL_KINDS] = {
	[POOL_EPHEMERAL] = "ephemeral",
	[POOL_INCLUSIVE] = "inclusive",
	[POOL_PERSISTENT] = "persistent",
};

const char *const event_name[NR_EVENTS] = {
	[EVENT_CAME] = "came",	       [EVENT_WENT] = "went",
	[EVENT_REVERTED] = "reverted", [EVENT_GAVE] = "gave-back",
	[EVENT_REFUSED] = "refused",   [EVENT_LOST] = "lost",
};

static char reason[256];

void host_because(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
}

const char *host_reason(void)
{
	static char last[sizeof(reason)];

	memcpy(last, reason, sizeof(last));
	reason[0] = '\0';
	return last[0] ? last : NULL;
}

void *host_add_row(void *rows, size_t nr, size_t size)
{
	void *array;
	char *more;

	memcpy(&array, rows, sizeof(array));
	more = realloc(array, (nr + 1) * size);
	if (!more)
		return NULL;
	array = more;
	memcpy(rows, &array, sizeof(array));
	return memset(more + nr * size, 0, size);
}

int host_rows_end(void *rows, size_t *nr, int err)
{
	void *array;

	if (!err || err == -ESRCH)
		return 0;
	memcpy(&array, rows, sizeof(array));
	free(array);
	array = NULL;
	memcpy(rows, &array, sizeof(array));
	*nr = 0;
	return err;
}
