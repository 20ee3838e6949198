// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hooks kvm_emulate_hypercall as hecache-kvm.ko does, and as a live patch would:
 * the kernel lets nobody else do that meanwhile.
 */
#include <linux/ftrace.h>
#include <linux/module.h>

static void notrace pass_on(unsigned long ip, unsigned long parent_ip,
			    struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
}

static struct ftrace_ops ops = {
	.func = pass_on,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY,
};

static int __init taken_init(void)
{
	static unsigned char name[] = "kvm_emulate_hypercall";
	int err = ftrace_set_filter(&ops, name, sizeof(name) - 1, 1);

	return err ? err : register_ftrace_function(&ops);
}

static void __exit taken_exit(void)
{
	unregister_ftrace_function(&ops);
	ftrace_free_filter(&ops);
}

module_init(taken_init);
module_exit(taken_exit);

MODULE_DESCRIPTION("Has the hook that hecache-kvm wants");
MODULE_LICENSE("GPL");
