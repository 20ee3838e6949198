// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook: KVM's hypercalls of our number come to us.
 *
 *     kvm_emulate_hypercall:  call fentry --> hook_redirect()
 *                                               other numbers: go on as ever
 *                                               ours: ip = hook_call()
 *     hook_call():  hec_kvm_call_emulate(), which calls the original; then
 *                   hook_redirect() sees the caller in this module, lets it go
 *
 * ftrace with IPMODIFY is what live patching uses: no patch to KVM, no missed
 * call, and the kernel refuses a second one who wants the same function.  As there,
 * it is permanent: kernel.ftrace_enabled cannot be set to 0 meanwhile.  Guests would
 * be told that there is no cache, while their pages were still in it.
 * hook_redirect() calls nothing that could be traced, so it needs none of the
 * protection against recursion that ftrace offers, and the missed calls that
 * come with it.
 *
 * GOING.  A task that was redirected may be preempted before the first
 * instruction of hook_call(), may sleep in it for as long as a guest's page
 * takes to come, and may be preempted again behind its last.  Hence three waits:
 * for all tasks to have scheduled by their own will once (they are in, then, or
 * were never redirected), for those in to come out, for these to have left.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/srcu.h>

#include "call.h"
#include "hook.h"
#include "symbols.h"

/* Held by each call for as long as it lasts. */
DEFINE_STATIC_SRCU(hook_calls);

static int hook_call(struct kvm_vcpu *vcpu)
{
	int idx = srcu_read_lock(&hook_calls);
	int ret = hec_kvm_call_emulate(vcpu);

	srcu_read_unlock(&hook_calls, idx);
	return ret;
}

static void notrace hook_redirect(unsigned long ip, unsigned long parent_ip,
				  struct ftrace_ops *ops,
				  struct ftrace_regs *fregs)
{
	struct pt_regs *regs = ftrace_get_regs(fregs);
	struct kvm_vcpu *vcpu = (struct kvm_vcpu *)regs->di;

	if (vcpu->arch.regs[VCPU_REGS_RAX] == HEC_KVM_HYPERCALL &&
	    !within_module(parent_ip, THIS_MODULE))
		regs->ip = (unsigned long)hook_call;
}

static struct ftrace_ops hook_ops = {
	.func = hook_redirect,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY |
		 FTRACE_OPS_FL_PERMANENT,
};

int hec_kvm_hook_init(void)
{
	int err;

	err = ftrace_set_filter_ip(&hook_ops, hec_kvm_symbols_hypercall(), 0,
				   0);
	if (!err)
		err = register_ftrace_function(&hook_ops);
	if (err) {
		pr_err("cannot hook kvm_emulate_hypercall: %d%s\n", err,
		       err == -EBUSY
			       ? " (a live patch or another module has, or "
				 "kernel.ftrace_enabled is 0)"
			       : "");
		ftrace_free_filter(&hook_ops);
	}
	return err;
}

void hec_kvm_hook_fini(void)
{
	unregister_ftrace_function(&hook_ops);
	synchronize_rcu_tasks();
	synchronize_srcu(&hook_calls);
	synchronize_rcu_tasks();
	ftrace_free_filter(&hook_ops);
}
