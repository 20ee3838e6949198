// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the host's administrator says about the VMs: hecache/clients in debugfs,
 * and the tax on idle memory, a parameter of the module.
 *
 * Read, hecache/clients has a heading and a line for each VM.  A line that is
 * written changes the VM of one process:
 *
 *     PID KEY VALUE [KEY VALUE]...   its terms: all that are named, or none
 *     PID flush                      drops its pages, but persistent ones
 *     PID reset                      sets its counts to zero
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "glue.h"

#define PAGES_OF_MB (1u << (20 - HEC_PAGE_SHIFT))
#define LINE_SIZE 128
#define FLUSH_BUDGET 1024 /* pages dropped before others get the CPU */

/* Parameters are set and got under the lock of the module's parameters. */
static unsigned int idle_tax;
static bool ready; /* there is a cache whose tax it is */

static int idle_tax_set(const char *value, const struct kernel_param *param)
{
	unsigned int percent;
	int err = kstrtouint(value, 0, &percent);

	if (err)
		return err;
	if (percent > HEC_MAX_IDLE_TAX)
		return -EINVAL;
	idle_tax = percent;
	if (ready)
		hec_set_idle_tax(hec_kvm_cache, percent);
	return 0;
}

static const struct kernel_param_ops idle_tax_ops = {
	.set = idle_tax_set,
	.get = param_get_uint,
};
module_param_cb(idle_tax, &idle_tax_ops, &idle_tax, 0644);
__MODULE_PARM_TYPE(idle_tax, "uint");
MODULE_PARM_DESC(idle_tax, "tax on idle memory in percent (0-95)");

void hec_kvm_control_init(void)
{
	kernel_param_lock(THIS_MODULE);
	hec_set_idle_tax(hec_kvm_cache, idle_tax);
	ready = true;
	kernel_param_unlock(THIS_MODULE);
}

void hec_kvm_control_fini(void)
{
	kernel_param_lock(THIS_MODULE);
	ready = false;
	kernel_param_unlock(THIS_MODULE);
}

/* Reading */

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
	seq_printf(m, " %llu %llu %llu %llu", stats.corrupt, stats.rollbacks,
		   stats.zero_pages, stats.persistent_pages);
	seq_printf(m, " %u %u %u %s %d\n",
		   config.guaranteed_pages / PAGES_OF_MB,
		   config.max_pages / PAGES_OF_MB,
		   config.weight ? config.weight : HEC_WEIGHT,
		   hec_kvm_policy_name(config.policy),
		   hec_client_is_frozen(hec_kvm_cache, client));
}

static int clients_show(struct seq_file *m, void *unused)
{
	seq_puts(m, "pid pages frames pools puts puts_refused hits misses "
		    "flushes evictions corrupt rollbacks zero_pages "
		    "persistent_pages guaranteed_mb max_mb weight "
		    "policy frozen\n");
	hec_kvm_clients_for_each(show_client, m);
	return 0;
}

static int clients_open(struct inode *inode, struct file *file)
{
	return single_open(file, clients_show, NULL);
}

/* Terms */

enum term {
	GUARANTEED,
	MAX,
	WEIGHT,
	POLICY,
	FROZEN,
};

static const char *const key_name[] = {
	[GUARANTEED] = "guaranteed_mb",
	[MAX] = "max_mb",
	[WEIGHT] = "weight",
	[POLICY] = "policy",
	[FROZEN] = "frozen",
};

/* What a line asks for, and how that went. */
struct change {
	pid_t pid;
	unsigned int which; /* bits of keys */
	u32 value[ARRAY_SIZE(key_name)];
	int err;
};

static int parse_value(enum term key, const char *word, u32 *value)
{
	int err;

	if (key == POLICY) {
		err = hec_kvm_policy_kind(word);
		*value = err;
		return min(err, 0);
	}
	err = kstrtou32(word, 0, value);
	if (err)
		return err;
	if (key == FROZEN && *value > 1)
		return -EINVAL;
	if (key == GUARANTEED || key == MAX) {
		if (*value > HEC_MAX_FRAMES / PAGES_OF_MB)
			return -EINVAL;
		*value *= PAGES_OF_MB;
	}
	return 0;
}

/* "KEY VALUE [KEY VALUE]..." */
static int parse_change(char *words, struct change *change)
{
	while (words) {
		const char *name = strsep(&words, " ");
		const char *word = strsep(&words, " ");
		int key = match_string(key_name, ARRAY_SIZE(key_name), name);
		int err = key;

		if (key >= 0)
			err = word ? parse_value(key, word, &change->value[key])
				   : -EINVAL;
		if (err)
			return err;
		change->which |= 1u << key;
	}
	return 0;
}

static void set_terms(const struct change *change,
		      struct hec_client_config *config)
{
	if (change->which & 1u << GUARANTEED)
		config->guaranteed_pages = change->value[GUARANTEED];
	if (change->which & 1u << MAX)
		config->max_pages = change->value[MAX];
	if (change->which & 1u << WEIGHT)
		config->weight = change->value[WEIGHT];
	if (change->which & 1u << POLICY)
		config->policy = change->value[POLICY];
}

static void change_client(struct hec_client *client, pid_t pid, void *arg)
{
	struct hec_client_config config;
	struct change *change = arg;

	if (pid != change->pid)
		return;
	hec_client_get(hec_kvm_cache, client, &config);
	set_terms(change, &config);
	switch (hec_client_set(hec_kvm_cache, client, &config)) {
	case HEC_OK:
		change->err = 0;
		break;
	case HEC_ENOSPC:
		change->err = -ENOSPC;
		return;
	default:
		change->err = -EINVAL;
		return;
	}
	if (change->which & 1u << FROZEN)
		hec_client_freeze(hec_kvm_cache, client, change->value[FROZEN]);
}

static int change_vm(pid_t pid, char *words)
{
	struct change change = { .pid = pid, .err = -ESRCH };
	int err = parse_change(words, &change);

	if (err)
		return err;
	hec_kvm_clients_for_each(change_client, &change);
	return change.err;
}

/* Flush and reset */

struct flush {
	pid_t pid;
	bool found;
	bool more; /* a client has more pages */
	u64 left; /* pages to drop: those that there were at first */
};

static void flush_begin(struct hec_client *client, pid_t pid, void *arg)
{
	struct flush *flush = arg;
	struct hec_stats stats;

	if (pid != flush->pid)
		return;
	hec_client_stats(hec_kvm_cache, client, &stats);
	flush->found = true;
	flush->left += stats.pages;
}

static void flush_some(struct hec_client *client, pid_t pid, void *arg)
{
	struct flush *flush = arg;
	u32 budget = min_t(u64, flush->left, FLUSH_BUDGET);

	if (pid != flush->pid || !budget)
		return;
	flush->left -= budget;
	if (hec_client_flush(hec_kvm_cache, client, budget))
		flush->more = true;
}

static int flush_vm(pid_t pid)
{
	struct flush flush = { .pid = pid };

	hec_kvm_clients_for_each(flush_begin, &flush);
	if (!flush.found)
		return -ESRCH;
	do {
		flush.more = false;
		hec_kvm_clients_for_each(flush_some, &flush);
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	} while (flush.more && flush.left);
	return 0;
}

static void reset_client(struct hec_client *client, pid_t pid, void *arg)
{
	struct change *change = arg;

	if (pid != change->pid)
		return;
	hec_client_reset_stats(hec_kvm_cache, client);
	change->err = 0;
}

static int reset_vm(pid_t pid)
{
	struct change change = { .pid = pid, .err = -ESRCH };

	hec_kvm_clients_for_each(reset_client, &change);
	return change.err;
}

static int do_line(char *line)
{
	char *rest = strim(line);
	const char *who = strsep(&rest, " ");
	pid_t pid;

	if (!rest || kstrtoint(who, 10, &pid))
		return -EINVAL;
	if (!strcmp(rest, "flush"))
		return flush_vm(pid);
	if (!strcmp(rest, "reset"))
		return reset_vm(pid);
	return change_vm(pid, rest);
}

static ssize_t clients_write(struct file *file, const char __user *buf,
			     size_t len, loff_t *pos)
{
	char line[LINE_SIZE];
	int err;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = '\0';
	err = do_line(line);
	return err ? err : len;
}

const struct file_operations hec_kvm_clients_fops = {
	.owner = THIS_MODULE,
	.open = clients_open,
	.read = seq_read,
	.write = clients_write,
	.llseek = seq_lseek,
	.release = single_release,
};
