/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A group of descriptors of a guest's batch.
 */
#ifndef HEC_GROUP_H
#define HEC_GROUP_H

#include "call.h"

#define HEC_GUEST_GROUP (HEC_GUEST_MAPS - 1) /* one is the descriptors' page */

/*
 * Does @nr descriptors, HEC_GUEST_GROUP at the most.  @page is room for the frames
 * that it maps meanwhile.
 */
void hec_guest_group(const struct hec_guest_call *call,
		     struct hec_abi_desc *desc, uint32_t nr,
		     struct hec_env_guest_page page[HEC_GUEST_GROUP]);

#endif
