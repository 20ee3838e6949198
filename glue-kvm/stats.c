// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics in debugfs: hecache/stats (lines of "key value") and
 * hecache/clients (a heading, then a line for each VM; a line written changes a
 * VM's share).  README.md describes both.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "glue.h"

#define PAGES_OF_MB (1u << (20 - HEC_PAGE_SHIFT))

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
	hec_kvm_call_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static void show_client(struct hec_client *client, pid_t pid, void *arg)
{
	struct hec_client_config config;
	struct seq_file *m = arg;
	struct hec_stats stats;

	hec_client_stats(hec_kvm_cache, client, &stats);
	hec_client_get(hec_kvm_cache, client, &config);
	seq_printf(m, "%d %llu %llu %llu %llu %llu %llu %llu %llu %llu", pid,
		   stats.pages, stats.frames, stats.pools, stats.puts,
		   stats.puts_refused, stats.hits, stats.misses, stats.flushes,
		   stats.evictions);
	seq_printf(m, " %u %u %u\n", config.guaranteed_pages / PAGES_OF_MB,
		   config.max_pages / PAGES_OF_MB,
		   config.weight ? config.weight : HEC_WEIGHT);
}

static int clients_show(struct seq_file *m, void *unused)
{
	seq_puts(m, "pid pages frames pools puts puts_refused hits misses "
		    "flushes evictions guaranteed_mb max_mb weight\n");
	hec_kvm_clients_for_each(show_client, m);
	return 0;
}

static int clients_open(struct inode *inode, struct file *file)
{
	return single_open(file, clients_show, NULL);
}

/* What was written to hecache/clients, and how that went. */
struct change {
	pid_t pid;
	char key[16];
	unsigned int value;
	int err;
};

static int change_config(struct hec_client_config *config,
			 const struct change *change)
{
	u64 pages = (u64)change->value * PAGES_OF_MB;

	if (!strcmp(change->key, "weight"))
		config->weight = change->value;
	else if (pages > HEC_MAX_FRAMES)
		return -EINVAL;
	else if (!strcmp(change->key, "guaranteed_mb"))
		config->guaranteed_pages = pages;
	else if (!strcmp(change->key, "max_mb"))
		config->max_pages = pages;
	else
		return -EINVAL;
	return 0;
}

static void change_client(struct hec_client *client, pid_t pid, void *arg)
{
	struct hec_client_config config;
	struct change *change = arg;

	if (pid != change->pid)
		return;
	hec_client_get(hec_kvm_cache, client, &config);
	change->err = change_config(&config, change);
	if (change->err)
		return;
	switch (hec_client_set(hec_kvm_cache, client, &config)) {
	case HEC_OK:
		break;
	case HEC_ENOSPC:
		change->err = -ENOSPC;
		break;
	default:
		change->err = -EINVAL;
	}
}

/* "PID KEY VALUE": changes what the VM of that process is promised. */
static ssize_t clients_write(struct file *file, const char __user *buf,
			     size_t len, loff_t *pos)
{
	struct change change = { .err = -ESRCH };
	char line[64], end;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = '\0';
	if (sscanf(line, "%d %15s %u %c", &change.pid, change.key,
		   &change.value, &end) != 3)
		return -EINVAL;
	hec_kvm_clients_for_each(change_client, &change);
	return change.err ? change.err : len;
}

static const struct file_operations clients_fops = {
	.owner = THIS_MODULE,
	.open = clients_open,
	.read = seq_read,
	.write = clients_write,
	.llseek = seq_lseek,
	.release = single_release,
};

void hec_kvm_stats_init(void)
{
	stats_dir = debugfs_create_dir("hecache", NULL);
	debugfs_create_file("stats", 0400, stats_dir, NULL, &stats_fops);
	debugfs_create_file("clients", 0600, stats_dir, NULL, &clients_fops);
}

void hec_kvm_stats_fini(void)
{
	debugfs_remove(stats_dir);
}
