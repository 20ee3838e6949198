// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts: pages that the kernel has evicted and is about to free go to the hypervisor,
 * up to 64 with one call.
 *
 * A page is put if it has a link, and still the content that the link tells of: so
 * it is sealed once more.  Nobody else has the page any more, so what was sealed is
 * what the hypervisor copies.
 *
 * A page of memory for each processor has what is known of a batch: first the
 * descriptors that the hypervisor reads, then what is ours.  It is used in tasks
 * alone, with preemption off.
 */
#include "put.h"

#include "block.h"
#include "call.h"
#include "link.h"
#include "live.h"
#include "seal.h"

struct batch {
	struct hec_abi_desc desc[HEC_ABI_BATCH_MAX];
	struct hec_target *t; /* whose pages they are */
	u32 nr;
};

_Static_assert(sizeof(struct batch) <= PAGE_SIZE, "a batch is within a page");

static DEFINE_PER_CPU(struct batch *, batches);

int __init hec_put_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu(batches, cpu) = (void *)get_zeroed_page(GFP_KERNEL);
		if (!per_cpu(batches, cpu))
			return -ENOMEM;
	}
	return 0;
}

void hec_put_fini(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		free_page((unsigned long)per_cpu(batches, cpu));
}

/* The answer that each page of the batch gets if it is the same for all. */
static u64 call_together(struct batch *batch)
{
	u64 frame = hec_call_frame(virt_to_page(batch));

	return hec_live_call(HEC_CMD_BATCH_PUT, batch->t->pool, frame,
			     batch->nr);
}

static void put_together(struct batch *batch)
{
	u64 all = call_together(batch);
	u32 i;

	for (i = 0; i < batch->nr; i++)
		hec_blocks_put_end(batch->t, batch->desc[i].index,
				   all ? all
				       : READ_ONCE(batch->desc[i].status));
}

static void put_singly(struct batch *batch)
{
	const struct hec_abi_desc *desc;
	u32 i;

	for (i = 0; i < batch->nr; i++) {
		desc = &batch->desc[i];
		hec_blocks_put_end(batch->t, desc->index,
				   hec_live_call(HEC_CMD_PUT, batch->t->pool,
						 desc->index, desc->gfn));
	}
}

static void send(struct batch *batch)
{
	if (batch->nr > 1 && hec_live_features & HEC_FEATURE_BATCH)
		put_together(batch);
	else
		put_singly(batch);
	batch->nr = 0;
}

/* A batch is of one target's pages. */
static void add(struct batch *batch, struct hec_target *t, struct page *page,
		const struct hec_link *link)
{
	if (batch->t != t)
		send(batch);
	batch->t = t;
	if (hec_blocks_put_begin(t, page, link))
		batch->desc[batch->nr++] = (struct hec_abi_desc){
			.index = hec_where_place(link->where),
			.gfn = hec_call_frame(page),
			.status = HEC_EAGAIN,
		};
}

/* A page whose target has a cache. */
static struct hec_target *target_of(struct page *page, struct hec_link *link)
{
	struct hec_target *t;

	if (!hec_link_look(page_to_pfn(page), link))
		return NULL;
	t = hec_live_target(hec_where_slot(link->where));
	return t && hec_caching(t) ? t : NULL;
}

static void add_evicted(struct batch *batch, struct page *page)
{
	struct hec_link link;
	struct hec_target *t = target_of(page, &link);

	if (!t || PageHWPoison(page))
		return;
	if (hec_seal(page) == link.seal)
		add(batch, t, page, &link);
	else
		hec_count(t, HEC_STAT_CHANGED, 1);
}

static void put_some(unsigned long pfn, u32 nr)
{
	struct batch *batch = get_cpu_var(batches);
	u32 i;

	rcu_read_lock();
	for (i = 0; i < nr; i++)
		add_evicted(batch, pfn_to_page(pfn + i));
	send(batch);
	rcu_read_unlock();
	put_cpu_var(batches);
}

/*
 * Puts those of a folio's pages that have links.  Nobody else has the folio.  In a
 * task, with interrupts on; preemption is off for a batch at a time.
 */
void hec_put(unsigned long pfn, unsigned long nr)
{
	u32 some;

	for (; nr; nr -= some, pfn += some) {
		some = min_t(unsigned long, nr, HEC_ABI_BATCH_MAX);
		put_some(pfn, some);
	}
}

/* The same, where nothing can be put: what is lost is counted. */
void hec_put_skip(unsigned long pfn, unsigned long nr)
{
	struct hec_target *t;
	struct hec_link link;

	rcu_read_lock();
	if (hec_link_look(pfn, &link)) {
		t = hec_live_target(hec_where_slot(link.where));
		if (t)
			hec_count(t, HEC_STAT_SKIPPED, nr);
	}
	rcu_read_unlock();
}
