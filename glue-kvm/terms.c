// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terms of the administrator's: what a VM is promised and allowed, between
 * uapi/hecache_control.h and the library, whose numbers are their own.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>

#include "memory.h"
#include "terms.h"

/* True if all that @which does not name is zero. */
static bool are_clean(const struct hecache_control_terms *terms, u32 which)
{
	return (which & HECACHE_TERM_GUARANTEED || !terms->guaranteed_pages) &&
	       (which & HECACHE_TERM_MAX || !terms->max_pages) &&
	       (which & HECACHE_TERM_WEIGHT || !terms->weight) &&
	       (which & HECACHE_TERM_POLICY || !terms->policy) &&
	       (which & HECACHE_TERM_POOLS || !terms->max_pools) &&
	       (which & HECACHE_TERM_FROZEN || !terms->frozen);
}

int hec_kvm_terms_check(const struct hecache_control_terms *terms, u32 which)
{
	bool within = terms->guaranteed_pages <= HEC_MAX_FRAMES &&
		      terms->max_pages <= HEC_MAX_FRAMES &&
		      terms->weight <= HEC_MAX_WEIGHT &&
		      terms->policy < HEC_NR_POLICIES &&
		      terms->max_pools <= HEC_MAX_CLIENT_POOLS &&
		      terms->frozen <= 1;

	if (which & ~HECACHE_TERM_ALL || !are_clean(terms, which) || !within)
		return -EINVAL;
	if (terms->max_pages && terms->guaranteed_pages > terms->max_pages)
		return -EINVAL;
	return 0;
}

struct hec_client_change
hec_kvm_terms_change(const struct hecache_control_terms *terms, u32 which)
{
	BUILD_BUG_ON(HECACHE_TERM_GUARANTEED != HEC_TERM_GUARANTEED);
	BUILD_BUG_ON(HECACHE_TERM_MAX != HEC_TERM_MAX);
	BUILD_BUG_ON(HECACHE_TERM_WEIGHT != HEC_TERM_WEIGHT);
	BUILD_BUG_ON(HECACHE_TERM_POOLS != HEC_TERM_POOLS);
	BUILD_BUG_ON(HECACHE_TERM_POLICY != HEC_TERM_POLICY);
	BUILD_BUG_ON(HECACHE_TERM_FROZEN != HEC_TERM_FROZEN);
	BUILD_BUG_ON(HECACHE_TERM_ALL != HEC_TERMS_KNOWN);
	return (struct hec_client_change){
		.terms = which,
		.config.guaranteed_pages = terms->guaranteed_pages,
		.config.max_pages = terms->max_pages,
		.config.weight = terms->weight,
		.config.policy = terms->policy,
		.config.max_pools = terms->max_pools,
		.frozen = terms->frozen,
	};
}

struct hecache_control_terms hec_kvm_terms_of(struct hec_client *client)
{
	struct hec_client_config config;

	BUILD_BUG_ON(HECACHE_POLICY_S3FIFO != HEC_POLICY_S3FIFO);
	BUILD_BUG_ON(HECACHE_POLICY_LRU != HEC_POLICY_LRU);
	BUILD_BUG_ON(HECACHE_POLICY_ARC != HEC_POLICY_ARC);
	hec_client_get(hec_kvm_cache, client, &config);
	return (struct hecache_control_terms){
		.guaranteed_pages = config.guaranteed_pages,
		.max_pages = config.max_pages,
		.weight = config.weight ?: HEC_WEIGHT,
		.policy = config.policy,
		.max_pools = config.max_pools,
		.frozen = hec_client_is_frozen(hec_kvm_cache, client),
	};
}
