// SPDX-License-Identifier: GPL-2.0-only
/*
 * off.ko: marks each call of the guest's functions that have interrupts off, so that
 * count.c sees what they execute.  A parameter for each says of how many pages the
 * largest one was.
 *
 * What the probes themselves execute between the two marks is counted with it, and so
 * is that of a function that does nothing: the report takes it off.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "mark.h"

#define MARK(number) asm volatile("nopl %c0(%%rax)" : : "i"(number) : "memory")

static unsigned int evicted_pages;
module_param(evicted_pages, uint, 0444);
MODULE_PARM_DESC(evicted_pages,
		 "of the largest folio that left the page cache");

static unsigned int dirtied_pages;
module_param(dirtied_pages, uint, 0444);
MODULE_PARM_DESC(dirtied_pages, "of the largest folio that became dirty");

static void of_folio(unsigned int *most, unsigned long folio)
{
	unsigned int pages = folio_nr_pages((struct folio *)folio);

	if (pages > READ_ONCE(*most))
		WRITE_ONCE(*most, pages);
}

/*
 * What may have interrupts on at times is marked only where they are off.  What has
 * them off at times is called with them on; it has them off altogether here, so that no
 * interrupt is counted with it.
 */
#define OFF(pages)                               \
	do {                                     \
		if (regs->flags & X86_EFLAGS_IF) \
			return 1;                \
		pages;                           \
	} while (0)
#define TURN_OFF (regs->flags &= ~X86_EFLAGS_IF)
#define TURN_ON (regs->flags |= X86_EFLAGS_IF)

#define PROBE(name, mark, before, after)                          \
	static int name##_begins(struct kretprobe_instance *call, \
				 struct pt_regs *regs)            \
	{                                                         \
		before;                                           \
		MARK(HEC_MARK_OFF_BEGIN);                         \
		return 0;                                         \
	}                                                         \
	static int name##_ends(struct kretprobe_instance *call,   \
			       struct pt_regs *regs)              \
	{                                                         \
		MARK(mark);                                       \
		after;                                            \
		return 0;                                         \
	}                                                         \
	static struct kretprobe name##_probe = {                  \
		.entry_handler = name##_begins,                   \
		.handler = name##_ends,                           \
	}

PROBE(nothing, HEC_MARK_OFF_NOTHING, TURN_OFF, TURN_ON);
PROBE(evicted, HEC_MARK_OFF_EVICTED, OFF(of_folio(&evicted_pages, regs->si)), );
PROBE(dirtied, HEC_MARK_OFF_DIRTIED, OFF(of_folio(&dirtied_pages, regs->si)), );
PROBE(ended, HEC_MARK_OFF_ENDED, OFF(), );
PROBE(put_begun, HEC_MARK_OFF_PUT_BEGUN, TURN_OFF, TURN_ON);
PROBE(put_ended, HEC_MARK_OFF_PUT_ENDED, TURN_OFF, TURN_ON);

static noinline void does_nothing(void)
{
	barrier();
}

static struct kretprobe *probes[] = {
	&nothing_probe, &evicted_probe,	  &dirtied_probe,
	&ended_probe,	&put_begun_probe, &put_ended_probe,
};

static int __init off_init(void)
{
	int i, error;

	nothing_probe.kp.addr = (void *)does_nothing;
	evicted_probe.kp.symbol_name = "hecache:probe_delete";
	dirtied_probe.kp.symbol_name = "hecache:probe_dirty";
	ended_probe.kp.symbol_name = "hecache:hec_end_io";
	put_begun_probe.kp.symbol_name = "hecache:hec_blocks_put_begin";
	put_ended_probe.kp.symbol_name = "hecache:hec_blocks_put_end";
	error = register_kretprobes(probes, ARRAY_SIZE(probes));
	for (i = 0; !error && i < 16; i++)
		does_nothing();
	return error;
}

static void __exit off_exit(void)
{
	unregister_kretprobes(probes, ARRAY_SIZE(probes));
}

module_init(off_init);
module_exit(off_exit);

MODULE_DESCRIPTION("Marks what has interrupts off, for bench-vm");
MODULE_LICENSE("GPL");
