// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that a guest may not use, or that are not there: an error, and the
 * cache stays as the rules say.  A put that fails drops what was under its key;
 * a get that fails leaves it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define EXTRA_GFN 0x10000u /* where checks add a slot, in a sea of holes */

static void *map_memory(size_t len, int prot, int flags, int fd)
{
	void *mem = mmap(NULL, len, prot, flags, fd, 0);

	if (mem == MAP_FAILED)
		die("mmap");
	return mem;
}

static void *anonymous(size_t len)
{
	return map_memory(len, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

/* Puts page @index with its index as tag. */
static void put_good(struct vm *vm, uint64_t pool, uint64_t index)
{
	check_fill(vm_page(vm, VM_DATA), index);
	EXPECT_EQ(vm_put(vm, pool, index, VM_DATA), HEC_OK);
}

static void expect_good(struct vm *vm, uint64_t pool, uint64_t index)
{
	memset(vm_page(vm, VM_DATA), 0, PAGE);
	EXPECT_EQ(vm_get(vm, pool, index, VM_DATA), HEC_OK);
	EXPECT(check_filled(vm_page(vm, VM_DATA), index));
}

static void frames_that_are_none(void)
{
	static const uint64_t gfns[] = {
		VM_RAM_PAGES,
		VM_RAM_PAGES + 1,
		EXTRA_GFN,
		0xfee00,
		0xfffff,
		1ull << 36,
		1ull << 40,
		1ull << 51,
		(1ull << 52) - 1,
		1ull << 52,
		1ull << 63,
		~0ull,
		~0ull >> 12,
		-(uint64_t)VM_RAM_PAGES,
		VM_DATA | 1ull << 52,
		VM_DATA | 1ull << 63,
	};
	uint64_t pool, i;
	struct vm *vm = check_vm(0, &pool);

	for (i = 0; i < sizeof(gfns) / sizeof(*gfns); i++) {
		put_good(vm, pool, i);
		EXPECT_EQ(vm_get(vm, pool, i, gfns[i]), HEC_EFAULT);
		expect_good(vm, pool, i);
		put_good(vm, pool, i);
		EXPECT_EQ(vm_put(vm, pool, i, gfns[i]), HEC_EFAULT);
		EXPECT_EQ(vm_get(vm, pool, i, VM_DATA), HEC_ENOENT);
	}
	EXPECT_EQ(host_stat("pages"), 0);
	vm_destroy(vm);
}

/* What holds for memory that may be read and not written, whoever forbids it */
static void expect_read_only(void *mem, struct vm *vm, uint64_t pool)
{
	EXPECT_EQ(vm_put(vm, pool, 1, EXTRA_GFN), HEC_OK);
	expect_good(vm, pool, 1);
	put_good(vm, pool, 2);
	EXPECT_EQ(vm_get(vm, pool, 2, EXTRA_GFN), HEC_EFAULT);
	EXPECT(check_filled(mem, 1));
	expect_good(vm, pool, 2);
}

static void read_only_slot(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(HEC_FEATURE_BATCH, &pool);
	void *mem = anonymous(4 * PAGE);

	check_fill(mem, 1);
	vm_add_slot(vm, EXTRA_GFN, mem, 4 * PAGE, KVM_MEM_READONLY);
	expect_read_only(mem, vm, pool);
	EXPECT_EQ(vm_call(vm, HEC_CMD_BATCH_PUT, pool, EXTRA_GFN, 1),
		  HEC_EFAULT);
	put_good(vm, pool, 2);
	EXPECT_EQ(vm_get(vm, pool, 2, EXTRA_GFN + 4), HEC_EFAULT);
	vm_destroy(vm);
	munmap(mem, 4 * PAGE);
}

static void read_only_memory(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);
	void *mem = anonymous(PAGE);

	check_fill(mem, 1);
	mprotect(mem, PAGE, PROT_READ);
	vm_add_slot(vm, EXTRA_GFN, mem, PAGE, 0);
	expect_read_only(mem, vm, pool);
	vm_destroy(vm);
	munmap(mem, PAGE);
}

static void no_memory_behind_slot(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);
	void *mem = anonymous(PAGE);

	vm_add_slot(vm, EXTRA_GFN, mem, PAGE, 0);
	munmap(mem, PAGE);
	put_good(vm, pool, 1);
	EXPECT_EQ(vm_get(vm, pool, 1, EXTRA_GFN), HEC_EFAULT);
	expect_good(vm, pool, 1);
	EXPECT(hec_abi_is_err(vm_put(vm, pool, 1, EXTRA_GFN)));
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA), HEC_ENOENT);
	vm_destroy(vm);
}

/* A device's registers, as passed through to a VM: the VGA window will do. */
static void device_memory(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);
	int fd = open("/dev/mem", O_RDWR | O_CLOEXEC);
	void *mem;

	if (fd < 0)
		die("/dev/mem");
	mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0xa0000);
	if (mem == MAP_FAILED)
		die("mmap of /dev/mem");
	vm_add_slot(vm, EXTRA_GFN, mem, PAGE, 0);
	put_good(vm, pool, 1);
	EXPECT_EQ(vm_get(vm, pool, 1, EXTRA_GFN), HEC_EFAULT);
	expect_good(vm, pool, 1);
	EXPECT(hec_abi_is_err(vm_put(vm, pool, 1, EXTRA_GFN)));
	EXPECT_EQ(host_stat("pages"), 0);
	vm_destroy(vm);
	munmap(mem, PAGE);
	close(fd);
}

static void not_resident(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);
	uint64_t gfn = VM_DATA + 100;

	put_good(vm, pool, 1);
	EXPECT_EQ(vm_put(vm, pool, 1, gfn), HEC_EAGAIN);
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA), HEC_ENOENT);
	check_fill(vm_page(vm, gfn), 1);
	EXPECT_EQ(vm_put(vm, pool, 1, gfn), HEC_OK);
	madvise(vm_page(vm, gfn), PAGE, MADV_DONTNEED);
	EXPECT_EQ(vm_get(vm, pool, 1, gfn), HEC_OK);
	EXPECT(check_filled(vm_page(vm, gfn), 1));
	vm_destroy(vm);
}

/* Memory in huge pages: each of their small ones is reached by itself. */
static void huge_pages(void)
{
	const size_t huge = 2ul << 20;
	uint64_t pool, i;
	struct vm *vm = check_vm(0, &pool);
	uint8_t *mem = anonymous(2 * huge), *page;

	page = (uint8_t *)(((uintptr_t)mem + huge - 1) & ~(huge - 1));
	madvise(page, huge, MADV_HUGEPAGE);
	vm_add_slot(vm, EXTRA_GFN, page, huge, 0);
	for (i = 0; i < huge / PAGE; i += 37) {
		check_fill(page + i * PAGE, i);
		EXPECT_EQ(vm_put(vm, pool, i, EXTRA_GFN + i), HEC_OK);
		memset(page + i * PAGE, 0, PAGE);
	}
	for (i = 0; i < huge / PAGE; i += 37) {
		EXPECT_EQ(vm_get(vm, pool, i, EXTRA_GFN + i), HEC_OK);
		EXPECT(check_filled(page + i * PAGE, i));
	}
	put_good(vm, pool, 0);
	EXPECT_EQ(vm_get(vm, pool, 0, EXTRA_GFN + huge / PAGE), HEC_EFAULT);
	vm_destroy(vm);
	munmap(mem, 2 * huge);
}

static void slot_removed(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);
	void *mem = anonymous(PAGE);
	unsigned int slot = vm_add_slot(vm, EXTRA_GFN, mem, PAGE, 0);

	check_fill(mem, 1);
	EXPECT_EQ(vm_put(vm, pool, 1, EXTRA_GFN), HEC_OK);
	vm_set_slot(vm, slot, EXTRA_GFN, mem, 0, 0);
	EXPECT_EQ(vm_get(vm, pool, 1, EXTRA_GFN), HEC_EFAULT);
	expect_good(vm, pool, 1);
	vm_destroy(vm);
	munmap(mem, PAGE);
}

/* A page shared with a child since fork: the child's stays as it was. */
static void copy_on_write(void)
{
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);
	uint8_t *page = vm_page(vm, VM_DATA + 1);
	int go[2], status = -1;
	char byte = 0;
	pid_t pid;

	put_good(vm, pool, 1);
	check_fill(page, 2);
	if (pipe(go) || (pid = fork()) < 0)
		die("fork");
	if (!pid) {
		if (read(go[0], &byte, 1) != 1)
			_exit(2);
		_exit(check_filled(page, 2) ? 0 : 1);
	}
	EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA + 1), HEC_OK);
	EXPECT(check_filled(page, 1));
	EXPECT_EQ(write(go[1], &byte, 1), 1);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	close(go[0]);
	close(go[1]);
	vm_destroy(vm);
}

/* What a get writes into a file's page is in the file. */
static void file_memory(void)
{
	char path[] = "/tmp/vmcall.XXXXXX", back[PAGE];
	int fd = mkstemp(path);
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);
	void *mem;

	if (fd < 0 || ftruncate(fd, PAGE))
		die("%s", path);
	mem = map_memory(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	vm_add_slot(vm, EXTRA_GFN, mem, PAGE, 0);
	put_good(vm, pool, 1);
	EXPECT_EQ(vm_get(vm, pool, 1, EXTRA_GFN), HEC_OK);
	EXPECT_EQ(msync(mem, PAGE, MS_SYNC), 0);
	EXPECT_EQ(pread(fd, back, PAGE, 0), PAGE);
	EXPECT(check_filled(back, 1));
	vm_destroy(vm);
	munmap(mem, PAGE);
	close(fd);
	unlink(path);
}

/* What the headers of Linux 6.1 do not have. */
struct own_memory {
	uint64_t size, flags, reserved[6];
};
#define CREATE_OWN_MEMORY _IOWR(KVMIO, 0xd4, struct own_memory)
#define OWN_MEMORY_SHARED 3u /* with MMAP */

struct own_region {
	uint32_t slot, flags;
	uint64_t gpa, size, address, offset;
	uint32_t fd, pad1;
	uint64_t pad2[14];
};
#define SET_OWN_REGION _IOW(KVMIO, 0x49, struct own_region)
#define OWN_REGION 4u

/* A slot whose frame is in a file of KVM's, not where the VMM says; -1: no such. */
static int add_own_slot(struct vm *vm, void *mem)
{
	struct own_memory memory = { .size = PAGE, .flags = OWN_MEMORY_SHARED };
	struct own_region region = { .slot = vm->slots,
				     .flags = OWN_REGION,
				     .gpa = EXTRA_GFN * PAGE,
				     .size = PAGE,
				     .address = (uintptr_t)mem };
	int fd = ioctl(vm->fd, CREATE_OWN_MEMORY, &memory);

	if (fd < 0)
		return -1;
	region.fd = fd;
	if (ioctl(vm->fd, SET_OWN_REGION, &region))
		die("KVM_SET_USER_MEMORY_REGION2");
	return fd;
}

/* The process does not see it: what it sees in its place is not the guest's. */
static void memory_of_kvms_own(void)
{
	void *mem = anonymous(PAGE);
	uint64_t pool;
	struct vm *vm = check_vm(0, &pool);
	int fd = add_own_slot(vm, mem);

	check_fill(mem, 7);
	put_good(vm, pool, 1);
	if (fd < 0) {
		printf("# this KVM has no guest_memfd for a VM like these\n");
	} else {
		EXPECT_EQ(vm_get(vm, pool, 1, EXTRA_GFN), HEC_EFAULT);
		EXPECT(check_filled(mem, 7));
		expect_good(vm, pool, 1);
		put_good(vm, pool, 1);
		EXPECT_EQ(vm_put(vm, pool, 1, EXTRA_GFN), HEC_EFAULT);
		EXPECT_EQ(vm_get(vm, pool, 1, VM_DATA), HEC_ENOENT);
		close(fd);
	}
	vm_destroy(vm);
	munmap(mem, PAGE);
}

const struct check fault_checks[] = {
	{ "memory_of_kvms_own", memory_of_kvms_own },
	{ "frames_that_are_none", frames_that_are_none },
	{ "read_only_slot", read_only_slot },
	{ "read_only_memory", read_only_memory },
	{ "no_memory_behind_slot", no_memory_behind_slot },
	{ "device_memory", device_memory },
	{ "not_resident", not_resident },
	{ "huge_pages", huge_pages },
	{ "slot_removed", slot_removed },
	{ "copy_on_write", copy_on_write },
	{ "file_memory", file_memory },
	{},
};
