/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The guest's frames that a call names.
 */
#ifndef HEC_MAP_H
#define HEC_MAP_H

#include "call.h"

/*
 * Maps the frame that a get is for, if there is a page to get; else it is a miss,
 * found first because mapping would make the host take the guest's page for
 * written.  0, or the error.
 */
int hec_guest_map_hit(const struct hec_guest_call *call, uint64_t object,
		      uint64_t index, uint64_t gfn,
		      struct hec_env_guest_page *page);

#endif
