/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The guest's frames that a call names.
 */
#ifndef HEC_MAP_H
#define HEC_MAP_H

#include "call.h"

/*
 * Maps the frame that a get will fill, if there is a page to get.  0, or the error.
 * A miss maps nothing: mapping marks the guest's frame as written.
 */
int hec_guest_map_hit(const struct hec_guest_call *call, uint64_t object,
		      uint64_t index, uint64_t gfn,
		      struct hec_env_guest_page *page);

#endif
