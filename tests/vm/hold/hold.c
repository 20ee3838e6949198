// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stops a processor where it enters a function, so that a test can do something
 * else at that very moment.
 *
 *     echo FUNCTION >/sys/module/hold/parameters/at
 *
 * stops the first processor that enters it from then on; `held` is 1 when one
 * has, and `noio` whether it may not do I/O for memory.  It goes on when `at` is written again, and nothing is stopped if that
 * is empty.  It waits with preemption off, and with interrupts as they are, so
 * there must be another processor.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

enum {
	FREE,
	ARMED,
	HELD
};

static atomic_t state = ATOMIC_INIT(FREE);
static char at[64];
static struct kprobe probe;
static bool noio; /* of who was held last */

static int stop(struct kprobe *p, struct pt_regs *regs)
{
	if (atomic_cmpxchg(&state, ARMED, HELD) != ARMED)
		return 0;
	noio = current->flags & PF_MEMALLOC_NOIO;
	while (atomic_read(&state) == HELD)
		cpu_relax();
	return 0;
}

static void let_go(void)
{
	atomic_set(&state, FREE);
	if (at[0])
		unregister_kprobe(&probe);
	at[0] = '\0';
}

static int hold(void)
{
	int error;

	memset(&probe, 0, sizeof(probe));
	probe.symbol_name = at;
	probe.pre_handler = stop;
	error = register_kprobe(&probe);
	if (error)
		at[0] = '\0';
	else
		atomic_set(&state, ARMED);
	return error;
}

/* The parameters' lock is held. */
static int at_set(const char *value, const struct kernel_param *parameter)
{
	let_go();
	strscpy(at, value, sizeof(at));
	strim(at);
	return at[0] ? hold() : 0;
}

static int held_get(char *buffer, const struct kernel_param *parameter)
{
	return sysfs_emit(buffer, "%d\n", atomic_read(&state) == HELD);
}

static const struct kernel_param_ops at_ops = { .set = at_set };
static const struct kernel_param_ops held_ops = { .get = held_get };

module_param_cb(at, &at_ops, NULL, 0200);
module_param_cb(held, &held_ops, NULL, 0400);
module_param(noio, bool, 0400);

static int __init hold_init(void)
{
	return 0;
}

static void __exit hold_exit(void)
{
	let_go();
}

module_init(hold_init);
module_exit(hold_exit);

MODULE_DESCRIPTION("Stops a processor inside a function");
MODULE_LICENSE("GPL");
