// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words for the user: what a target's counters say about why it caches nothing, or
 * little.
 *
 * A target may have its pool and yet hardly a page in it, because of what lies
 * above it.  That is seen by what its reads are like:
 *
 *  - pieces: pages that are not read as a whole, as their parts are not side by
 *    side on the disk (blocks smaller than a page);
 *  - foreign: pages that are not the page cache's, so that the kernel never
 *    evicts them: direct I/O, or a layer above that has pages of its own
 *    and copies from them (compressed extents, parity);
 *  - changed: pages whose content has changed since they were read, but which
 *    nobody dirtied: they were decrypted in place.
 *
 * A few of these are met anywhere; so nothing is said before there are many, and many
 * more than pages that are put.  (A compressing file system's metadata are cached.)
 */
#include "why.h"

#define MANY 64
#define MANY_MORE 8 /* times */

static const struct {
	enum hec_stat stat;
	const char *words;
} reasons[] = {
	{ HEC_STAT_CHANGED,
	  "pages are changed above after they were read, as encryption does" },
	{ HEC_STAT_PUTS_REFUSED,
	  "the host takes no page of this machine's, or few" },
	{ HEC_STAT_PIECES,
	  "pages are read in pieces: blocks smaller than 4 KiB" },
	{ HEC_STAT_FOREIGN,
	  "reads go around the page cache: direct, or a layer with own pages" },
};

/* The reason that counts most, or NULL: nothing is wrong, or it is too early. */
const char *hec_why_counted(const struct hec_stats *sum)
{
	u64 most = max_t(u64, MANY, sum->count[HEC_STAT_PUTS] * MANY_MORE);
	const char *words = NULL;
	u64 count;
	int i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++) {
		count = sum->count[reasons[i].stat];
		if (count <= most)
			continue;
		most = count;
		words = reasons[i].words;
	}
	return words;
}
