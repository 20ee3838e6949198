/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device-mapper target `hecache`.
 */
#ifndef HEC_TARGET_H
#define HEC_TARGET_H

#include <linux/device-mapper.h>

extern struct target_type hec_target_type;

#endif
