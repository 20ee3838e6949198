/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libhecache as the second level of a replay: the real one, without content.
 */
#ifndef HECACHE_LIBRARY_H
#define HECACHE_LIBRARY_H

#include <hecache/hecache.h>

#include "replay.h"

/*
 * As replay_run(), over a cache of exactly replay->cache_pages frames, each VM
 * a client with one pool.  @shards as in struct hec_config.  false: no memory.
 */
bool library_run(const struct replay *replay, enum hec_policy_kind policy,
		 uint32_t shards, struct progress *progress,
		 struct replay_counts *counts);

#endif
