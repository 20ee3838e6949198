// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which VM is which client of the cache.
 *
 * A VM becomes a client with its first HELLO.  The table maps its struct kvm,
 * an address that is compared and never followed, to the client.
 *
 * When KVM tears a VM down, a probe takes the client off the table at once and
 * leaves dropping its pages to a worker, a budget at a time.  The probe cannot
 * meet a call of that VM: a call is made by a vCPU, and a vCPU keeps its VM.
 *
 * LOCKS.  clients_making (sleeps) lets one HELLO at a time make a client; the
 * table changes under clients_lock, inside it; calls look up under RCU.  Whoever
 * holds clients_lock can use the clients that are on the table.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hashtable.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "glue.h"

#define DESTROY_BUDGET 1024 /* pages dropped before others get the CPU */

struct vm {
	struct hlist_node node; /* [clients_lock] */
	const struct kvm *kvm; /* [const] this and the rest */
	struct hec_client *client;
	pid_t pid;
	struct work_struct end;
	struct rcu_head rcu;
};

static unsigned int max_clients = 256;
module_param(max_clients, uint, 0444);
MODULE_PARM_DESC(max_clients, "VMs that can use the cache at once (1-1024)");

static unsigned int client_max_mb;
module_param(client_max_mb, uint, 0644);
MODULE_PARM_DESC(client_max_mb, "MiB that a VM may have, for VMs to come (0: "
				"no limit)");

static const char *const policy_name[] = {
	[HEC_POLICY_S3FIFO] = "s3fifo",
	[HEC_POLICY_LRU] = "lru",
	[HEC_POLICY_ARC] = "arc",
};

static enum hec_policy_kind policy; /* one word: read and written at once */

const char *hec_kvm_policy_name(enum hec_policy_kind kind)
{
	return policy_name[kind];
}

int hec_kvm_policy_kind(const char *name)
{
	return __sysfs_match_string(policy_name, ARRAY_SIZE(policy_name), name);
}

static int policy_set(const char *value, const struct kernel_param *param)
{
	int kind = hec_kvm_policy_kind(value);

	if (kind < 0)
		return kind;
	WRITE_ONCE(policy, kind);
	return 0;
}

static int policy_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%s\n", policy_name[READ_ONCE(policy)]);
}

static const struct kernel_param_ops policy_ops = {
	.set = policy_set,
	.get = policy_get,
};
module_param_cb(policy, &policy_ops, NULL, 0644);
__MODULE_PARM_TYPE(policy, "string");
MODULE_PARM_DESC(policy, "s3fifo (default), lru or arc, for VMs to come");

static DEFINE_HASHTABLE(clients, 8);
static DEFINE_SPINLOCK(clients_lock);
static DEFINE_MUTEX(clients_making);
static struct workqueue_struct *clients_ending;

unsigned int hec_kvm_max_clients(void)
{
	return max_clients;
}

struct hec_client *hec_kvm_client_find(struct kvm *kvm)
{
	struct hec_client *client = NULL;
	struct vm *vm;

	rcu_read_lock();
	hash_for_each_possible_rcu(clients, vm, node, (unsigned long)kvm) {
		if (vm->kvm == kvm) {
			client = vm->client;
			break;
		}
	}
	rcu_read_unlock();
	return client;
}

/* A worker: drops the pages of a VM that is gone, or of which we let go. */
static void vm_end(struct work_struct *work)
{
	struct vm *vm = container_of(work, struct vm, end);

	while (hec_client_destroy(hec_kvm_cache, vm->client, DESTROY_BUDGET) ==
	       HEC_EAGAIN)
		cond_resched();
	kfree_rcu(vm, rcu);
}

static struct vm *vm_create(const struct kvm *kvm)
{
	u64 max_pages = (u64)READ_ONCE(client_max_mb) << (20 - HEC_PAGE_SHIFT);
	struct hec_client_config config = {
		.label = task_tgid_nr(current),
		.max_pages = min_t(u64, max_pages, HEC_MAX_FRAMES),
		.policy = READ_ONCE(policy),
	};
	struct vm *vm = kzalloc(sizeof(*vm), GFP_KERNEL);

	if (!vm)
		return NULL;
	if (hec_client_create(hec_kvm_cache, &config, &vm->client)) {
		kfree(vm);
		return NULL;
	}
	vm->kvm = kvm;
	vm->pid = config.label;
	INIT_WORK(&vm->end, vm_end);
	return vm;
}

struct hec_client *hec_kvm_client_get(struct kvm *kvm)
{
	struct hec_client *client;
	struct vm *vm;

	mutex_lock(&clients_making);
	client = hec_kvm_client_find(kvm);
	if (!client) {
		vm = vm_create(kvm);
		if (vm) {
			client = vm->client;
			spin_lock(&clients_lock);
			hash_add_rcu(clients, &vm->node, (unsigned long)kvm);
			spin_unlock(&clients_lock);
		}
	}
	mutex_unlock(&clients_making);
	return client;
}

/* kvm_arch_destroy_vm(kvm) begins.  Context: cannot sleep. */
static int vm_goes(struct kprobe *probe, struct pt_regs *regs)
{
	const struct kvm *kvm = (const struct kvm *)regs->di;
	struct vm *vm;

	spin_lock(&clients_lock);
	hash_for_each_possible(clients, vm, node, (unsigned long)kvm) {
		if (vm->kvm == kvm) {
			hash_del_rcu(&vm->node);
			queue_work(clients_ending, &vm->end);
			break;
		}
	}
	spin_unlock(&clients_lock);
	return 0;
}

static struct kprobe clients_probe = {
	.symbol_name = "kvm_arch_destroy_vm",
	.pre_handler = vm_goes,
};

void hec_kvm_clients_for_each(void (*show)(struct hec_client *client, pid_t pid,
					   void *arg),
			      void *arg)
{
	struct vm *vm;
	int bucket;

	spin_lock(&clients_lock);
	hash_for_each(clients, bucket, vm, node)
		show(vm->client, vm->pid, arg);
	spin_unlock(&clients_lock);
}

int hec_kvm_clients_init(void)
{
	int err;

	clients_ending = alloc_workqueue("hecache", WQ_UNBOUND, 0);
	if (!clients_ending)
		return -ENOMEM;
	err = register_kprobe(&clients_probe);
	if (err) {
		pr_err("cannot probe kvm_arch_destroy_vm: %d\n", err);
		destroy_workqueue(clients_ending);
	}
	return err;
}

void hec_kvm_clients_fini(void)
{
	struct hlist_node *next;
	struct vm *vm;
	int bucket;

	unregister_kprobe(&clients_probe);
	spin_lock(&clients_lock);
	hash_for_each_safe(clients, bucket, next, vm, node) {
		hash_del_rcu(&vm->node);
		queue_work(clients_ending, &vm->end);
	}
	spin_unlock(&clients_lock);
	destroy_workqueue(clients_ending);
}
