/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A guest's calls: from four words of registers to the functions of the cache.
 *
 * Everything in those words is the guest's and may be hostile: each field is
 * checked here, unused ones must be zero, and work that a single call could
 * make long is bounded; the guest repeats it on HEC_EAGAIN.  docs/SPEC.md is
 * the contract.
 *
 * A handle is the encrypted id of a pool (hash.h); one that another client was
 * given decrypts well, but the pool is not this client's, so it is as stale as
 * a guess.
 */
#include "cache.h"

#define CALL_BUDGET 4096u /* pages that one call drops at the most */

/* One call; fields as in <hecache/abi.h>. */
struct call {
	struct hec_cache *cache;
	struct hec_client *client;
	void *vcpu;
	uint64_t pool; /* id */
	uint64_t a1, a2, a3;
};

static uint64_t hello(const struct call *call)
{
	if (call->a1 != HEC_ABI_VERSION ||
	    (call->a2 & ~(uint64_t)HEC_FEATURES_KNOWN))
		return (uint64_t)HEC_EVERSION;
	if (call->a3)
		return (uint64_t)HEC_EINVAL;
	if (hec_client_end_pools(call->cache, call->client, CALL_BUDGET))
		return (uint64_t)HEC_EAGAIN;
	hec_env_write_once(call->client->features, call->a2);
	return call->a2;
}

/* Handles that would read as an error, or as nothing, are not given out. */
static bool handle_is_usable(uint64_t handle)
{
	return handle && !hec_abi_is_err(handle);
}

static uint64_t pool_new(const struct call *call)
{
	uint64_t id, handle;

	if (call->a1 || call->a3)
		return (uint64_t)HEC_EINVAL;
	for (;;) {
		int err;

		if (call->a2 > HEC_POOL_PERSISTENT)
			return (uint64_t)HEC_EINVAL;
		err = hec_pool_create(call->cache, call->client,
				      (enum hec_pool_kind)call->a2, &id);
		if (err)
			return (uint64_t)err;
		handle = hec_cipher_encrypt(&call->cache->handles, id);
		if (handle_is_usable(handle))
			return handle;
		hec_pool_destroy(call->cache, call->client, id, 0);
	}
}

static uint64_t pool_end(const struct call *call)
{
	if (call->a2 || call->a3)
		return (uint64_t)HEC_EINVAL;
	return (uint64_t)hec_pool_destroy(call->cache, call->client, call->pool,
					  CALL_BUDGET);
}

static int put(const struct call *call, uint64_t object, uint64_t index,
	       uint64_t gfn)
{
	struct hec_env_guest_page page;
	int err;

	if (!hec_pool_find(call->cache, call->client, call->pool))
		return HEC_ESTALE;
	if (index > HEC_MAX_INDEX)
		return HEC_EINVAL;
	err = hec_env_guest_map(call->vcpu, gfn, false, &page);
	if (err) {
		hec_put_failed(call->cache, call->client, call->pool, object,
			       index);
		return err;
	}
	err = hec_put(call->cache, call->client, call->pool, object, index,
		      page.va);
	hec_env_guest_unmap(call->vcpu, &page);
	return err;
}

/*
 * Maps the frame that a get is for, if there is a page to get: else it is a
 * miss, found first because mapping would make the host take the guest's page
 * for written.
 */
static int map_hit(const struct call *call, uint64_t object, uint64_t index,
		   uint64_t gfn, struct hec_env_guest_page *page)
{
	struct hec_name name;
	int err = hec_name_init(call->cache, call->client, call->pool, object,
				index, &name);

	if (err)
		return err;
	if (hec_entry_find(call->cache, &name) == HEC_NO_RECORD) {
		hec_count_miss(call->client, &name);
		return HEC_ENOENT;
	}
	return hec_env_guest_map(call->vcpu, gfn, true, page);
}

static int get(const struct call *call, uint64_t object, uint64_t index,
	       uint64_t gfn)
{
	struct hec_env_guest_page page;
	int err = map_hit(call, object, index, gfn, &page);

	if (err)
		return err;
	err = hec_get(call->cache, call->client, call->pool, object, index,
		      page.va);
	hec_env_guest_unmap(call->vcpu, &page);
	return err;
}

static uint64_t flush(const struct call *call)
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

static uint64_t flush_range(const struct call *call)
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

static uint64_t flush_pool(const struct call *call)
{
	if (call->a2 || call->a3)
		return (uint64_t)HEC_EINVAL;
	if (!hec_pool_find(call->cache, call->client, call->pool))
		return (uint64_t)HEC_ESTALE;
	return (uint64_t)hec_flush_pool(call->cache, call->client, call->pool,
					CALL_BUDGET);
}

/*
 * Batches.  The pages of a group are mapped together, so that the cache has a
 * batch of them to copy.
 */

#define GROUP (HEC_GUEST_MAPS - 1) /* and the page of the descriptors */

/* A descriptor, as it was when it was read. */
struct request {
	uint64_t object, index, gfn;
	int status;
	bool unmapped; /* its frame could not be mapped */
};

/* Of one group: those whose pages are mapped. */
struct mapped {
	struct hec_batch_item item[GROUP];
	struct hec_env_guest_page page[GROUP];
	struct request *request[GROUP];
	uint32_t nr;
};

/* It is in the guest's memory and may change under us: one read a field. */
static void read_desc(const struct hec_abi_desc *desc, struct request *request)
{
	request->object = hec_env_read_once(desc->object);
	request->index = hec_env_read_once(desc->index);
	request->gfn = hec_env_read_once(desc->gfn);
	request->unmapped = false;
	request->status = HEC_OK;
	if (hec_env_read_once(desc->reserved) || request->index > HEC_MAX_INDEX)
		request->status = HEC_EINVAL;
}

static void map_request(const struct call *call, struct request *request,
			bool is_put, struct mapped *mapped)
{
	struct hec_env_guest_page *page = &mapped->page[mapped->nr];
	struct hec_batch_item *item = &mapped->item[mapped->nr];

	if (request->status)
		return;
	if (is_put)
		request->status = hec_env_guest_map(call->vcpu, request->gfn,
						    false, page);
	else
		request->status = map_hit(call, request->object, request->index,
					  request->gfn, page);
	request->unmapped = request->status != HEC_OK;
	if (request->unmapped)
		return;
	item->object = request->object;
	item->index = request->index;
	item->page = page->va;
	mapped->request[mapped->nr++] = request;
}

static void prefetch_request(const struct call *call,
			     const struct request *request)
{
	struct hec_name name;

	if (!request->status &&
	    !hec_name_init(call->cache, call->client, call->pool,
			   request->object, request->index, &name))
		hec_entry_prefetch(call->cache, &name);
}

static void copy_mapped(const struct call *call, bool is_put,
			struct mapped *mapped)
{
	if (!mapped->nr)
		return;
	if (is_put)
		hec_put_batch(call->cache, call->client, call->pool,
			      mapped->item, mapped->nr);
	else
		hec_get_batch(call->cache, call->client, call->pool,
			      mapped->item, mapped->nr);
	while (mapped->nr) {
		uint32_t i = --mapped->nr;

		hec_env_guest_unmap(call->vcpu, &mapped->page[i]);
		mapped->request[i]->status = mapped->item[i].status;
	}
}

/*
 * A put without a source comes last: whatever else the group put under its key
 * must not be found.
 */
static void do_group(const struct call *call, struct hec_abi_desc *desc,
		     uint32_t nr, bool is_put)
{
	struct request request[GROUP];
	struct mapped mapped;
	uint32_t i;

	mapped.nr = 0;
	for (i = 0; i < nr; i++) {
		read_desc(&desc[i], &request[i]);
		prefetch_request(call, &request[i]);
	}
	for (i = 0; i < nr; i++)
		map_request(call, &request[i], is_put, &mapped);
	copy_mapped(call, is_put, &mapped);
	for (i = 0; i < nr; i++) {
		if (is_put && request[i].unmapped)
			hec_put_failed(call->cache, call->client, call->pool,
				       request[i].object, request[i].index);
		hec_env_write_once(desc[i].status, request[i].status);
	}
}

static uint64_t batch(const struct call *call, bool is_put)
{
	struct hec_env_guest_page page;
	uint32_t nr, done, some;
	int err;

	if (!(hec_env_read_once(call->client->features) & HEC_FEATURE_BATCH))
		return (uint64_t)HEC_ENOSYS;
	if (!call->a3 || call->a3 > HEC_ABI_BATCH_MAX)
		return (uint64_t)HEC_EINVAL;
	if (!hec_pool_find(call->cache, call->client, call->pool))
		return (uint64_t)HEC_ESTALE;
	err = hec_env_guest_map(call->vcpu, call->a2, true, &page);
	if (err)
		return (uint64_t)err;
	nr = (uint32_t)call->a3;
	for (done = 0; done < nr; done += some) {
		some = nr - done < GROUP ? nr - done : GROUP;
		do_group(call, (struct hec_abi_desc *)page.va + done, some,
			 is_put);
	}
	hec_env_guest_unmap(call->vcpu, &page);
	return HEC_OK;
}

uint64_t hec_guest_call(struct hec_cache *cache, struct hec_client *client,
			void *vcpu, const uint64_t arg[4])
{
	struct call call = { .cache = cache,
			     .client = client,
			     .vcpu = vcpu,
			     .a1 = arg[1],
			     .a2 = arg[2],
			     .a3 = arg[3] };

	call.pool = hec_cipher_decrypt(&cache->handles, arg[1]);
	if (arg[0] & ~HEC_ABI_CMD_MASK)
		return (uint64_t)HEC_EINVAL;
	switch (arg[0]) {
	case HEC_CMD_HELLO:
		return hello(&call);
	case HEC_CMD_POOL_NEW:
		return pool_new(&call);
	case HEC_CMD_POOL_END:
		return pool_end(&call);
	case HEC_CMD_PUT:
		return (uint64_t)put(&call, 0, call.a2, call.a3);
	case HEC_CMD_GET:
		return (uint64_t)get(&call, 0, call.a2, call.a3);
	case HEC_CMD_FLUSH:
		return flush(&call);
	case HEC_CMD_FLUSH_RANGE:
		return flush_range(&call);
	case HEC_CMD_FLUSH_POOL:
		return flush_pool(&call);
	case HEC_CMD_BATCH_PUT:
		return batch(&call, true);
	case HEC_CMD_BATCH_GET:
		return batch(&call, false);
	}
	return (uint64_t)HEC_ENOSYS;
}
