// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ends of bios that have much to do, in a softirq.
 *
 * A disk's driver tells of a bio's end in a hard interrupt, as a rule.  To seal the
 * pages of a long read there would keep all other interrupts of that processor waiting.
 * So the end breaks off, and a tasklet of the processor's calls the bio's function once
 * more, with interrupts on.  It takes one bio a run, so that other softirqs have their
 * turn in between.
 *
 * The device mapper knows of ends that break off (DM_ENDIO_INCOMPLETE), and waits for
 * such bios before a table goes.
 */
#include "later.h"

#include <linux/interrupt.h>
#include <linux/preempt.h>

/* What a processor has left for later. */
struct rest {
	struct tasklet_struct tasklet;
	spinlock_t lock;
	struct bio_list bios; /* [lock] */
};

static DEFINE_PER_CPU(struct rest, rests);

/* The next bio; *@more if there are others. */
static struct bio *pop(struct rest *rest, bool *more)
{
	unsigned long flags;
	struct bio *bio;

	spin_lock_irqsave(&rest->lock, flags);
	bio = bio_list_pop(&rest->bios);
	*more = !bio_list_empty(&rest->bios);
	spin_unlock_irqrestore(&rest->lock, flags);
	return bio;
}

static void go_on(struct tasklet_struct *tasklet)
{
	struct rest *rest = container_of(tasklet, struct rest, tasklet);
	bool more;
	struct bio *bio = pop(rest, &more);

	if (more)
		tasklet_schedule(tasklet);
	if (bio)
		bio->bi_end_io(bio);
}

/*
 * Called in the bio's bi_end_io.  True if that will be called once more, with
 * interrupts on: then it must leave the bio alone.
 */
bool hec_later(struct bio *bio)
{
	struct rest *rest;

	if (!irqs_disabled())
		return false;
	rest = this_cpu_ptr(&rests);
	spin_lock(&rest->lock);
	bio_list_add(&rest->bios, bio);
	spin_unlock(&rest->lock);
	tasklet_schedule(&rest->tasklet);
	return true;
}

void __init hec_later_init(void)
{
	struct rest *rest;
	int cpu;

	for_each_possible_cpu(cpu) {
		rest = per_cpu_ptr(&rests, cpu);
		spin_lock_init(&rest->lock);
		bio_list_init(&rest->bios);
		tasklet_setup(&rest->tasklet, go_on);
	}
}

/* No bio is left; a tasklet that has ended the last one may not have returned. */
void hec_later_fini(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		tasklet_kill(&per_cpu_ptr(&rests, cpu)->tasklet);
}
