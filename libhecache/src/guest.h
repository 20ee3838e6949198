/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the files that answer a guest's calls share.  Everything of a call but the
 * cache, the client and the vCPU is the guest's word.
 */
#ifndef HEC_GUEST_H
#define HEC_GUEST_H

#include "cache.h"

/* One call; fields as in <hecache/abi.h>. */
struct hec_guest_call {
	uint64_t command;
	uint64_t number; /* its sequence number */
	struct hec_cache *cache;
	struct hec_client *client;
	void *vcpu;
	uint64_t pool; /* id */
	uint64_t a1, a2, a3;
};

/*
 * guest.c: maps the frame that a get is for, if there is a page to get; else it
 * is a miss, found first because mapping would make the host take the guest's
 * page for written.  0, or the error.
 */
int hec_guest_map_hit(const struct hec_guest_call *call, uint64_t object,
		      uint64_t index, uint64_t gfn,
		      struct hec_env_guest_page *page);

#define HEC_GUEST_GROUP (HEC_GUEST_MAPS - 1) /* and the page of descriptors */

/*
 * guest_group.c: does @nr descriptors, HEC_GUEST_GROUP at the most.  @page: room,
 * for what is mapped meanwhile.
 */
void hec_guest_group(const struct hec_guest_call *call,
		     struct hec_abi_desc *desc, uint32_t nr,
		     struct hec_env_guest_page page[HEC_GUEST_GROUP]);

#endif
