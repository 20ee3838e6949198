/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One call of a guest.  The guest chooses all fields but the cache, the client and the
 * vCPU.
 */
#ifndef HEC_CALL_H
#define HEC_CALL_H

#include "../cache/state.h"

/* Fields as in <hecache/abi.h>. */
struct hec_guest_call {
	uint64_t command;
	uint64_t number; /* its sequence number */
	struct hec_cache *cache;
	struct hec_client *client;
	void *vcpu;
	uint64_t pool; /* id */
	uint64_t a1, a2, a3;
};

#endif
