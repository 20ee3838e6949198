// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cache, and the host's memory that it has.
 *
 * Memory comes from the host and goes back to it in chunks (chunk.c).
 *
 *     size_mb    what the administrator wants the cache to have
 *     min_mb     what the host's memory pressure leaves it
 *     max_mb     what the tables are made for, once and for all
 *
 * Writing size_mb resizes at once, in the writer's context.  When the host runs short,
 * its reclaim takes chunks through a shrinker; a worker brings the cache back to
 * size_mb when the host has had memory to spare for a while.
 *
 * What the host has is judged by its available memory: what is free, and page cache
 * that it could do without.  A file that is read once fills page cache, and then
 * reclaim runs and asks every shrinker; but the host lacks nothing.  So the cache
 * offers as many chunks as are missing to LEAST, and takes chunks back above SPARE.
 *
 * LOCKS.  resize_lock: adding and taking chunks, and size_mb.  Its holder
 * allocates, which may run the shrinker: that one only tries to take it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "chunk.h"
#include "compat.h"
#include "events.h"
#include "memory.h"

#define CHUNK_PAGES HEC_KVM_CHUNK_PAGES
#define CHUNK_MB (HEC_KVM_CHUNK_BYTES >> 20)

#define REGROW_DELAY (10 * HZ)
#define LEAST 16 /* the cache gives while 1/16 of all memory is not available */
#define SPARE 8 /* it grows while 1/8 is */

#define BUSY_STEPS 1000 /* that found a chunk busy, before a worker goes on */
#define BUSY_SPINS 16 /* of them that do not sleep */
#define SCAN_CHUNKS 8 /* taken in one call of the shrinker's */

struct hec_cache *hec_kvm_cache;

static void *tables;
static DEFINE_MUTEX(resize_lock);
static bool ready; /* the cache can be resized [resize_lock] */
static unsigned int size_mb; /* [resize_lock] */

static unsigned int min_mb;
module_param(min_mb, uint, 0644);
MODULE_PARM_DESC(min_mb, "MiB that the cache keeps under memory pressure");

static unsigned int max_mb;
module_param(max_mb, uint, 0444);
MODULE_PARM_DESC(max_mb, "MiB that size_mb can ever be (default: the larger of "
			 "size_mb and half of the host's memory)");

static unsigned int nr_chunks(void)
{
	struct hec_cache_info info;

	hec_cache_info(hec_kvm_cache, &info);
	return info.chunks;
}

/* A chunk is half-way out; shrink() goes on with it. */
static bool is_closing(void)
{
	struct hec_cache_info info;

	hec_cache_info(hec_kvm_cache, &info);
	return info.closing;
}

static unsigned int chunks_of(unsigned int mb)
{
	return DIV_ROUND_UP(mb, CHUNK_MB);
}

/* Adds one chunk.  Context: resize_lock. */
static int grow(void)
{
	void *chunk = hec_kvm_chunk_alloc();

	if (!chunk)
		return -ENOMEM;
	if (hec_grow(hec_kvm_cache, chunk)) {
		hec_kvm_chunk_free(chunk);
		return -ENOSPC;
	}
	return 0;
}

/*
 * Gives one chunk back to the host.  -EAGAIN: not now; -ENOSPC: what is left is
 * promised to clients; -ENOENT: nothing is left.  Context: resize_lock.
 */
static int shrink(void)
{
	void *chunk;

	switch (hec_shrink(hec_kvm_cache, &chunk)) {
	case HEC_OK:
		hec_kvm_chunk_free(chunk);
		return 0;
	case HEC_EAGAIN:
		return -EAGAIN;
	case HEC_ENOSPC:
		return -ENOSPC;
	default:
		return -ENOENT;
	}
}

/* Context: resize_lock, of these. */
static bool has_size(unsigned int target)
{
	return !is_closing() && nr_chunks() == target;
}

/* One chunk in or out, on the way to @target chunks. */
static int step_to(unsigned int target)
{
	return is_closing() || nr_chunks() > target ? shrink() : grow();
}

/*
 * Whoever keeps a chunk busy has done in a moment, unless it was preempted: then it
 * needs the processor that we are on.
 */
static void wait_for_busy(unsigned int busy)
{
	if (busy > BUSY_SPINS)
		schedule_timeout_killable(1);
	else
		cond_resched();
}

/*
 * Brings the cache to @target chunks, unless guests keep a chunk busy for BUSY_STEPS
 * in a row.  Context: resize_lock, may sleep.
 */
static int resize(unsigned int target)
{
	unsigned int busy = 0;
	int err = 0;

	while (!has_size(target) && !err) {
		err = step_to(target);
		busy = err == -EAGAIN ? busy + 1 : 0;
		if (fatal_signal_pending(current))
			err = -EINTR;
		else if (err == -EAGAIN && busy < BUSY_STEPS)
			err = 0;
		wait_for_busy(busy);
	}
	return has_size(target) ? 0 : err;
}

/* Pages that the host has available beyond 1/@part of all; below 0: that it lacks. */
static long available_beyond(unsigned int part)
{
	return si_mem_available() - (long)(totalram_pages() / part);
}

/* Chunks that the host lacks. */
static unsigned long chunks_missing(void)
{
	long beyond = available_beyond(LEAST);

	return beyond < 0 ? DIV_ROUND_UP(-beyond, CHUNK_PAGES) : 0;
}

static unsigned long shrinker_count(struct shrinker *shrinker,
				    struct shrink_control *sc)
{
	unsigned int has = nr_chunks(), keeps = chunks_of(READ_ONCE(min_mb));

	if (has <= keeps)
		return 0;
	return min_t(unsigned long, has - keeps, chunks_missing()) *
	       CHUNK_PAGES;
}

static void regrow(struct work_struct *work);
static DECLARE_DELAYED_WORK(regrowing, regrow);

/* Whoever needs memory does this itself, so it is little at a time. */
static unsigned long shrinker_scan(struct shrinker *shrinker,
				   struct shrink_control *sc)
{
	unsigned int wanted = min(DIV_ROUND_UP(sc->nr_to_scan, CHUNK_PAGES),
				  (unsigned long)SCAN_CHUNKS);
	unsigned int freed = 0;

	if (!mutex_trylock(&resize_lock))
		return SHRINK_STOP;
	while (freed < wanted && shrinker_count(shrinker, sc) && !shrink())
		freed++;
	mod_delayed_work(system_wq, &regrowing, REGROW_DELAY);
	mutex_unlock(&resize_lock);
	if (!freed)
		return SHRINK_STOP;
	hec_kvm_event(HECACHE_EVENT_GAVE, NULL, freed * CHUNK_PAGES);
	return freed * (unsigned long)CHUNK_PAGES;
}

static struct shrinker *shrinker;

static int shrinker_begin(void)
{
	shrinker = hec_kvm_shrinker_alloc("hecache");
	if (!shrinker)
		return -ENOMEM;
	shrinker->count_objects = shrinker_count;
	shrinker->scan_objects = shrinker_scan;
	shrinker->batch = CHUNK_PAGES;
	/* Reclaim takes half of what is offered: all is missing. */
	shrinker->seeks = 0;
	return hec_kvm_shrinker_register(shrinker, "hecache");
}

static bool host_has_spare(void)
{
	return available_beyond(SPARE) > (long)CHUNK_PAGES;
}

/*
 * A worker: takes back what pressure took, once the host can spare it, and ends
 * what the shrinker had no time for.
 */
static void regrow(struct work_struct *work)
{
	bool done, later;

	do {
		mutex_lock(&resize_lock);
		done = has_size(chunks_of(size_mb));
		later = !done && ((!is_closing() && !host_has_spare()) ||
				  step_to(chunks_of(size_mb)));
		if (later)
			mod_delayed_work(system_wq, &regrowing, REGROW_DELAY);
		mutex_unlock(&resize_lock);
		cond_resched();
	} while (!done && !later);
}

/*
 * Before loading has got to the cache the size is only remembered, after unloading
 * has begun there is nothing to resize.
 */
int hec_kvm_memory_resize(unsigned int mb)
{
	int err = 0;

	mutex_lock(&resize_lock);
	if (!ready) {
		err = THIS_MODULE->state == MODULE_STATE_GOING ? -ENODEV : 0;
	} else if (mb > max_mb) {
		err = -EINVAL;
	}
	if (!err)
		size_mb = mb;
	if (!err && ready)
		err = resize(chunks_of(mb));
	if (err == -EAGAIN)
		mod_delayed_work(system_wq, &regrowing, REGROW_DELAY);
	mutex_unlock(&resize_lock);
	return err;
}

u64 hec_kvm_memory_max_frames(void)
{
	return (u64)chunks_of(max_mb) * CHUNK_PAGES;
}

static int size_set(const char *value, const struct kernel_param *param)
{
	unsigned int mb;

	return kstrtouint(value, 0, &mb) ?: hec_kvm_memory_resize(mb);
}

static const struct kernel_param_ops size_ops = {
	.set = size_set,
	.get = param_get_uint,
};
module_param_cb(size_mb, &size_ops, &size_mb, 0644);
__MODULE_PARM_TYPE(size_mb, "uint");
MODULE_PARM_DESC(size_mb, "MiB that the cache has; written: resizes it");

/* The tables' size, from max_mb; fills in its default. */
static int size_tables(struct hec_config *config, unsigned int max_clients)
{
	unsigned long half = min(totalram_pages() / 2, (ulong)HEC_MAX_FRAMES);

	if (!max_mb)
		max_mb = max_t(ulong, half >> (20 - PAGE_SHIFT), size_mb);
	if (max_mb < size_mb) {
		pr_err("size_mb is over max_mb\n");
		return -EINVAL;
	}
	config->max_chunks = max(chunks_of(max_mb), 1u);
	config->chunk_shift = HEC_KVM_CHUNK_SHIFT;
	config->max_clients = max_clients;
	config->max_pools =
		min(config->max_clients * HEC_CLIENT_POOLS, HEC_MAX_POOLS);
	get_random_bytes(config->seed, sizeof(config->seed));
	return 0;
}

static int cache_create(unsigned int max_clients)
{
	struct hec_config config = {};
	uint64_t len;
	int err = size_tables(&config, max_clients);

	if (err)
		return err;
	len = hec_size(&config);
	if (!len) {
		pr_err("max_mb or max_clients is out of range\n");
		return -EINVAL;
	}
	tables = vmalloc_huge(len, GFP_KERNEL);
	if (!tables) {
		pr_err("no memory for tables of %llu MiB; lower max_mb\n",
		       len >> 20);
		return -ENOMEM;
	}
	err = hec_init(tables, len, &config, &hec_kvm_cache);
	memzero_explicit(&config, sizeof(config));
	if (err) {
		vfree(tables);
		return -EINVAL;
	}
	return 0;
}

static void cache_destroy(void)
{
	int err;

	do {
		err = shrink();
		cond_resched();
	} while (err != -ENOENT);
	hec_fini(hec_kvm_cache);
	vfree(tables);
}

int hec_kvm_memory_init(unsigned int max_clients)
{
	int err = cache_create(max_clients);

	if (err)
		return err;
	mutex_lock(&resize_lock);
	ready = true;
	if (resize(chunks_of(size_mb)))
		pr_warn("the host can spare only %zu of %u MiB now\n",
			nr_chunks() * CHUNK_MB, size_mb);
	mutex_unlock(&resize_lock);
	err = shrinker_begin();
	if (err)
		hec_kvm_memory_fini();
	return err;
}

void hec_kvm_memory_fini(void)
{
	hec_kvm_shrinker_free(shrinker);
	mutex_lock(&resize_lock);
	ready = false;
	mutex_unlock(&resize_lock);
	cancel_delayed_work_sync(&regrowing);
	cache_destroy();
}
