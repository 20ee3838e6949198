/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A guest's calls: from four words of registers to the functions of the cache.
 *
 * The guest chooses these words and may be hostile.  Each field is checked here, and
 * unused fields must be zero.  The work of one call is bounded; where more is left,
 * the guest gets HEC_EAGAIN and repeats the call.  docs/SPEC.md is the contract.
 *
 * A handle is the encrypted id of a pool (base/hash.h).  A handle of another client
 * can be decrypted, but the pool is not this client's.  So it is as stale as a guess.
 *
 * If the number of a call is not new, the client was reverted (base/sequence.h).
 * From then on every call but HELLO is stale, and each drops some of its pages.
 */
#include "call.h"

#include "../cache/name.h"
#include "../cache/pool.h"
#include "group.h"
#include "map.h"

#define CALL_BUDGET 4096u /* pages and pools that one call drops at the most */
#define POOL_TRIES 4u /* fewer than one handle in 2^50 is not usable */

static int check_hello(const struct hec_guest_call *call)
{
	if (call->a1 != HEC_ABI_VERSION ||
	    (call->a2 & ~(uint64_t)HEC_FEATURES_KNOWN))
		return HEC_EVERSION;
	if (call->a3 || (call->number && !(call->a2 & HEC_FEATURE_SEQUENCE)))
		return HEC_EINVAL;
	return HEC_OK;
}

/* A VM's first HELLO makes it a client, if the host admits it. */
static uint64_t hello(struct hec_guest_call *call)
{
	int err = check_hello(call);

	if (!err && !call->client)
		err = hec_env_guest_admit(call->vcpu, &call->client);
	if (err)
		return (uint64_t)err;
	if (hec_client_end_pools(call->cache, call->client, CALL_BUDGET))
		return (uint64_t)HEC_EAGAIN;
	hec_sequence_start(&call->client->sequence, call->number);
	hec_env_write_once(call->client->features, call->a2);
	return call->a2;
}

/* A handle must not look like an error, and must not be 0. */
static bool handle_is_usable(uint64_t handle)
{
	return handle && !hec_abi_is_err(handle);
}

/* A new pool's handle.  HEC_EAGAIN: it is not usable, and the pool is gone again. */
static uint64_t try_pool(const struct hec_guest_call *call)
{
	uint64_t id, handle;
	int err = hec_pool_create(call->cache, call->client,
				  (enum hec_pool_kind)call->a2, &id);

	if (err)
		return (uint64_t)err;
	handle = hec_cipher_encrypt(&call->cache->handles, id);
	if (handle_is_usable(handle))
		return handle;
	hec_pool_destroy(call->cache, call->client, id, CALL_BUDGET);
	return (uint64_t)HEC_EAGAIN;
}

static uint64_t pool_new(const struct hec_guest_call *call)
{
	uint32_t tries = POOL_TRIES;
	uint64_t result;

	if (call->a1 || call->a3 || call->a2 > HEC_POOL_PERSISTENT)
		return (uint64_t)HEC_EINVAL;
	do
		result = try_pool(call);
	while (result == (uint64_t)HEC_EAGAIN && --tries);
	return result;
}

static uint64_t pool_end(const struct hec_guest_call *call)
{
	if (call->a2 || call->a3)
		return (uint64_t)HEC_EINVAL;
	return (uint64_t)hec_pool_destroy(call->cache, call->client, call->pool,
					  CALL_BUDGET);
}

static int put(const struct hec_guest_call *call)
{
	uint64_t index = call->a2, gfn = call->a3;
	struct hec_env_guest_page page;
	int err;

	if (!hec_pool_find(call->cache, call->client, call->pool))
		return HEC_ESTALE;
	if (index > HEC_MAX_INDEX)
		return HEC_EINVAL;
	err = hec_env_guest_map(call->vcpu, gfn, false, &page);
	if (err) {
		hec_put_failed(call->cache, call->client, call->pool, 0, index);
		return err;
	}
	err = hec_put(call->cache, call->client, call->pool, 0, index, page.va);
	hec_env_guest_unmap(call->vcpu, &page);
	return err;
}

static int get(const struct hec_guest_call *call)
{
	uint64_t index = call->a2, gfn = call->a3;
	struct hec_env_guest_page page;
	int err = hec_guest_map_hit(call, 0, index, gfn, &page);

	if (err)
		return err;
	err = hec_get(call->cache, call->client, call->pool, 0, index, page.va);
	hec_env_guest_unmap(call->vcpu, &page);
	return err;
}

static uint64_t flush(const struct hec_guest_call *call)
{
	if (call->a3)
		return (uint64_t)HEC_EINVAL;
	if (!hec_pool_find(call->cache, call->client, call->pool))
		return (uint64_t)HEC_ESTALE;
	if (call->a2 > HEC_MAX_INDEX)
		return (uint64_t)HEC_EINVAL;
	hec_flush(call->cache, call->client, call->pool, 0, call->a2);
	return HEC_OK;
}

static uint64_t flush_range(const struct hec_guest_call *call)
{
	uint64_t i;

	if (!hec_pool_find(call->cache, call->client, call->pool))
		return (uint64_t)HEC_ESTALE;
	if (call->a2 > HEC_MAX_INDEX || call->a3 > HEC_ABI_RANGE_MAX)
		return (uint64_t)HEC_EINVAL;
	for (i = 0; i < call->a3; i++)
		hec_flush(call->cache, call->client, call->pool, 0,
			  call->a2 + i);
	return HEC_OK;
}

static uint64_t flush_pool(const struct hec_guest_call *call)
{
	if (call->a2 || call->a3)
		return (uint64_t)HEC_EINVAL;
	if (!hec_pool_find(call->cache, call->client, call->pool))
		return (uint64_t)HEC_ESTALE;
	return (uint64_t)hec_flush_pool(call->cache, call->client, call->pool,
					CALL_BUDGET);
}

/* Descriptors take effect in their order. */
static uint64_t batch(const struct hec_guest_call *call)
{
	struct hec_env_guest_page page, group[HEC_GUEST_GROUP];
	uint32_t nr, done, some;
	int err;

	if (!call->a3 || call->a3 > HEC_ABI_BATCH_MAX)
		return (uint64_t)HEC_EINVAL;
	if (!hec_pool_find(call->cache, call->client, call->pool))
		return (uint64_t)HEC_ESTALE;
	err = hec_env_guest_map(call->vcpu, call->a2, true, &page);
	if (err)
		return (uint64_t)err;
	nr = (uint32_t)call->a3;
	for (done = 0; done < nr; done += some) {
		some = nr - done < HEC_GUEST_GROUP ? nr - done
						   : HEC_GUEST_GROUP;
		hec_guest_group(call, (struct hec_abi_desc *)page.va + done,
				some, group);
	}
	hec_env_guest_unmap(call->vcpu, &page);
	return HEC_OK;
}

/* Uses the call's number.  0, or the error if the number is not right. */
static int use_number(const struct hec_guest_call *call)
{
	struct hec_client *client = call->client;

	if (!(hec_env_read_once(client->features) & HEC_FEATURE_SEQUENCE))
		return call->number ? HEC_EINVAL : HEC_OK;
	if (hec_sequence_use(&client->sequence, call->number))
		return HEC_OK;
	hec_client_end_pools(call->cache, client, CALL_BUDGET);
	return HEC_ESTALE;
}

/* Takes the count of pages not asked for out of the call, if it has one. */
static void count_unasked(struct hec_guest_call *call)
{
	struct hec_client *client = call->client;

	if (!(hec_env_read_once(client->features) & HEC_FEATURE_UNASKED))
		return;
	if (call->a3 >> HEC_ABI_UNASKED_SHIFT)
		hec_env_add64(&client->unasked,
			      call->a3 >> HEC_ABI_UNASKED_SHIFT);
	call->a3 &= (1ull << HEC_ABI_UNASKED_SHIFT) - 1;
}

/* The features that a client must have for @command. */
static uint64_t features_for(uint64_t command)
{
	switch (command) {
	case HEC_CMD_BATCH_PUT:
	case HEC_CMD_BATCH_GET:
		return HEC_FEATURE_BATCH;
	default:
		return 0;
	}
}

static uint64_t dispatch(const struct hec_guest_call *call)
{
	uint64_t needed = features_for(call->command);

	if (needed & ~hec_env_read_once(call->client->features))
		return (uint64_t)HEC_ENOSYS;
	switch (call->command) {
	case HEC_CMD_POOL_NEW:
		return pool_new(call);
	case HEC_CMD_POOL_END:
		return pool_end(call);
	case HEC_CMD_PUT:
		return (uint64_t)put(call);
	case HEC_CMD_GET:
		return (uint64_t)get(call);
	case HEC_CMD_FLUSH:
		return flush(call);
	case HEC_CMD_FLUSH_RANGE:
		return flush_range(call);
	case HEC_CMD_FLUSH_POOL:
		return flush_pool(call);
	case HEC_CMD_BATCH_PUT:
	case HEC_CMD_BATCH_GET:
		return batch(call);
	}
	return (uint64_t)HEC_ENOSYS;
}

uint64_t hec_guest_call(struct hec_cache *cache, struct hec_client *client,
			void *vcpu, const uint64_t arg[4])
{
	struct hec_guest_call call = { .command = arg[0] & HEC_ABI_CMD_MASK,
				       .number = arg[0] >> HEC_ABI_SEQ_SHIFT,
				       .cache = cache,
				       .client = client,
				       .vcpu = vcpu,
				       .a1 = arg[1],
				       .a2 = arg[2],
				       .a3 = arg[3] };
	int err;

	if (arg[0] & HEC_ABI_RESERVED_MASK)
		return (uint64_t)HEC_EINVAL;
	if (call.command == HEC_CMD_HELLO)
		return hello(&call);
	if (!client)
		return (uint64_t)HEC_ESTALE;
	call.pool = hec_cipher_decrypt(&cache->handles, arg[1]);
	err = use_number(&call);
	if (err)
		return (uint64_t)err;
	count_unasked(&call);
	return dispatch(&call);
}
