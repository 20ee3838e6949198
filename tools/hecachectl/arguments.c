// SPDX-License-Identifier: GPL-2.0-only
/* Clients, sizes, percentages, terms, see arguments.h. */
#include "arguments.h"

#include <string.h>

#include "number.h"

bool argument_client(const char *word, uint32_t *id)
{
	return number_parse32(word, UINT32_MAX, id);
}

bool argument_tax(const char *word, uint32_t *percent)
{
	return number_parse32(word, MAX_TAX, percent);
}

bool argument_size(const char *word, uint32_t *mib)
{
	uint64_t size;

	if (!number_parse_size(word, "MGT", MAX_MIB, &size))
		return false;
	*mib = (uint32_t)size;
	return true;
}

static bool parse_max(const char *value, uint32_t *mib)
{
	if (!strcmp(value, "none")) {
		*mib = 0;
		return true;
	}
	/* None at all would be taken for no limit. */
	return argument_size(value, mib) && *mib;
}

bool argument_term(const char *word, struct change *change)
{
	const char *value = strchr(word, '=');
	size_t len = value ? (size_t)(value++ - word) : 0;
	struct terms *terms = &change->terms;
	uint32_t mib;

	if (len == 10 && !strncmp(word, "guaranteed", len)) {
		if (!argument_size(value, &mib))
			return false;
		terms->guaranteed_pages = mib * PAGES_OF_MIB;
		change->which |= TERM_GUARANTEED;
	} else if (len == 3 && !strncmp(word, "max", len)) {
		if (!parse_max(value, &mib))
			return false;
		terms->max_pages = mib * PAGES_OF_MIB;
		change->which |= TERM_MAX;
	} else if (len == 6 && !strncmp(word, "weight", len)) {
		change->which |= TERM_WEIGHT;
		return number_parse32(value, MAX_WEIGHT, &terms->weight) &&
		       terms->weight;
	} else if (len == 5 && !strncmp(word, "pools", len)) {
		change->which |= TERM_POOLS;
		return number_parse32(value, MAX_POOLS, &terms->max_pools) &&
		       terms->max_pools;
	} else if (len == 6 && !strncmp(word, "policy", len)) {
		change->which |= TERM_POLICY;
		terms->policy = hec_policy_find(value, strlen(value));
		return terms->policy < HEC_NR_POLICIES;
	} else {
		return false;
	}
	return true;
}
