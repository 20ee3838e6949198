/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What hecache replay is told on its command line.
 */
#ifndef HECACHE_ARGUMENTS_H
#define HECACHE_ARGUMENTS_H

#include <hecache/hecache.h>

#include "format/reading.h"
#include "replay/replay.h"

struct arguments {
	struct replay replay;
	enum hec_policy_kind policy;
	bool ceiling; /* --policy=min, in place of policy */
	bool has_cache_pages, json, help;
	struct reading_options reading;
	uint32_t shards;
	char **paths; /* replay.nr_traces of them */
};

extern const char arguments_help[];

/*
 * Reads the options and checks them; @argv is permuted and borrowed.  false:
 * what is wrong has been said on standard error.
 */
bool arguments_parse(struct arguments *arguments, int argc, char **argv);

#endif
