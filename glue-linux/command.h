/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands that are passed to a disk's driver: which may change the disk.
 */
#ifndef HEC_COMMAND_H
#define HEC_COMMAND_H

#include <linux/blk-mq.h>

bool hec_command_may_change(struct request *rq);

#endif
