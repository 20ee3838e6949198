// SPDX-License-Identifier: GPL-2.0-only
/* The monitor: virtual machines, their registers and their memory. */
#define _GNU_SOURCE
#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm.h"

/*
 * Nothing is in frame 0.  A get that is overtaken leaves zeroes, and those are a batch
 * of gets into that frame.
 */
#define PML4 0x1000ul
#define PDPT 0x2000ul
#define PD 0x3000ul
#define CODE 0x4000ul
#define PROGRAM 0x4100ul /* the guest's other program, in the loop's page */

#define CR0_PE 1ul
#define CR0_PG (1ul << 31)
#define CR4_PAE (1ul << 5)
#define EFER_LME (1ul << 8)
#define EFER_LMA (1ul << 10)
#define RFLAGS_IOPL3 0x3000ul
#define RFLAGS_FIXED 0x2ul
#define PTE_RWU 0x7ul
#define PTE_LARGE 0x80ul

static uint64_t calls_made;

void die(const char *format, ...)
{
	int err = errno;
	va_list ap;

	va_start(ap, format);
	fprintf(stderr, "vmcall: ");
	vfprintf(stderr, format, ap);
	fprintf(stderr, " (%s)\n", strerror(err));
	va_end(ap);
	exit(2);
}

static int do_ioctl(int fd, unsigned long request, unsigned long arg,
		    const char *what)
{
	int ret = ioctl(fd, request, arg);

	if (ret < 0)
		die("%s", what);
	return ret;
}

#define IOCTL(fd, request, arg) \
	do_ioctl(fd, request, (unsigned long)(arg), #request)

static int kvm_fd(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("/dev/kvm: are kvm and kvm-amd or kvm-intel loaded?");
	return fd;
}

static bool host_is_intel(void)
{
	unsigned int a, b, c, d;

	return __get_cpuid(0, &a, &b, &c, &d) && b == 0x756e6547; /* "Genu" */
}

/* Copies a program, with this host's instruction for a hypercall. */
static void write_code(uint8_t *to, const uint8_t *code, size_t len)
{
	static const uint8_t hypercall[] = { VM_HYPERCALL_CODE };
	uint8_t *at;

	memcpy(to, code, len);
	at = memmem(to, len, hypercall, sizeof(hypercall));
	if (host_is_intel())
		at[2] = 0xc1;
}

/* 1: vmmcall; out %al, $DOORBELL; jmp 1b */
static void write_loop(uint8_t *ram)
{
	static const uint8_t code[] = { VM_HYPERCALL_CODE, VM_DOORBELL_CODE,
					0xeb, 0xf9 };

	write_code(ram + CODE, code, sizeof(code));
}

void vm_set_program(struct vm *vm, const uint8_t *code, size_t len)
{
	write_code(vm->ram + PROGRAM, code, len);
}

/* The first GiB, as it is, for everybody. */
static void write_tables(uint8_t *ram)
{
	uint64_t *pd = (uint64_t *)(ram + PD);
	unsigned int i;

	*(uint64_t *)(ram + PML4) = PDPT | PTE_RWU;
	*(uint64_t *)(ram + PDPT) = PD | PTE_RWU;
	for (i = 0; i < 512; i++)
		pd[i] = (uint64_t)i << 21 | PTE_LARGE | PTE_RWU;
}

static void set_segments(struct kvm_sregs *sregs, enum vm_mode mode)
{
	uint8_t dpl = mode == VM_USER ? 3 : 0;
	struct kvm_segment data = {
		.limit = 0xffffffff,
		.selector = 0x10 | dpl,
		.type = 3,
		.present = 1,
		.dpl = dpl,
		.db = 1,
		.s = 1,
		.g = 1,
	};
	struct kvm_segment code = data;

	code.selector = 0x8 | dpl;
	code.type = 11;
	code.l = mode != VM_32BIT;
	code.db = mode == VM_32BIT;
	sregs->cs = code;
	sregs->ds = sregs->es = sregs->fs = sregs->gs = sregs->ss = data;
}

static void vcpu_set_mode(struct vcpu *vcpu, enum vm_mode mode)
{
	struct kvm_regs regs = {
		.rip = CODE,
		.rflags = RFLAGS_FIXED | (mode == VM_USER ? RFLAGS_IOPL3 : 0),
	};
	struct kvm_sregs sregs;

	IOCTL(vcpu->fd, KVM_GET_SREGS, &sregs);
	set_segments(&sregs, mode);
	if (mode == VM_32BIT) {
		sregs.cr0 = CR0_PE;
		sregs.cr4 = 0;
		sregs.efer = 0;
	} else {
		sregs.cr0 = CR0_PE | CR0_PG;
		sregs.cr3 = PML4;
		sregs.cr4 = CR4_PAE;
		sregs.efer = EFER_LME | EFER_LMA;
	}
	IOCTL(vcpu->fd, KVM_SET_SREGS, &sregs);
	vcpu->run->kvm_valid_regs = KVM_SYNC_X86_REGS;
	vcpu->run->s.regs.regs = regs;
}

#define CPUID_ENTRIES 256u

/* All that KVM offers: newer ones let a processor be no more than it says it is. */
static void set_cpuid(struct vcpu *vcpu)
{
	struct kvm_cpuid2 *cpuid = calloc(
		1, sizeof(*cpuid) + CPUID_ENTRIES * sizeof(*cpuid->entries));

	if (!cpuid)
		die("out of memory");
	cpuid->nent = CPUID_ENTRIES;
	IOCTL(kvm_fd(), KVM_GET_SUPPORTED_CPUID, cpuid);
	IOCTL(vcpu->fd, KVM_SET_CPUID2, cpuid);
	free(cpuid);
}

static void vcpu_create(struct vm *vm, unsigned int id)
{
	struct vcpu *vcpu = &vm->vcpu[id];

	vcpu->fd = IOCTL(vm->fd, KVM_CREATE_VCPU, id);
	vcpu->run_len = IOCTL(kvm_fd(), KVM_GET_VCPU_MMAP_SIZE, 0);
	vcpu->run = mmap(NULL, vcpu->run_len, PROT_READ | PROT_WRITE,
			 MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		die("mmap of a virtual CPU");
	set_cpuid(vcpu);
	vcpu_set_mode(vcpu, VM_KERNEL);
}

void vm_set_slot(struct vm *vm, unsigned int slot, uint64_t gfn, void *mem,
		 size_t len, uint32_t flags)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = gfn * PAGE,
		.memory_size = len,
		.userspace_addr = (uintptr_t)mem,
	};

	IOCTL(vm->fd, KVM_SET_USER_MEMORY_REGION, &region);
}

unsigned int vm_add_slot(struct vm *vm, uint64_t gfn, void *mem, size_t len,
			 uint32_t flags)
{
	vm_set_slot(vm, vm->slots, gfn, mem, len, flags);
	return vm->slots++;
}

struct vm *vm_create_bare(void)
{
	struct vm *vm = calloc(1, sizeof(*vm));

	if (!vm)
		die("out of memory");
	vm->fd = IOCTL(kvm_fd(), KVM_CREATE_VM, 0);
	vm->ram = mmap(NULL, VM_RAM_PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (vm->ram == MAP_FAILED)
		die("mmap of a VM's memory");
	/* Or a page that nobody touched comes along with its neighbours. */
	madvise(vm->ram, VM_RAM_PAGES * PAGE, MADV_NOHUGEPAGE);
	write_loop(vm->ram);
	write_tables(vm->ram);
	vm_add_slot(vm, 0, vm->ram, VM_RAM_PAGES * PAGE, 0);
	return vm;
}

void vm_start(struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < VM_VCPUS; i++)
		vcpu_create(vm, i);
}

struct vm *vm_create(void)
{
	struct vm *vm = vm_create_bare();

	vm_start(vm);
	return vm;
}

void vm_destroy(struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < VM_VCPUS; i++) {
		munmap(vm->vcpu[i].run, vm->vcpu[i].run_len);
		close(vm->vcpu[i].fd);
	}
	close(vm->fd);
	munmap(vm->ram, VM_RAM_PAGES * PAGE);
	free(vm);
}

void vm_set_mode(struct vm *vm, enum vm_mode mode)
{
	unsigned int i;

	for (i = 0; i < VM_VCPUS; i++)
		vcpu_set_mode(&vm->vcpu[i], mode);
}

void *vm_page(struct vm *vm, uint64_t gfn)
{
	return vm->ram + gfn * PAGE;
}

static void vcpu_run(struct vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	int ret;

	do {
		ret = ioctl(vcpu->fd, KVM_RUN, 0);
	} while (ret < 0 && errno == EINTR);
	if (ret < 0)
		die("KVM_RUN");
	if (run->exit_reason != KVM_EXIT_IO || run->io.port != VM_DOORBELL)
		die("the guest stopped with exit reason %u", run->exit_reason);
}

uint64_t vcpu_hypercall(struct vcpu *vcpu, uint64_t nr, const uint64_t arg[4])
{
	struct kvm_regs *regs = &vcpu->run->s.regs.regs;
	struct kvm_regs before;

	regs->rax = nr;
	regs->rbx = arg[0];
	regs->rcx = arg[1];
	regs->rdx = arg[2];
	regs->rsi = arg[3];
	before = *regs;
	vcpu->run->kvm_dirty_regs = KVM_SYNC_X86_REGS;
	vcpu_run(vcpu);
	__atomic_add_fetch(&calls_made, 1, __ATOMIC_RELAXED);
	before.rax = regs->rax;
	before.rip = regs->rip;
	before.rflags = regs->rflags;
	if (memcmp(&before, regs, sizeof(before)))
		die("a hypercall changed registers other than rax");
	return regs->rax;
}

void vcpu_run_program(struct vcpu *vcpu, uint64_t calls)
{
	struct kvm_regs *regs = &vcpu->run->s.regs.regs;

	regs->rip = PROGRAM;
	vcpu->run->kvm_dirty_regs = KVM_SYNC_X86_REGS;
	vcpu_run(vcpu);
	__atomic_add_fetch(&calls_made, calls, __ATOMIC_RELAXED);
	regs->rip = CODE;
}

uint64_t vm_call(struct vm *vm, uint64_t a0, uint64_t a1, uint64_t a2,
		 uint64_t a3)
{
	const uint64_t arg[4] = { a0, a1, a2, a3 };

	return vcpu_hypercall(&vm->vcpu[0], HEC_KVM_HYPERCALL, arg);
}

uint64_t vm_calls_made(void)
{
	return __atomic_load_n(&calls_made, __ATOMIC_RELAXED);
}
