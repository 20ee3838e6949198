/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Quotas: a stock that clients share, where none can take another's part.
 *
 *     | reserved for A | reserved for B | ... | spare: for whoever comes |
 *
 * What is reserved for a client is only for it.  Beyond its reserve it may take
 * another one only while it holds fewer than HEC_QUOTA_GREED times what is still
 * spare.  So a client that takes all it can leaves a fifth of the spare ones; the
 * next client can take of that fifth.  (Dynamic thresholds: Choudhury and Hahne,
 * IEEE/ACM Transactions on Networking 6(2), 1998.)
 *
 * A reserve can be made larger while others hold what it needs.  Then the count of
 * spare ones is negative.  Nobody gets any beyond its reserve until others have
 * given back enough.
 *
 * Context: the caller serialises the calls of one quota.  Bound: constant.
 */
#ifndef HEC_QUOTA_H
#define HEC_QUOTA_H

#include <hec_env.h>

#define HEC_QUOTA_GREED 4

struct hec_quota {
	int32_t spare; /* not reserved, and not held beyond a reserve */
};

/* One client's part of the stock. */
struct hec_quota_part {
	uint32_t used;
	uint32_t reserved;
};

/* Takes one.  False: the client may have no more. */
static inline bool hec_quota_take(struct hec_quota *quota,
				  struct hec_quota_part *part)
{
	if (part->used >= part->reserved) {
		uint32_t beyond = part->used - part->reserved;

		if (quota->spare <= 0 ||
		    beyond >= (uint32_t)quota->spare * HEC_QUOTA_GREED)
			return false;
		quota->spare--;
	}
	part->used++;
	return true;
}

/* Gives one back. */
static inline void hec_quota_give(struct hec_quota *quota,
				  struct hec_quota_part *part)
{
	if (part->used > part->reserved)
		quota->spare++;
	part->used--;
}

/* How many others cannot have because of this client. */
static inline uint32_t hec_quota_withheld(const struct hec_quota_part *part)
{
	return part->used > part->reserved ? part->used : part->reserved;
}

/* Reserves @reserved for the client; this replaces its old reserve. */
static inline void hec_quota_reserve(struct hec_quota *quota,
				     struct hec_quota_part *part,
				     uint32_t reserved)
{
	uint32_t before = hec_quota_withheld(part);

	part->reserved = reserved;
	quota->spare -= (int32_t)(hec_quota_withheld(part) - before);
}

#endif
