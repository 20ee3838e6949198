// SPDX-License-Identifier: GPL-2.0-only
/*
 * The administrator's requests (uapi/hecache_control.h), and the tax on idle memory,
 * which is a parameter of the module, too.
 *
 * A request on a client holds the client's own lock, so that the VM's end waits for
 * it; it does a bounded amount of work, or goes by steps and lets go in between.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/sched/signal.h>

#include "control.h"
#include "keep.h"
#include "memory.h"
#include "rules.h"
#include "terms.h"
#include "vm.h"

#define FLUSH_BUDGET 1024 /* pages dropped before others get the CPU */

/* Parameters are set and got under the lock of the module's parameters. */
static unsigned int idle_tax;
static bool ready; /* there is a cache whose tax it is */

/* Context: the lock of the parameters. */
static int set_tax(unsigned int percent)
{
	if (percent > HEC_MAX_IDLE_TAX)
		return -EINVAL;
	idle_tax = percent;
	if (ready)
		hec_set_idle_tax(hec_kvm_cache, percent);
	return 0;
}

static int idle_tax_set(const char *value, const struct kernel_param *param)
{
	unsigned int percent;

	return kstrtouint(value, 0, &percent) ?: set_tax(percent);
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

/* Looking */

static struct hecache_control_stats stats_out(const struct hec_stats *stats)
{
	return (struct hecache_control_stats){
		.puts = stats->puts,
		.puts_refused = stats->puts_refused,
		.hits = stats->hits,
		.misses = stats->misses,
		.flushes = stats->flushes,
		.evictions = stats->evictions,
		.corrupt = stats->corrupt,
		.rollbacks = stats->rollbacks,
		.unasked = stats->unasked,
		.pages = stats->pages,
		.zero_pages = stats->zero_pages,
		.persistent_pages = stats->persistent_pages,
		.frames = stats->frames,
		.pools = stats->pools,
	};
}

static long look_info(union hec_kvm_op *op)
{
	struct hec_cache_info info;
	struct hec_stats stats;

	if (op->info.reserved)
		return -EINVAL;
	hec_cache_info(hec_kvm_cache, &info);
	hec_cache_stats(hec_kvm_cache, &stats);
	op->info = (struct hecache_control_info){
		.version = HECACHE_CONTROL_VERSION,
		.frames = info.frames,
		.frames_free = info.frames_free,
		.frames_max = hec_kvm_memory_max_frames(),
		.metadata_bytes = info.metadata_bytes,
		.refused = hec_kvm_events_refused(),
		.clients = info.clients,
		.chunks = info.chunks,
		.idle_tax = info.idle_tax,
		.admission = hec_kvm_rules_admission(),
		.rules = hec_kvm_rules_number(),
		.kept = hec_kvm_keep_holds(),
		.stats = stats_out(&stats),
	};
	return 0;
}

static long look_client(union hec_kvm_op *op)
{
	struct hec_kvm_vm *vm;
	struct hec_stats stats;

	if (op->client.id == U64_MAX)
		return -ESRCH;
	vm = hec_kvm_vm_lock_from(op->client.id + 1);
	if (!vm)
		return -ESRCH;
	hec_client_stats(hec_kvm_cache, vm->client, &stats);
	op->client.pid = vm->who.pid;
	op->client.id = vm->who.id;
	op->client.cgroup = vm->who.cgroup;
	op->client.terms = hec_kvm_terms_of(vm->client);
	op->client.stats = stats_out(&stats);
	hec_kvm_vm_unlock(vm);
	return 0;
}

static long look_pool(union hec_kvm_op *op)
{
	struct hec_kvm_vm *vm = hec_kvm_vm_lock(op->pool.client);
	struct hec_pool_info info;
	int err;

	BUILD_BUG_ON(HECACHE_POOL_EPHEMERAL != HEC_POOL_EPHEMERAL);
	BUILD_BUG_ON(HECACHE_POOL_INCLUSIVE != HEC_POOL_INCLUSIVE);
	BUILD_BUG_ON(HECACHE_POOL_PERSISTENT != HEC_POOL_PERSISTENT);
	if (!vm)
		return -ESRCH;
	err = hec_pool_info(hec_kvm_cache, vm->client, op->pool.pool, &info);
	hec_kvm_vm_unlock(vm);
	if (err)
		return -ENOENT;
	op->pool.kind = info.kind;
	op->pool.pool = info.pool;
	op->pool.pages = info.pages;
	return 0;
}

static long look_rule(union hec_kvm_op *op)
{
	return hec_kvm_rules_find(&op->rule);
}

/* Changing a client */

static int set_terms(struct hec_client *client,
		     const struct hecache_control_set *set)
{
	struct hec_client_change change =
		hec_kvm_terms_change(&set->terms, set->which);

	switch (hec_client_change(hec_kvm_cache, client, &change)) {
	case HEC_OK:
		return 0;
	case HEC_ENOSPC:
		return -ENOSPC;
	default:
		return -EINVAL;
	}
}

static long change_terms(union hec_kvm_op *op)
{
	int err = hec_kvm_terms_check(&op->set.terms, op->set.which);
	struct hec_kvm_vm *vm;

	if (err || !op->set.which)
		return -EINVAL;
	vm = hec_kvm_vm_lock(op->set.client);
	if (!vm)
		return -ESRCH;
	err = set_terms(vm->client, &op->set);
	hec_kvm_keep_update(vm);
	hec_kvm_vm_unlock(vm);
	return err;
}

/*
 * Drops some of the pages that a client had: *@left, or as many as it has, on the
 * first step.  0: that was all; -EAGAIN: there are more.
 */
static int flush_step(u64 id, u64 *left)
{
	struct hec_kvm_vm *vm = hec_kvm_vm_lock(id);
	struct hec_stats stats;
	u32 budget;
	int err = 0;

	if (!vm)
		return -ESRCH;
	hec_client_stats(hec_kvm_cache, vm->client, &stats);
	*left = min(*left, stats.pages);
	budget = min_t(u64, *left, FLUSH_BUDGET);
	*left -= budget;
	if (budget)
		err = hec_client_flush(hec_kvm_cache, vm->client, budget);
	hec_kvm_vm_unlock(vm);
	return err && *left ? -EAGAIN : 0;
}

static long change_flush(union hec_kvm_op *op)
{
	u64 left = U64_MAX;
	int err;

	if (op->one.reserved)
		return -EINVAL;
	while ((err = flush_step(op->one.client, &left)) == -EAGAIN) {
		if (signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return err;
}

static long change_reset(union hec_kvm_op *op)
{
	struct hec_kvm_vm *vm;

	if (op->one.reserved)
		return -EINVAL;
	vm = hec_kvm_vm_lock(op->one.client);
	if (!vm)
		return -ESRCH;
	hec_client_reset_stats(hec_kvm_cache, vm->client);
	hec_kvm_vm_unlock(vm);
	return 0;
}

/* Changing the cache */

static long change_size(union hec_kvm_op *op)
{
	return hec_kvm_memory_resize(op->value.value);
}

static long change_tax(union hec_kvm_op *op)
{
	int err;

	kernel_param_lock(THIS_MODULE);
	err = set_tax(op->value.value);
	kernel_param_unlock(THIS_MODULE);
	return err;
}

static long change_admission(union hec_kvm_op *op)
{
	return hec_kvm_rules_set_admission(op->value.value);
}

static long change_abandon(union hec_kvm_op *op)
{
	struct hec_kvm_vm *vm;
	u64 id = 0;

	if (op->value.value > 1)
		return -EINVAL;
	hec_kvm_keep_abandon(op->value.value);
	while ((vm = hec_kvm_vm_lock_from(id))) {
		hec_kvm_keep_update(vm);
		id = vm->who.id + 1;
		hec_kvm_vm_unlock(vm);
		cond_resched();
	}
	return 0;
}

static long change_admit(union hec_kvm_op *op)
{
	return hec_kvm_rules_admit(&op->rule);
}

static long change_dismiss(union hec_kvm_op *op)
{
	return hec_kvm_rules_dismiss(&op->rule);
}

const struct hec_kvm_request *hec_kvm_request_find(unsigned int number)
{
	static const struct hec_kvm_request requests[] = {
		{ HECACHE_INFO, FMODE_READ, look_info },
		{ HECACHE_CLIENT, FMODE_READ, look_client },
		{ HECACHE_POOL, FMODE_READ, look_pool },
		{ HECACHE_RULE, FMODE_READ, look_rule },
		{ HECACHE_SET, FMODE_WRITE, change_terms },
		{ HECACHE_FLUSH, FMODE_WRITE, change_flush },
		{ HECACHE_RESET, FMODE_WRITE, change_reset },
		{ HECACHE_RESIZE, FMODE_WRITE, change_size },
		{ HECACHE_TAX, FMODE_WRITE, change_tax },
		{ HECACHE_ADMISSION, FMODE_WRITE, change_admission },
		{ HECACHE_ABANDON, FMODE_WRITE, change_abandon },
		{ HECACHE_ADMIT, FMODE_WRITE, change_admit },
		{ HECACHE_DISMISS, FMODE_WRITE, change_dismiss },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(requests); i++)
		if (requests[i].number == number)
			return &requests[i];
	return NULL;
}
