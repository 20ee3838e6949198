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
	[COUNT_ROLLBACKS] = "rollbacks",
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

const char *const pool_kind_name[NR_POOL_KINDS] = {
	[POOL_EPHEMERAL] = "ephemeral",
	[POOL_INCLUSIVE] = "inclusive",
	[POOL_PERSISTENT] = "persistent",
};

static bool find(const char *name, const char *const *names, unsigned int nr,
		 unsigned int *found)
{
	for (*found = 0; *found < nr; ++*found)
		if (!strcmp(name, names[*found]))
			return true;
	return false;
}

bool policy_find(const char *name, enum policy *policy)
{
	unsigned int i;

	if (!find(name, policy_name, NR_POLICIES, &i))
		return false;
	*policy = (enum policy)i;
	return true;
}

bool pool_kind_find(const char *name, enum pool_kind *kind)
{
	unsigned int i;

	if (!find(name, pool_kind_name, NR_POOL_KINDS, &i))
		return false;
	*kind = (enum pool_kind)i;
	return true;
}
