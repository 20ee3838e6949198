// SPDX-License-Identifier: GPL-2.0-only
/* The guest's program that makes the calls of a table, and a thread for each CPU. */
#include <linux/kvm.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "flood.h"

#define TABLE_PAGES \
	((FLOOD_CALLS * sizeof(struct flood_call) + PAGE - 1) / PAGE)

_Static_assert(FLOOD_GFN + VM_VCPUS * TABLE_PAGES <= VM_RAM_PAGES,
	       "the tables are in the guest's memory");

struct flood {
	struct vm *vm;
	unsigned int vcpu, nr;
	pthread_t thread;
};

static uint64_t table_address(unsigned int vcpu)
{
	return (FLOOD_GFN + vcpu * TABLE_PAGES) * PAGE;
}

struct flood_call *flood_table(struct vm *vm, unsigned int vcpu)
{
	return vm_page(vm, FLOOD_GFN + vcpu * TABLE_PAGES);
}

/* rdi goes through the table, r12 counts down. */
extern const uint8_t program[], program_end[];

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

__asm__(".pushsection .rodata\n"
	"program:\n"
	"1:	mov (%rdi), %rax\n"
	"	mov 8(%rdi), %rbx\n"
	"	mov 16(%rdi), %rcx\n"
	"	mov 24(%rdi), %rdx\n"
	"	mov 32(%rdi), %rsi\n"
	"	vmmcall\n" /* or vmcall: vm.c */
	"	mov %rax, 40(%rdi)\n"
	"	add $48, %rdi\n"
	"	dec %r12\n"
	"	jnz 1b\n"
	"	out %al, $" TEXT(VM_DOORBELL) "\n"
					      "program_end:\n"
					      ".popsection\n");

static void *run(void *arg)
{
	const struct flood *flood = arg;
	struct vcpu *vcpu = &flood->vm->vcpu[flood->vcpu];
	struct kvm_regs *regs = &vcpu->run->s.regs.regs;
	uint64_t end = table_address(flood->vcpu) +
		       flood->nr * sizeof(struct flood_call);

	regs->rdi = table_address(flood->vcpu);
	regs->r12 = flood->nr;
	vcpu_run_program(vcpu, flood->nr);
	EXPECT_EQ(regs->r12, 0);
	EXPECT_EQ(regs->rdi, end);
	return NULL;
}

void flood_run(struct vm *vm, unsigned int nr)
{
	struct flood floods[VM_VCPUS];
	unsigned int i;

	vm_set_program(vm, program, program_end - program);
	for (i = 0; i < VM_VCPUS; i++) {
		floods[i] = (struct flood){ .vm = vm, .vcpu = i, .nr = nr };
		if (pthread_create(&floods[i].thread, NULL, run, &floods[i]))
			die("pthread_create");
	}
	for (i = 0; i < VM_VCPUS; i++)
		pthread_join(floods[i].thread, NULL);
}
