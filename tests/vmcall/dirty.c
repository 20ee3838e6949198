// SPDX-License-Identifier: GPL-2.0-only
/* Migration: what a get writes is in the VM's dirty log, or dirty ring. */
#include <errno.h>
#include <linux/kvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "check.h"

#define RING_ENTRIES 1024u

static void start_log(struct vm *vm)
{
	vm_set_slot(vm, 0, 0, vm->ram, VM_RAM_PAGES * PAGE,
		    KVM_MEM_LOG_DIRTY_PAGES);
}

/* Fetches and clears the log of slot 0, for which @bitmap has room. */
static void fetch_log(struct vm *vm, uint64_t bitmap[VM_RAM_PAGES / 64])
{
	struct kvm_dirty_log log = { .dirty_bitmap = bitmap };

	if (ioctl(vm->fd, KVM_GET_DIRTY_LOG, &log))
		die("KVM_GET_DIRTY_LOG");
}

static bool is_dirty(const uint64_t *bitmap, uint64_t gfn)
{
	return bitmap[gfn / 64] >> gfn % 64 & 1;
}

static void dirty_log(void)
{
	uint64_t bitmap[VM_RAM_PAGES / 64], pool;
	struct vm *vm = check_vm(0, &pool);

	check_fill(vm_page(vm, VM_DATA), 1);
	start_log(vm);
	EXPECT_EQ(vm_put(vm, pool, 1, VM_DATA), HEC_OK);
	fetch_log(vm, bitmap);
	EXPECT(!is_dirty(bitmap, VM_DATA));
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA + 70), HEC_OK);
	EXPECT(check_filled(vm_page(vm, VM_DATA + 70), 1));
	fetch_log(vm, bitmap);
	EXPECT(is_dirty(bitmap, VM_DATA + 70));
	EXPECT(!is_dirty(bitmap, VM_DATA + 69));
	EXPECT(!is_dirty(bitmap, VM_DATA + 71));
	fetch_log(vm, bitmap);
	EXPECT(!is_dirty(bitmap, VM_DATA + 70));
	vm_destroy(vm);
}

/* A VM whose dirty pages go to rings, which must be so before its CPUs are. */
static struct vm *ring_vm(void)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_DIRTY_LOG_RING,
		.args = { RING_ENTRIES * sizeof(struct kvm_dirty_gfn) },
	};
	struct vm *vm = vm_create_bare();

	if (ioctl(vm->fd, KVM_ENABLE_CAP, &cap))
		die("KVM_CAP_DIRTY_LOG_RING");
	vm_start(vm);
	return vm;
}

static struct kvm_dirty_gfn *map_ring(struct vm *vm)
{
	void *ring = mmap(NULL, RING_ENTRIES * sizeof(struct kvm_dirty_gfn),
			  PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu[0].fd,
			  PAGE * KVM_DIRTY_LOG_PAGE_OFFSET);

	if (ring == MAP_FAILED)
		die("mmap of a dirty ring");
	return ring;
}

/* Entries from the ring's start that KVM has filled; true in @seen by gfn. */
static unsigned int read_ring(const struct kvm_dirty_gfn *ring, bool *seen)
{
	unsigned int n;

	memset(seen, 0, VM_RAM_PAGES);
	for (n = 0; n < RING_ENTRIES; n++) {
		if (!(ring[n].flags & KVM_DIRTY_GFN_F_DIRTY))
			break;
		if (ring[n].offset < VM_RAM_PAGES)
			seen[ring[n].offset] = true;
	}
	return n;
}

static void describe(struct vm *vm)
{
	struct hec_abi_desc *desc = vm_page(vm, VM_DATA);
	uint64_t i;

	memset(desc, 0, PAGE);
	for (i = 0; i < HEC_ABI_BATCH_MAX; i++) {
		desc[i].index = i;
		desc[i].gfn = VM_DATA + 1 + i;
		desc[i].status = 1;
	}
}

/*
 * The largest batch dirties more pages than an exit may: the call stops short,
 * every page that was handed out is in the ring, and the rest is still cached.
 */
static void dirty_ring(void)
{
	struct vm *vm = ring_vm();
	const struct hec_abi_desc *desc = vm_page(vm, VM_DATA);
	struct kvm_dirty_gfn *ring = map_ring(vm);
	static bool seen[VM_RAM_PAGES];
	unsigned int given = 0, i;
	uint64_t pool;

	EXPECT_EQ(vm_hello(vm, HEC_FEATURE_BATCH), HEC_FEATURE_BATCH);
	pool = vm_pool(vm);
	for (i = 0; i < HEC_ABI_BATCH_MAX; i++) {
		check_fill(vm_page(vm, VM_DATA + 1 + i), i);
		EXPECT_EQ(vm_put(vm, pool, i, VM_DATA + 1 + i), HEC_OK);
	}
	describe(vm);
	start_log(vm);
	EXPECT_EQ(vm_call(vm, HEC_CMD_BATCH_GET, pool, VM_DATA,
			  HEC_ABI_BATCH_MAX),
		  HEC_OK);
	read_ring(ring, seen);
	for (i = 0; i < HEC_ABI_BATCH_MAX; i++) {
		given += !desc[i].status;
		EXPECT(!desc[i].status || desc[i].status == HEC_EAGAIN);
		EXPECT_EQ(seen[VM_DATA + 1 + i], !desc[i].status);
	}
	EXPECT(seen[VM_DATA]);
	EXPECT(given > 0 && given < HEC_ABI_BATCH_MAX);
	EXPECT_EQ(host_stat("pages"), HEC_ABI_BATCH_MAX - given);
	munmap(ring, RING_ENTRIES * sizeof(*ring));
	vm_destroy(vm);
}

const struct check dirty_checks[] = {
	{ "dirty_log", dirty_log },
	{ "dirty_ring", dirty_ring },
	{},
};
