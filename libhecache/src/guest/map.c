/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The guest's frames that a call names, see map.h.
 */
#include "map.h"

#include "../cache/get.h"

int hec_guest_map_hit(const struct hec_guest_call *call, uint64_t object,
		      uint64_t index, uint64_t gfn,
		      struct hec_env_guest_page *page)
{
	int err = hec_look_up(call->cache, call->client, call->pool, object,
			      index);

	return err ? err : hec_env_guest_map(call->vcpu, gfn, true, page);
}
