/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Quotas: a stock that clients take from, and none can take another's part.
 *
 *     | reserved for A | reserved for B | ... | spare: for whoever comes |
 *
 * What is reserved for a client is only for it.  Beyond its reserve a client may
 * hold HEC_QUOTA_GREED times what is still spare then: one that takes all it can
 * leaves a fifth of it, and the next takes of that (dynamic thresholds: Choudhury
 * and Hahne, IEEE/ACM Transactions on Networking 6(2), 1998).
 *
 * A reserve can be made larger while others hold what it needs.  Then less than
 * nothing is spare, and nobody gets any beyond its reserve until that is repaid.
 *
 * Context: the caller serialises the calls of one quota.  Bound: constant.
 */
#ifndef HEC_QUOTA_H
#define HEC_QUOTA_H

#include <hec_env.h>

#define HEC_QUOTA_GREED 4

struct hec_quota {
	int32_t spare; /* neither reserved nor held beyond a reserve */
};

/* What one client has of it. */
struct hec_quota_part {
	uint32_t used;
	uint32_t reserved;
};

/* Takes one; false: the client has what it may have. */
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

/* What others cannot have because of this client. */
static inline uint32_t hec_quota_withheld(const struct hec_quota_part *part)
{
	return part->used > part->reserved ? part->used : part->reserved;
}

/* Reserves @reserved for the client, in the place of what was. */
static inline void hec_quota_reserve(struct hec_quota *quota,
				     struct hec_quota_part *part,
				     uint32_t reserved)
{
	uint32_t before = hec_quota_withheld(part);

	part->reserved = reserved;
	quota->spare -= (int32_t)(hec_quota_withheld(part) - before);
}

#endif
