/* SPDX-License-Identifier: GPL-2.0-only */
/* The cache and its memory, see memory.c. */
#ifndef HECACHE_KVM_MEMORY_H
#define HECACHE_KVM_MEMORY_H

#include <linux/types.h>

#include <hecache/hecache.h>

/* The machine's one cache; constant while the module is there. */
extern struct hec_cache *hec_kvm_cache;

/* Makes it, with @max_clients. */
int hec_kvm_memory_init(unsigned int max_clients);
/* Context: no clients, no calls. */
void hec_kvm_memory_fini(void);

/*
 * Brings the cache to @mb MiB.  -EINVAL: more than max_mb; -ENOMEM, -ENOSPC (what is
 * left is full of persistent pages), -EAGAIN (guests keep it busy): it has the size
 * that it got to, and a worker goes on; -EINTR.  Context: may sleep.
 */
int hec_kvm_memory_resize(unsigned int mb);

/* Frames that it can ever have. */
u64 hec_kvm_memory_max_frames(void);

#endif
