// SPDX-License-Identifier: GPL-2.0-only
/*
 * What changes a disk without a bio.
 *
 * The disk becomes another one: its driver learns its size anew, as after a
 * resize, a format or a rescan, even if it is the same as before; its medium is
 * changed; it is a device-mapper device and gets another table.  The targets on it
 * drop what they have.
 *
 * A command is passed to its driver: SCSI's and NVMe's own commands, which ioctls
 * send; or a request of a multipath device.  Until it has completed the targets have
 * no pool, unless it is known to change nothing (command.c).  One to a controller,
 * which has no disk, counts for every disk; so does one to a hidden disk, which is one
 * path of several to a disk that has another name.
 *
 * These are functions that no usual read or write comes through, and where they
 * begin this is called (kprobes).
 */
#include "change.h"

#include <linux/device-mapper.h>

#include "beside.h"
#include "command.h"
#include "entry.h"

static int on_disk(struct kprobe *probe, struct pt_regs *regs)
{
	hec_beside_doubt((void *)regs_get_kernel_argument(regs, 0));
	return 0;
}

static int on_table(struct kprobe *probe, struct pt_regs *regs)
{
	hec_beside_doubt(dm_disk((void *)regs_get_kernel_argument(regs, 0)));
	return 0;
}

/* NULL: perhaps any. */
static const struct gendisk *disk_of(const struct request *rq)
{
	const struct gendisk *disk = rq->q->disk;

	return disk && !(disk->flags & GENHD_FL_HIDDEN) ? disk : NULL;
}

static int on_request(struct kprobe *probe, struct pt_regs *regs)
{
	struct request *rq = (void *)regs_get_kernel_argument(regs, 0);

	if (hec_command_may_change(rq))
		hec_beside_hold(disk_of(rq), rq);
	return 0;
}

static struct hec_entry entries[] = {
	{ .function = "set_capacity", .handler = on_disk },
	{ .function = "set_capacity_and_notify", .handler = on_disk },
	{ .function = "inc_diskseq", .handler = on_disk },
	{ .function = "dm_swap_table", .handler = on_table },
	{ .function = "blk_execute_rq", .handler = on_request },
	{ .function = "blk_execute_rq_nowait", .handler = on_request },
	{ .function = "blk_insert_cloned_request", .handler = on_request },
};

int hec_change_register(void)
{
	int i, error;

	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		error = hec_entry_register(&entries[i]);
		if (error) {
			pr_err("cannot watch %s: %d\n", entries[i].function,
			       error);
			hec_change_unregister();
			return error;
		}
	}
	return 0;
}

/* No handler runs any more when it returns. */
void hec_change_unregister(void)
{
	hec_entries_unregister(entries, ARRAY_SIZE(entries));
}
