/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM's own memory, as far as its page cache is concerned: an LRU of pages.
 */
#ifndef HECACHE_VM_H
#define HECACHE_VM_H

#include <stdbool.h>
#include <stdint.h>

#define VM_NO_PAGE UINT32_MAX

struct vm {
	struct vm_link {
		uint32_t next, prev;
	} * links; /* by page; links[nr_pages] is the list's head */
	uint32_t nr_pages; /* that there are names for */
	uint32_t room, nr_held;
};

/* A memory of @room pages for pages 0 to @nr_pages - 1; false: no memory. */
bool vm_init(struct vm *vm, uint32_t nr_pages, uint32_t room);
void vm_fini(struct vm *vm);

/* True if the VM holds @page, which then is its most recently used one. */
bool vm_use(struct vm *vm, uint32_t page);

/*
 * @page, not held, comes in.  Returns the page evicted for it: VM_NO_PAGE if
 * there was room, and @page itself if the VM has no memory at all.
 */
uint32_t vm_admit(struct vm *vm, uint32_t page);

#endif
