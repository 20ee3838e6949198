/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM's memory as a linked list over an array, see vm.h.
 */
#include "vm.h"

#include <stdlib.h>

static void add_first(struct vm *vm, uint32_t page)
{
	uint32_t head = vm->nr_pages, first = vm->links[head].next;

	vm->links[page].prev = head;
	vm->links[page].next = first;
	vm->links[first].prev = page;
	vm->links[head].next = page;
}

static void del(struct vm *vm, uint32_t page)
{
	struct vm_link *link = &vm->links[page];

	vm->links[link->prev].next = link->next;
	vm->links[link->next].prev = link->prev;
	link->next = VM_NO_PAGE;
}

bool vm_init(struct vm *vm, uint32_t nr_pages, uint32_t room)
{
	uint32_t i;

	vm->links = malloc(((size_t)nr_pages + 1) * sizeof(*vm->links));
	if (!vm->links)
		return false;
	for (i = 0; i < nr_pages; i++)
		vm->links[i].next = VM_NO_PAGE;
	vm->links[nr_pages].next = nr_pages;
	vm->links[nr_pages].prev = nr_pages;
	vm->nr_pages = nr_pages;
	vm->room = room;
	vm->nr_held = 0;
	return true;
}

void vm_fini(struct vm *vm)
{
	free(vm->links);
}

bool vm_use(struct vm *vm, uint32_t page)
{
	if (vm->links[page].next == VM_NO_PAGE)
		return false;
	del(vm, page);
	add_first(vm, page);
	return true;
}

uint32_t vm_admit(struct vm *vm, uint32_t page)
{
	uint32_t victim = VM_NO_PAGE;

	if (!vm->room)
		return page;
	if (vm->nr_held == vm->room) {
		victim = vm->links[vm->nr_pages].prev;
		del(vm, victim);
	} else {
		vm->nr_held++;
	}
	add_first(vm, page);
	return victim;
}
