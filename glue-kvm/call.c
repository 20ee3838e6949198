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
#include <linux/seq_file.h>

#include "glue.h"

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

int hec_env_guest_admit(void *vcpu, struct hec_client **client)
{
	struct hec_kvm_call *call = vcpu;

	*client = hec_kvm_client_get(call->vcpu->kvm);
	return *client ? HEC_OK : HEC_ENOMEM;
}

static uint64_t do_call(struct kvm_vcpu *vcpu, const uint64_t arg[4])
{
	struct hec_kvm_call call = { .vcpu = vcpu };
	struct hec_client *client = hec_kvm_client_find(vcpu->kvm);

	return hec_guest_call(hec_kvm_cache, client, &call, arg);
}

int hec_kvm_call_emulate(struct kvm_vcpu *vcpu)
{
	unsigned long *regs = vcpu->arch.regs;
	const uint64_t arg[4] = { regs[VCPU_REGS_RBX], regs[VCPU_REGS_RCX],
				  regs[VCPU_REGS_RDX], regs[VCPU_REGS_RSI] };
	int ret = kvm_emulate_hypercall(vcpu);

	if (regs[VCPU_REGS_RAX] == -KVM_ENOSYS && may_call(vcpu)) {
		regs[VCPU_REGS_RAX] = do_call(vcpu, arg);
		count(regs[VCPU_REGS_RAX]);
	}
	return ret;
}

void hec_kvm_call_show(struct seq_file *m)
{
	static const char *const name[NR_ERRORS] = {
		[-HEC_ENOENT] = "enoent", [-HEC_ENOSPC] = "enospc",
		[-HEC_EAGAIN] = "eagain", [-HEC_ESTALE] = "estale",
		[-HEC_EINVAL] = "einval", [-HEC_EFAULT] = "efault",
		[-HEC_ENOSYS] = "enosys", [-HEC_EVERSION] = "eversion",
		[-HEC_EPERM] = "eperm",	  [-HEC_ENOMEM] = "enomem",
		[-HEC_EIO] = "eio",
	};
	struct call_counts sum = {};
	int cpu, i;

	for_each_possible_cpu(cpu) {
		const struct call_counts *counts =
			per_cpu_ptr(&call_counts, cpu);

		sum.calls += counts->calls;
		for (i = 0; i < NR_ERRORS; i++)
			sum.errors[i] += counts->errors[i];
	}
	seq_printf(m, "calls %llu\n", sum.calls);
	for (i = 0; i < NR_ERRORS; i++)
		if (name[i])
			seq_printf(m, "error_%s %llu\n", name[i],
				   sum.errors[i]);
}
