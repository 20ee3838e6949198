// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may use the cache, and on which terms a VM begins.
 *
 * Admission is open to every VM, or by name: then a VM is refused unless a rule names
 * it.  A rule is about a process or about a control group (v2) and those below it;
 * the process goes before groups, an inner group before an outer one, and none of
 * their terms are added up.  Terms that a rule does not name, and those of VMs that no
 * rule names, are the module's parameters.
 *
 * A process is meant by its struct pid, so that its number's next owner is not.  A
 * control group has a number that is not used again while the host runs.
 */
#include <linux/cgroup.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/xarray.h>

#include "events.h"
#include "rules.h"
#include "terms.h"

#define MAX_RULES 1024
#define MAX_DEPTH 128 /* of control groups that are looked at */
#define NR_KINDS 2

struct rule {
	struct hecache_control_rule rule;
	struct pid *pid; /* a process's, with a reference */
};

static unsigned int client_max_mb;
module_param(client_max_mb, uint, 0644);
MODULE_PARM_DESC(client_max_mb, "MiB that a VM may have, for VMs to come (0: "
				"no limit)");

static enum hec_policy_kind policy; /* one word: read and written at once */

static int policy_set(const char *value, const struct kernel_param *param)
{
	unsigned int kind = hec_policy_find(value, strcspn(value, "\n"));

	if (kind == HEC_NR_POLICIES)
		return -EINVAL;
	WRITE_ONCE(policy, kind);
	return 0;
}

static int policy_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%s\n", hec_policy_name(READ_ONCE(policy)));
}

static const struct kernel_param_ops policy_ops = {
	.set = policy_set,
	.get = policy_get,
};
module_param_cb(policy, &policy_ops, NULL, 0644);
__MODULE_PARM_TYPE(policy, "string");
MODULE_PARM_DESC(policy, "s3fifo (default), lru or arc, for VMs to come");

/* By kind and subject [rules_lock, and their number]. */
static struct xarray rules[NR_KINDS] = {
	XARRAY_INIT(rules[0], 0),
	XARRAY_INIT(rules[1], 0),
};
static unsigned int nr_rules;
static DEFINE_MUTEX(rules_lock);

static bool by_name;
module_param_named(admission_by_name, by_name, bool, 0444);
MODULE_PARM_DESC(admission_by_name, "only VMs that are admitted use the cache");

/* Looking up.  Context: rules_lock. */

static const struct rule *rule_of_process(void)
{
	const struct rule *rule =
		xa_load(&rules[HECACHE_RULE_PROCESS], task_tgid_nr(current));

	return rule && rule->pid == task_tgid(current) ? rule : NULL;
}

/* The rule of the innermost group that has one; the group itself in *@group. */
static const struct rule *rule_of_group(u64 *group)
{
	const struct rule *rule = NULL;
	struct cgroup *cgroup;
	unsigned int depth = 0;

	rcu_read_lock();
	cgroup = task_dfl_cgroup(current);
	*group = cgroup_id(cgroup);
	for (; cgroup && !rule && depth < MAX_DEPTH; depth++) {
		rule = xa_load(&rules[HECACHE_RULE_CGROUP], cgroup_id(cgroup));
		cgroup = cgroup_parent(cgroup);
	}
	rcu_read_unlock();
	return rule;
}

/* What every VM begins with, where no rule says otherwise. */
static struct hec_kvm_start usual_start(pid_t pid)
{
	u64 max_pages = (u64)READ_ONCE(client_max_mb) << (20 - HEC_PAGE_SHIFT);

	return (struct hec_kvm_start){
		.config.label = pid,
		.config.max_pages = min_t(u64, max_pages, HEC_MAX_FRAMES),
		.config.policy = READ_ONCE(policy),
	};
}

/* The terms that a rule names, in place of the usual ones. */
static void apply(const struct rule *rule, struct hec_kvm_start *start)
{
	struct hec_client_change change =
		hec_kvm_terms_change(&rule->rule.terms, rule->rule.which);

	if (change.terms & HEC_TERM_GUARANTEED)
		start->config.guaranteed_pages = change.config.guaranteed_pages;
	if (change.terms & HEC_TERM_MAX)
		start->config.max_pages = change.config.max_pages;
	if (change.terms & HEC_TERM_WEIGHT)
		start->config.weight = change.config.weight;
	if (change.terms & HEC_TERM_POLICY)
		start->config.policy = change.config.policy;
	if (change.terms & HEC_TERM_POOLS)
		start->config.max_pools = change.config.max_pools;
	start->frozen = change.frozen;
}

int hec_kvm_rules_apply(struct hec_kvm_who *who, struct hec_kvm_start *start)
{
	const struct rule *rule, *of_group;
	int err = HEC_OK;

	*start = usual_start(who->pid);
	mutex_lock(&rules_lock);
	of_group = rule_of_group(&who->cgroup);
	rule = rule_of_process() ?: of_group;
	if (rule)
		apply(rule, start);
	else if (by_name)
		err = HEC_EPERM;
	mutex_unlock(&rules_lock);
	return err;
}

/* Changing.  Context: rules_lock. */

static void rule_free(struct rule *rule)
{
	put_pid(rule->pid);
	kfree(rule);
}

/* Drops the rules of processes that are no more. */
static void sweep(void)
{
	struct xarray *processes = &rules[HECACHE_RULE_PROCESS];
	struct rule *rule;
	unsigned long id;
	bool is_gone;

	xa_for_each(processes, id, rule)
	{
		rcu_read_lock();
		is_gone = !pid_task(rule->pid, PIDTYPE_TGID);
		rcu_read_unlock();
		if (is_gone) {
			xa_erase(processes, id);
			nr_rules--;
			rule_free(rule);
		}
	}
}

static int rule_store(struct rule *rule)
{
	struct xarray *of_kind = &rules[rule->rule.kind];
	struct rule *old;

	sweep();
	if (nr_rules == MAX_RULES && !xa_load(of_kind, rule->rule.subject))
		return -ENOSPC;
	old = xa_store(of_kind, rule->rule.subject, rule, GFP_KERNEL);
	if (xa_is_err(old))
		return xa_err(old);
	if (old)
		rule_free(old);
	else
		nr_rules++;
	return 0;
}

/* Finds the process by the number that the caller knows it by. */
static int rule_bind(struct rule *rule)
{
	if (rule->rule.kind != HECACHE_RULE_PROCESS)
		return 0;
	if (!rule->rule.subject || rule->rule.subject > PID_MAX_LIMIT)
		return -ESRCH;
	rule->pid = find_get_pid(rule->rule.subject);
	rule->rule.subject = pid_nr(rule->pid);
	return rule->pid ? 0 : -ESRCH;
}

/* The library refuses the rest when the VM comes. */
static int rule_check(const struct hecache_control_rule *rule)
{
	if (rule->reserved || rule->kind >= NR_KINDS || !rule->subject)
		return -EINVAL;
	return hec_kvm_terms_check(&rule->terms, rule->which);
}

int hec_kvm_rules_admit(const struct hecache_control_rule *from)
{
	struct rule *rule;
	int err = rule_check(from);

	if (err)
		return err;
	rule = kzalloc(sizeof(*rule), GFP_KERNEL);
	if (!rule)
		return -ENOMEM;
	rule->rule = *from;
	err = rule_bind(rule);
	if (!err) {
		mutex_lock(&rules_lock);
		err = rule_store(rule);
		mutex_unlock(&rules_lock);
	}
	if (err)
		rule_free(rule);
	return err;
}

int hec_kvm_rules_dismiss(const struct hecache_control_rule *rule)
{
	static const struct hecache_control_terms none;
	struct rule *old;

	if (rule_check(rule) || rule->which ||
	    memcmp(&rule->terms, &none, sizeof(none)))
		return -EINVAL;
	mutex_lock(&rules_lock);
	old = xa_erase(&rules[rule->kind], rule->subject);
	if (old) {
		nr_rules--;
		rule_free(old);
	}
	mutex_unlock(&rules_lock);
	return old ? 0 : -ESRCH;
}

int hec_kvm_rules_find(struct hecache_control_rule *rule)
{
	unsigned long subject = rule->subject;
	const struct rule *found;

	if (rule->reserved || rule->kind >= NR_KINDS)
		return -EINVAL;
	mutex_lock(&rules_lock);
	sweep();
	found = xa_find(&rules[rule->kind], &subject, ULONG_MAX, XA_PRESENT);
	if (found)
		*rule = found->rule;
	mutex_unlock(&rules_lock);
	return found ? 0 : -ESRCH;
}

int hec_kvm_rules_set_admission(u32 admission)
{
	if (admission > HECACHE_ADMISSION_NAMED)
		return -EINVAL;
	mutex_lock(&rules_lock);
	by_name = admission == HECACHE_ADMISSION_NAMED;
	mutex_unlock(&rules_lock);
	return 0;
}

u32 hec_kvm_rules_admission(void)
{
	return READ_ONCE(by_name) ? HECACHE_ADMISSION_NAMED
				  : HECACHE_ADMISSION_OPEN;
}

u32 hec_kvm_rules_number(void)
{
	return READ_ONCE(nr_rules);
}

void hec_kvm_rules_fini(void)
{
	struct rule *rule;
	unsigned long id;
	unsigned int kind;

	for (kind = 0; kind < NR_KINDS; kind++) {
		xa_for_each(&rules[kind], id, rule) rule_free(rule);
		xa_destroy(&rules[kind]);
	}
}
