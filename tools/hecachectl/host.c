// SPDX-License-Identifier: GPL-2.0-only
/* The names that both kinds of host use. */
#include "host.h"

#include <string.h>

const char *const count_name[NR_COUNTS] = {
	[COUNT_PUTS] = "puts",
	[COUNT_PUTS_REFUSED] = "puts_refused",
	[COUNT_HITS] = "hits",
	[COUNT_MISSES] = "misses",
	[COUNT_FLUSHES] = "flushes",
	[COUNT_EVICTIONS] = "evictions",
	[COUNT_CORRUPT] = "corrupt",
	[COUNT_PAGES] = "pages",
	[COUNT_ZERO_PAGES] = "zero_pages",
	[COUNT_PERSISTENT_PAGES] = "persistent_pages",
	[COUNT_POOLS] = "pools",
};

const char *const policy_name[NR_POLICIES] = {
	[POLICY_S3FIFO] = "s3fifo",
	[POLICY_LRU] = "lru",
	[POLICY_ARC] = "arc",
};

bool policy_find(const char *name, enum policy *policy)
{
	unsigned int i;

	for (i = 0; i < NR_POLICIES; i++) {
		if (!strcmp(name, policy_name[i])) {
			*policy = (enum policy)i;
			return true;
		}
	}
	return false;
}
