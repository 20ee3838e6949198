/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Dropping one page, because its content is not valid any more.
 */
#include "flush.h"

#include "entry.h"

bool hec_page_drop(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name)
{
	uint32_t n = hec_entry_find(cache, name);
	bool found = false, mine = false;

	if (n == HEC_NO_RECORD)
		return false;
	hec_record_prefetch_links(cache->records, n);
	hec_env_lock(&client->lock);
	n = hec_entry_find(cache, name);
	if (n != HEC_NO_RECORD) {
		found = true;
		mine = hec_entry_unlink(cache, client, n, HEC_LEAVE_DROPPED);
	}
	hec_env_unlock(&client->lock);
	if (mine)
		hec_store_give(&cache->store, n, client->number);
	return found;
}

/* The policy forgets a key that is not cached. */
static void forget(struct hec_client *client, const struct hec_name *name)
{
	if (!hec_policy_remembers(&client->policy, name->hash))
		return;
	hec_env_lock(&client->lock);
	hec_policy_forget(&client->policy, name->hash);
	hec_env_unlock(&client->lock);
}

void hec_flush(struct hec_cache *cache, struct hec_client *client,
	       uint64_t pool, uint64_t object, uint64_t index)
{
	struct hec_name name;

	if (hec_name_init(cache, client, pool, object, index, &name))
		return;
	if (hec_page_drop(cache, client, &name))
		hec_env_add64(&client->flushes, 1);
	else
		forget(client, &name);
}
