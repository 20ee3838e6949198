/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The policies of replacement: their numbers, their names, how many there are.
 *
 * This is the only list of them.  It needs no <hec_env.h>, so that control programs
 * can include it too.
 */
#ifndef HECACHE_POLICIES_H
#define HECACHE_POLICIES_H

/*
 * Which page of a client goes first; docs/DESIGN.md defines the policies.  Each has
 * an exclusive form, for pools whose gets remove, and its published form, for pools
 * whose gets keep.  Values never change, because control interfaces carry them.
 */
enum hec_policy_kind {
	HEC_POLICY_S3FIFO = 0, /* the default */
	HEC_POLICY_LRU = 1,
	HEC_POLICY_ARC = 2,
	HEC_POLICY_LAST = HEC_POLICY_ARC
};

#define HEC_NR_POLICIES (HEC_POLICY_LAST + 1u)

/* The name of a policy, as operators write it.  NULL: there is no such policy. */
static inline const char *hec_policy_name(unsigned int kind)
{
	switch (kind) {
	case HEC_POLICY_S3FIFO:
		return "s3fifo";
	case HEC_POLICY_LRU:
		return "lru";
	case HEC_POLICY_ARC:
		return "arc";
	default:
		return 0;
	}
}

/* The policy whose name is the @len bytes at @name.  HEC_NR_POLICIES: none. */
static inline unsigned int hec_policy_find(const char *name, unsigned long len)
{
	unsigned int kind;

	for (kind = 0; kind < HEC_NR_POLICIES; kind++) {
		const char *known = hec_policy_name(kind);
		unsigned long i = 0;

		while (i < len && known[i] && known[i] == name[i])
			i++;
		if (i == len && !known[i])
			return kind;
	}
	return HEC_NR_POLICIES;
}

#endif
