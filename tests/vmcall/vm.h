/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A virtual machine monitor of the smallest kind, on the KVM uapi: its guests
 * are a loop around the hypercall instruction, so that the test program chooses
 * the registers of each call and sees what comes back, with no kernel between.
 *
 *     guest frames
 *     1 ...          page tables and the loop
 *     VM_DATA ...    RAM that calls may use, up to VM_RAM_PAGES
 *     from there on  nothing, but for slots that a check adds
 */
#ifndef VMCALL_VM_H
#define VMCALL_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <hecache/abi.h>

#define PAGE 4096ul

#define VM_RAM_PAGES 2048u
#define VM_DATA 16u
#define VM_VCPUS 2

#define VM_ABSENT ((uint64_t)-1000) /* what KVM itself answers */
#define VM_EPERM ((uint64_t)-1) /* KVM's own, too */

/* How a virtual CPU runs the loop. */
enum vm_mode {
	VM_KERNEL, /* 64-bit, CPL 0 */
	VM_USER, /* 64-bit, CPL 3 */
	VM_32BIT, /* protected mode, CPL 0 */
};

struct kvm_run;

struct vcpu {
	int fd;
	struct kvm_run *run;
	size_t run_len;
};

struct vm {
	int fd;
	uint8_t *ram;
	struct vcpu vcpu[VM_VCPUS];
	unsigned int slots;
};

/* All of these end the program, with a message, where the host fails them. */
struct vm *vm_create(void);
struct vm *vm_create_bare(void); /* no virtual CPUs yet */
void vm_start(struct vm *vm); /* makes them */
void vm_destroy(struct vm *vm);
void vm_set_mode(struct vm *vm, enum vm_mode mode);

/* Adds a slot of the VMM's memory at frame @gfn; its number. */
unsigned int vm_add_slot(struct vm *vm, uint64_t gfn, void *mem, size_t len,
			 uint32_t flags);
void vm_set_slot(struct vm *vm, unsigned int slot, uint64_t gfn, void *mem,
		 size_t len, uint32_t flags);

/* Where a frame of RAM is in this process. */
void *vm_page(struct vm *vm, uint64_t gfn);

/* A hypercall with these registers (nr, and arg in rbx rcx rdx rsi): its rax. */
uint64_t vcpu_hypercall(struct vcpu *vcpu, uint64_t nr, const uint64_t arg[4]);

/*
 * Another program for the guest's CPUs, of less than half a page, in which these two
 * may be; it ends with the second.  One that has run makes @calls hypercalls.
 */
#define VM_HYPERCALL_CODE 0x0f, 0x01, 0xd9
#define VM_DOORBELL 0x10 /* the I/O port that ends a program */
#define VM_DOORBELL_CODE 0xe6, VM_DOORBELL
void vm_set_program(struct vm *vm, const uint8_t *code, size_t len);
void vcpu_run_program(struct vcpu *vcpu, uint64_t calls);

/* A call of the cache's, on virtual CPU 0. */
uint64_t vm_call(struct vm *vm, uint64_t a0, uint64_t a1, uint64_t a2,
		 uint64_t a3);

/* Hypercalls made by all VMs so far. */
uint64_t vm_calls_made(void);

/* Prints and exits: the host, not the thing under test, is broken. */
void die(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

static inline uint64_t vm_hello(struct vm *vm, uint64_t features)
{
	return vm_call(vm, HEC_CMD_HELLO, HEC_ABI_VERSION, features, 0);
}

static inline uint64_t vm_pool(struct vm *vm)
{
	return vm_call(vm, HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0);
}

static inline uint64_t vm_put(struct vm *vm, uint64_t pool, uint64_t index,
			      uint64_t gfn)
{
	return vm_call(vm, HEC_CMD_PUT, pool, index, gfn);
}

static inline uint64_t vm_get(struct vm *vm, uint64_t pool, uint64_t index,
			      uint64_t gfn)
{
	return vm_call(vm, HEC_CMD_GET, pool, index, gfn);
}

#endif
