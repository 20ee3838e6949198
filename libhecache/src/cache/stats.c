/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Statistics of clients and of the whole cache.
 */
#include "stats.h"

void hec_stats_add(struct hec_stats *sum, const struct hec_stats *stats)
{
	sum->puts += stats->puts;
	sum->puts_refused += stats->puts_refused;
	sum->hits += stats->hits;
	sum->misses += stats->misses;
	sum->flushes += stats->flushes;
	sum->evictions += stats->evictions;
	sum->corrupt += stats->corrupt;
	sum->rollbacks += stats->rollbacks;
	sum->unasked += stats->unasked;
	sum->pages += stats->pages;
	sum->zero_pages += stats->zero_pages;
	sum->persistent_pages += stats->persistent_pages;
	sum->frames += stats->frames;
	sum->pools += stats->pools;
}

void hec_client_stats(struct hec_cache *cache, struct hec_client *client,
		      struct hec_stats *stats)
{
	hec_env_lock(&client->lock);
	*stats = client->stats;
	hec_env_unlock(&client->lock);
	stats->misses = hec_env_read_once(client->misses);
	stats->flushes = hec_env_read_once(client->flushes);
	stats->rollbacks = hec_env_read_once(client->sequence.breaks);
	stats->unasked = hec_env_read_once(client->unasked);
	stats->frames = hec_env_peek(cache->frames.charged[client->number]);
}

void hec_client_reset_stats(struct hec_cache *cache, struct hec_client *client)
{
	struct hec_stats *stats = &client->stats;

	(void)cache;
	hec_env_lock(&client->lock);
	stats->puts = 0;
	stats->puts_refused = 0;
	stats->hits = 0;
	stats->evictions = 0;
	stats->corrupt = 0;
	hec_env_write_once(client->misses, 0);
	hec_env_write_once(client->flushes, 0);
	hec_env_write_once(client->unasked, 0);
	hec_env_write_once(client->sequence.breaks, 0);
	hec_env_unlock(&client->lock);
}

void hec_cache_stats(struct hec_cache *cache, struct hec_stats *stats)
{
	uint32_t i;

	hec_env_lock(&cache->admin);
	*stats = cache->past;
	for (i = 0; i < cache->config.max_clients; i++) {
		struct hec_stats one;

		if (!cache->clients[i].in_use)
			continue;
		hec_client_stats(cache, &cache->clients[i], &one);
		hec_stats_add(stats, &one);
	}
	hec_env_unlock(&cache->admin);
}
