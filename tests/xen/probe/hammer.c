// SPDX-License-Identifier: GPL-2.0-only
/*
 * One thread on each CPU puts, gets and flushes pages of one common pool, each
 * its own ones, and knows of each what it must find: the page that it put last,
 * or nothing.
 */
#include "probe.h"

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#define NR_KEYS 2048u /* their versions must fit two pages */

struct hammer {
	struct rnd_state random;
	struct completion done;
	u64 pool;
	u64 first; /* key of this thread's */
	u32 *version; /* of each key, 0: nothing is cached */
	u64 *page;
	u64 puts, hits, flushes, wrong;
};

static u64 tag(const struct hammer *hammer, u32 key, u32 version)
{
	return (u64)probe_seed << 56 | hammer->first << 32 | key << 16 |
	       (version & 0xffff);
}

static void put(struct hammer *hammer, u32 key, u32 version)
{
	probe_fill(hammer->page, tag(hammer, key, version));
	hammer->version[key] = 0;
	if (probe_put(hammer->pool, hammer->first + key, hammer->page))
		return;
	hammer->version[key] = version;
	hammer->puts++;
}

static void get(struct hammer *hammer, u32 key)
{
	u32 version = hammer->version[key];
	u64 result = probe_get(hammer->pool, hammer->first + key, hammer->page);

	hammer->version[key] = 0;
	if (result == (u64)HEC_ENOENT)
		return;
	hammer->hits++;
	if (result || !version ||
	    !probe_holds(hammer->page, tag(hammer, key, version)))
		hammer->wrong++;
}

static void flush(struct hammer *hammer, u32 key)
{
	hammer->version[key] = 0;
	hammer->flushes++;
	if (probe_call(HEC_CMD_FLUSH, hammer->pool, hammer->first + key, 0))
		hammer->wrong++;
}

static int hammering(void *data)
{
	struct hammer *hammer = data;
	u32 i;

	for (i = 1; i <= probe_count; i++) {
		u32 r = prandom_u32_state(&hammer->random);
		u32 key = r % NR_KEYS;

		switch (r >> 28) {
		case 0:
			flush(hammer, key);
			break;
		case 1 ... 7:
			get(hammer, key);
			break;
		default:
			put(hammer, key, i);
		}
		cond_resched();
	}
	complete(&hammer->done);
	return 0;
}

static void start(struct hammer *hammer, u64 pool, unsigned int cpu)
{
	struct task_struct *task;

	prandom_seed_state(&hammer->random, probe_seed * 1000 + cpu);
	init_completion(&hammer->done);
	hammer->pool = pool;
	hammer->first = (u64)cpu * NR_KEYS;
	hammer->version = kcalloc(NR_KEYS, sizeof(*hammer->version),
				  GFP_KERNEL | __GFP_NOFAIL);
	hammer->page = probe_page();
	task = kthread_create_on_cpu(hammering, hammer, cpu, "hecprobe/%u");
	if (IS_ERR(task))
		complete(&hammer->done);
	else
		wake_up_process(task);
}

static void finish(struct hammer *hammer, unsigned int cpu)
{
	char what[48];

	wait_for_completion(&hammer->done);
	pr_info("hecprobe: cpu %u: %llu puts, %llu hits, %llu flushes\n", cpu,
		hammer->puts, hammer->hits, hammer->flushes);
	snprintf(what, sizeof(what), "cpu %u: no page but the right one", cpu);
	probe_verdict(hammer->puts && hammer->hits && !hammer->wrong, what);
	kfree(hammer->version);
	free_page((unsigned long)hammer->page);
}

void probe_hammer(void)
{
	struct hammer *hammers = kcalloc(nr_cpu_ids, sizeof(*hammers),
					 GFP_KERNEL | __GFP_NOFAIL);
	u64 pool = probe_pool(0);
	unsigned int cpu;

	for_each_online_cpu(cpu) start(&hammers[cpu], pool, cpu);
	for_each_online_cpu(cpu) finish(&hammers[cpu], cpu);
	kfree(hammers);
}
