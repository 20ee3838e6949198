/* SPDX-License-Identifier: GPL-2.0-only */
/* Chunks of the host's memory, see chunk.c. */
#ifndef HECACHE_KVM_CHUNK_H
#define HECACHE_KVM_CHUNK_H

#include <linux/mm.h>

#define HEC_KVM_CHUNK_SHIFT 9
#define HEC_KVM_CHUNK_PAGES (1u << HEC_KVM_CHUNK_SHIFT)
#define HEC_KVM_CHUNK_BYTES ((size_t)PAGE_SIZE << HEC_KVM_CHUNK_SHIFT)

/*
 * A chunk of the node that can spare most; NULL: the host has none to spare.
 * Context: one call of these two at a time; may sleep.
 */
void *hec_kvm_chunk_alloc(void);
void hec_kvm_chunk_free(void *chunk);

/* Pages of all chunks that are memory of @node.  Context: any. */
u64 hec_kvm_chunk_pages(int node);

#endif
