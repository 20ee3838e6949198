// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's folder in debugfs, and its statistics there, which README.md
 * describes: hecache/stats, lines of "key value"; hecache/pools, a heading and a
 * line for each pool.  hecache/clients is control.c's.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>

#include "glue.h"

static struct dentry *stats_dir;

static void show_counts(struct seq_file *m, const struct hec_stats *stats)
{
	seq_printf(m, "puts %llu\n", stats->puts);
	seq_printf(m, "puts_refused %llu\n", stats->puts_refused);
	seq_printf(m, "hits %llu\n", stats->hits);
	seq_printf(m, "misses %llu\n", stats->misses);
	seq_printf(m, "flushes %llu\n", stats->flushes);
	seq_printf(m, "evictions %llu\n", stats->evictions);
	seq_printf(m, "corrupt %llu\n", stats->corrupt);
	seq_printf(m, "rollbacks %llu\n", stats->rollbacks);
	seq_printf(m, "pages %llu\n", stats->pages);
	seq_printf(m, "zero_pages %llu\n", stats->zero_pages);
	seq_printf(m, "persistent_pages %llu\n", stats->persistent_pages);
	seq_printf(m, "frames_charged %llu\n", stats->frames);
	seq_printf(m, "pools %llu\n", stats->pools);
}

static int stats_show(struct seq_file *m, void *unused)
{
	struct hec_cache_info info;
	struct hec_stats stats;

	hec_cache_stats(hec_kvm_cache, &stats);
	hec_cache_info(hec_kvm_cache, &info);
	show_counts(m, &stats);
	seq_printf(m, "frames %llu\n", info.frames);
	seq_printf(m, "frames_free %llu\n", info.frames_free);
	seq_printf(m, "metadata_bytes %llu\n", info.metadata_bytes);
	seq_printf(m, "clients %u\n", info.clients);
	seq_printf(m, "chunks %u\n", info.chunks);
	seq_printf(m, "idle_tax %u\n", info.idle_tax);
	hec_kvm_call_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static void show_pools(struct hec_client *client, pid_t pid, void *arg)
{
	static const char *const kind_name[] = {
		[HEC_POOL_EPHEMERAL] = "ephemeral",
		[HEC_POOL_INCLUSIVE] = "inclusive",
		[HEC_POOL_PERSISTENT] = "persistent",
	};
	struct hec_pool_info info = { .pool = U64_MAX };
	struct seq_file *m = arg;

	while (!hec_pool_info(hec_kvm_cache, client, info.pool, &info))
		seq_printf(m, "%d %llu %s %llu\n", pid, info.pool,
			   kind_name[info.kind], info.pages);
}

static int pools_show(struct seq_file *m, void *unused)
{
	seq_puts(m, "pid pool kind pages\n");
	hec_kvm_clients_for_each(show_pools, m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pools);

void hec_kvm_stats_init(void)
{
	stats_dir = debugfs_create_dir("hecache", NULL);
	debugfs_create_file("stats", 0400, stats_dir, NULL, &stats_fops);
	debugfs_create_file("pools", 0400, stats_dir, NULL, &pools_fops);
	debugfs_create_file("clients", 0600, stats_dir, NULL,
			    &hec_kvm_clients_fops);
}

void hec_kvm_stats_fini(void)
{
	debugfs_remove(stats_dir);
}
