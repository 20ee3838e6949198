// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that are passed to a disk's driver: which may change the disk.
 *
 * Each may, unless it is known not to.  The direction of its data alone does not
 * tell: the sender names it as it likes, and to write zeroes or to format takes no
 * data at all.  So the command itself is looked at.
 *
 *  - SCSI: a list of what programs send to idle disks, to look after them.
 *  - NVMe: the two lowest bits of a command's number tell which way its data go, and
 *    the controller goes by these.  Those that read are let pass.  NVMe's structures
 *    are its driver's own, so where the command lies is not certain; but only what
 *    the sender says transfers data from the disk is asked for it.
 *  - other drivers send only commands that they know, with the right direction.
 *
 * The driver is known by the name of the function that takes its requests.
 */
#include "command.h"

#include <linux/kernel.h>
#include <linux/nvme.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <scsi/scsi_cmnd.h>

#include "guest.h"

#define NVME_DIRECTION 3
#define NVME_FROM_CONTROLLER 2

#define ATA_CHECK_POWER 0xe5
#define ATA_IDENTIFY 0xec
#define ATA_SMART 0xb0

/* The driver takes its requests with a function whose name begins so. */
static bool is_taken_by(const struct request *rq, const char *function)
{
	char name[16];

	snprintf(name, sizeof(name), "%ps", rq->q->mq_ops->queue_rq);
	return str_has_prefix(name, function);
}

/* The room that the driver has for its own in the request is enough for it. */
static bool has_room(const struct request *rq, size_t bytes)
{
	return rq->q->tag_set && rq->q->tag_set->cmd_size >= bytes;
}

static bool ata_reads(u8 command)
{
	return command == ATA_CHECK_POWER || command == ATA_IDENTIFY ||
	       command == ATA_SMART;
}

static bool scsi_reads(const u8 *command)
{
	switch (command[0]) {
	case TEST_UNIT_READY:
	case REQUEST_SENSE:
	case INQUIRY:
	case MODE_SENSE:
	case MODE_SENSE_10:
	case LOG_SENSE:
	case READ_CAPACITY:
	case SERVICE_ACTION_IN_16:
	case REPORT_LUNS:
	case MAINTENANCE_IN:
	case PERSISTENT_RESERVE_IN:
	case READ_6:
	case READ_10:
	case READ_12:
	case READ_16:
	case SYNCHRONIZE_CACHE:
		return true;
	case ATA_12:
		return ata_reads(command[9]);
	case ATA_16:
		return ata_reads(command[14]);
	default:
		return false;
	}
}

static bool nvme_reads(struct request *rq)
{
	struct nvme_command **command = blk_mq_rq_to_pdu(rq), *at;
	u8 number;

	if (!has_room(rq, sizeof(*command)))
		return false;
	at = READ_ONCE(*command);
	return !copy_from_kernel_nofault(&number, &at->common.opcode, 1) &&
	       (number & NVME_DIRECTION) == NVME_FROM_CONTROLLER;
}

/* As its sender says. */
static bool transfers_from_disk(const struct request *rq)
{
	return !op_is_write(req_op(rq)) && rq->bio;
}

/*
 * Called anywhere, before the driver gets it.  Those with reserved tags are the
 * driver's, to see that all is well.
 */
bool hec_command_may_change(struct request *rq)
{
	struct scsi_cmnd *scsi = blk_mq_rq_to_pdu(rq);

	if (blk_mq_is_reserved_rq(rq))
		return false;
	if (!blk_rq_is_passthrough(rq))
		return !transfers_from_disk(rq);
	if (is_taken_by(rq, "scsi_queue_rq") && has_room(rq, sizeof(*scsi)))
		return !scsi_reads(scsi->cmnd);
	if (is_taken_by(rq, "nvme_"))
		return !transfers_from_disk(rq) || !nvme_reads(rq);
	return !transfers_from_disk(rq);
}
