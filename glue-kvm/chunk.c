// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chunks of the host's memory: where they come from, and on which nodes they are.
 *
 * A chunk is 2 MiB: one block of physical memory or, where the host's is too
 * fragmented for that, separate pages mapped together.
 *
 * A block comes from the node that can spare most.  So the cache fills no node before
 * the others, whoever grows it, and a VM that is bound to one node finds memory there.
 * What a node can spare is what is free there, and the page cache there.  Separate
 * pages come from where the kernel's policy takes them.
 */
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/vmalloc.h>

#include "chunk.h"

/* The host's own needs come first: fail early, and never kill for a cache. */
#define CHUNK_GFP (GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN)

static u64 pages_of_node[MAX_NUMNODES];

u64 hec_kvm_chunk_pages(int node)
{
	return READ_ONCE(pages_of_node[node]);
}

static void count(const void *chunk, int by)
{
	bool mapped = is_vmalloc_addr(chunk);
	unsigned int i;

	for (i = 0; i < HEC_KVM_CHUNK_PAGES; i++) {
		const void *at = chunk + i * PAGE_SIZE;
		int node = page_to_nid(mapped ? vmalloc_to_page(at)
					      : virt_to_page(at));

		WRITE_ONCE(pages_of_node[node], pages_of_node[node] + by);
	}
}

/* Memory that may be unplugged is in a zone above: chunks cannot be moved. */
static unsigned long can_spare(int node)
{
	struct zone *zones = NODE_DATA(node)->node_zones;
	unsigned long pages = 0;
	enum zone_type i;

	for (i = 0; i <= gfp_zone(CHUNK_GFP); i++)
		pages += zone_page_state(&zones[i], NR_FREE_PAGES) +
			 zone_page_state(&zones[i], NR_ZONE_INACTIVE_FILE) +
			 zone_page_state(&zones[i], NR_ZONE_ACTIVE_FILE);
	return pages;
}

static int choose_node(void)
{
	int node, best = first_memory_node;

	for_each_node_state(node, N_MEMORY)
		if (can_spare(node) > can_spare(best))
			best = node;
	return best;
}

static void *block_alloc(void)
{
	struct page *block =
		alloc_pages_node(choose_node(), CHUNK_GFP, HEC_KVM_CHUNK_SHIFT);

	return block ? page_address(block) : NULL;
}

void *hec_kvm_chunk_alloc(void)
{
	void *chunk =
		block_alloc() ?: __vmalloc(HEC_KVM_CHUNK_BYTES, CHUNK_GFP);

	if (chunk)
		count(chunk, 1);
	return chunk;
}

void hec_kvm_chunk_free(void *chunk)
{
	count(chunk, -1);
	if (is_vmalloc_addr(chunk))
		vfree(chunk);
	else
		free_pages((unsigned long)chunk, HEC_KVM_CHUNK_SHIFT);
}
