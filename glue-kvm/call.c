// SPDX-License-Identifier: GPL-2.0-only
/*
 * One hypercall: who may call, arguments out of registers, the result into rax.
 *
 * The original runs first.  It does what KVM does for every hypercall (tracing,
 * statistics, stepping over the instruction, the interfaces of Xen and Hyper-V)
 * and leaves -KVM_ENOSYS, as a full 64-bit word, exactly if the caller was in
 * 64-bit mode and at CPL 0 and spoke KVM's own interface.  Only then does the
 * cache answer instead; everybody else keeps the answer of a host without it.
 */
#include <linux/kvm_para.h>
#include <linux/percpu.h>

#include "call.h"
#include "clients.h"
#include "events.h"
#include "keep.h"
#include "layout.h"
#include "memory.h"
#include "symbols.h"
#include "vm.h"

#define NR_ERRORS (-HEC_EIO + 1)

struct call_counts {
	u64 calls;
	u64 errors[NR_ERRORS]; /* by -error */
};

static DEFINE_PER_CPU(struct call_counts, call_counts);

static void count(uint64_t result)
{
	uint64_t error = 0 - result;

	this_cpu_inc(call_counts.calls);
	if (hec_abi_is_err(result) && error < NR_ERRORS)
		this_cpu_inc(call_counts.errors[error]);
}

/*
 * A guest whose registers or memory the host cannot read would be handed
 * garbage.  A nested guest's frame numbers are not this VM's, and the firmware's
 * management mode has memory of its own.
 */
static bool may_call(const struct kvm_vcpu *vcpu)
{
	return !vcpu->arch.guest_state_protected &&
	       !(vcpu->arch.hflags & (HF_GUEST_MASK | HF_SMM_MASK));
}

/* A VM was found reverted: told once a second at most, for it can be pretended. */
static void tell_rollbacks(struct hec_kvm_vm *vm)
{
	struct hec_stats stats;

	hec_client_stats(hec_kvm_cache, vm->client, &stats);
	if (stats.rollbacks == vm->rollbacks ||
	    (vm->rollbacks && time_before(jiffies, vm->told + HZ)))
		return;
	vm->rollbacks = stats.rollbacks;
	vm->told = jiffies;
	hec_kvm_event(HECACHE_EVENT_REVERTED, &vm->who, stats.rollbacks);
}

/* What the host does beside: for calls that are rare, or that failed. */
static void after_call(struct hec_kvm_vm *vm, uint64_t command, uint64_t result)
{
	bool pools = command == HEC_CMD_HELLO || command == HEC_CMD_POOL_NEW ||
		     command == HEC_CMD_POOL_END;

	if (!pools && result != (uint64_t)HEC_ESTALE)
		return;
	mutex_lock(&vm->control);
	if (pools)
		hec_kvm_keep_update(vm);
	else
		tell_rollbacks(vm);
	mutex_unlock(&vm->control);
}

int hec_env_guest_admit(void *vcpu, struct hec_client **client)
{
	struct hec_kvm_call *call = vcpu;
	int err = hec_kvm_clients_admit(call->vcpu->kvm, &call->vm);

	if (!err)
		*client = call->vm->client;
	return err;
}

static uint64_t do_call(struct kvm_vcpu *vcpu, struct hec_kvm_vm *vm,
			const uint64_t arg[4])
{
	struct hec_kvm_call call = { .vcpu = vcpu, .vm = vm };
	struct hec_client *client = vm ? vm->client : NULL;
	uint64_t result = hec_guest_call(hec_kvm_cache, client, &call, arg);

	if (call.vm)
		after_call(call.vm, arg[0] & HEC_ABI_CMD_MASK, result);
	return result;
}

int hec_kvm_call_emulate(struct kvm_vcpu *vcpu)
{
	unsigned long *regs = vcpu->arch.regs;
	const uint64_t arg[4] = { regs[VCPU_REGS_RBX], regs[VCPU_REGS_RCX],
				  regs[VCPU_REGS_RDX], regs[VCPU_REGS_RSI] };
	int ret = hec_kvm_symbols_emulate(vcpu);
	struct hec_kvm_vm *vm;

	if (regs[VCPU_REGS_RAX] != -KVM_ENOSYS || !may_call(vcpu))
		return ret;
	vm = hec_kvm_vm_find(vcpu->kvm);
	if (!vm && !hec_kvm_layout_fits(vcpu))
		return ret;
	regs[VCPU_REGS_RAX] = do_call(vcpu, vm, arg);
	count(regs[VCPU_REGS_RAX]);
	return ret;
}

u64 hec_kvm_calls(enum hec_err error)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct call_counts *counts =
			per_cpu_ptr(&call_counts, cpu);

		sum += error ? counts->errors[-error] : counts->calls;
	}
	return sum;
}
