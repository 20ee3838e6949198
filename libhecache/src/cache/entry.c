/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Linking and unlinking pages: the index, the client's queue and the object's
 * list change together, under the client's lock.
 *
 * An object other than 0 has a header of its own as long as it has pages.  The
 * header is a spare record.  It is in the index under HEC_NO_INDEX.
 */
#include "entry.h"

/*
 * The index knows a pool by its slot only.  A pool gives up its slot only when it
 * has no page in the index.  So a page that is found belongs to the pool that has
 * the slot now.  If that is not the name's pool, the page is no match.
 */
uint32_t hec_entry_look_up(const struct hec_cache *cache,
			   const struct hec_name *name)
{
	uint32_t n = hec_index_find(&cache->index, name->hash, &name->key);

	hec_env_assert_held(&hec_index_shard(&cache->index, name->hash)->lock);
	if (n == HEC_NO_RECORD ||
	    hec_env_read_once(cache->pools[name->key.pool].id) != name->pool)
		return HEC_NO_RECORD;
	return n;
}

uint32_t hec_entry_find(struct hec_cache *cache, const struct hec_name *name)
{
	struct hec_shard *shard = hec_index_shard(&cache->index, name->hash);
	uint32_t n;

	hec_env_lock(&shard->lock);
	n = hec_entry_look_up(cache, name);
	hec_env_unlock(&shard->lock);
	return n;
}

static int insert_header(struct hec_cache *cache, const struct hec_name *name,
			 uint32_t n)
{
	struct hec_shard *shard = hec_index_shard(&cache->index, name->hash);
	int err;

	hec_env_assert_held(hec_pool_lock(cache, name->key.pool));
	hec_env_lock(&shard->lock);
	err = hec_index_insert(&cache->index, name->hash, n);
	hec_env_unlock(&shard->lock);
	return err;
}

static uint32_t make_header(struct hec_cache *cache, struct hec_client *client,
			    const struct hec_name *name)
{
	struct hec_record *records = cache->records;
	uint32_t n = hec_spare_take(&cache->frames, client->number);

	hec_env_assert_held(hec_pool_lock(cache, name->key.pool));
	if (n == HEC_NO_RECORD)
		return n;
	hec_env_write_once(records[n].flags, HEC_RECORD_HEADER);
	records[n].index_lo = 0;
	hec_env_write_once(records[n].object, name->key.pool);
	hec_record_set_word(&records[n], name->key.object);
	if (insert_header(cache, name, n)) {
		hec_spare_give(&cache->frames, n, client->number);
		return HEC_NO_RECORD;
	}
	hec_list_init(records, HEC_LINK_OBJECT, n);
	hec_list_add(records, HEC_LINK_QUEUE, cache->pools[name->key.pool].root,
		     n);
	return n;
}

uint32_t hec_entry_header(struct hec_cache *cache, const struct hec_name *name)
{
	struct hec_name header;

	hec_env_assert_held(hec_pool_lock(cache, name->key.pool));
	if (name->key.object == 0)
		return cache->pools[name->key.pool].root;
	header = hec_name_of_header(cache, name);
	return hec_entry_find(cache, &header);
}

/* The header of the name's object; it is made if there is none. */
static uint32_t header_for(struct hec_cache *cache, struct hec_client *client,
			   const struct hec_name *name)
{
	uint32_t n = hec_entry_header(cache, name);
	struct hec_name header;

	hec_env_assert_held(hec_pool_lock(cache, name->key.pool));
	if (n != HEC_NO_RECORD)
		return n;
	header = hec_name_of_header(cache, name);
	return make_header(cache, client, &header);
}

/* Header @n has no pages left: frees it, unless it is the pool's root. */
static void drop_header(struct hec_cache *cache, struct hec_client *client,
			uint32_t n)
{
	struct hec_record *records = cache->records;
	struct hec_name name;
	struct hec_shard *shard;

	hec_env_assert_held(hec_pool_lock(cache, records[n].object));
	hec_env_assert(!records[n].index_lo);
	memset(&name, 0, sizeof(name));
	name.key.pool = records[n].object;
	if (n == cache->pools[name.key.pool].root)
		return;
	name.key.object = hec_record_word(&records[n]);
	name = hec_name_of_header(cache, &name);
	shard = hec_index_shard(&cache->index, name.hash);
	hec_env_lock(&shard->lock);
	hec_index_remove(&cache->index, name.hash, n);
	hec_env_unlock(&shard->lock);
	hec_list_del(records, HEC_LINK_QUEUE, n);
	hec_spare_give(&cache->frames, n, client->number);
}

struct hec_client *hec_entry_client(const struct hec_cache *cache, uint32_t n)
{
	uint32_t header = hec_env_peek(cache->records[n].object);
	uint32_t pool;

	if (header >= cache->nr_records)
		return NULL;
	pool = hec_env_peek(cache->records[header].object);
	if (pool >= cache->config.max_pools)
		return NULL;
	return &cache->clients[hec_env_read_once(cache->pools[pool].client)];
}

/* Counts page @n as one more of @client's (@by 1) or one less (@by -1). */
static void count_page(const struct hec_cache *cache, struct hec_client *client,
		       uint32_t n, bool kept, int by)
{
	bool framed = hec_form_frames(&cache->frames, n);

	hec_env_assert_held(&client->lock);
	client->stats.pages += by;
	client->stats.zero_pages += framed ? 0 : by;
	client->stats.persistent_pages += kept ? by : 0;
	if (kept && framed)
		hec_env_write_once(client->kept_frames,
				   client->kept_frames + by);
}

/* Takes page @n off its lists.  It is out of the index already. */
static void off_lists(struct hec_cache *cache, struct hec_client *client,
		      uint32_t n, uint64_t hash, enum hec_leave why)
{
	struct hec_record *records = cache->records;
	uint32_t header = records[n].object;

	hec_env_assert_held(&client->lock);
	hec_env_assert(hec_client_is_valid(client));
	count_page(cache, client, n, records[n].queue == HEC_QUEUE_KEPT, -1);
	hec_policy_leave(&client->policy, n, hash, why);
	hec_list_del(records, HEC_LINK_OBJECT, n);
	hec_env_write_once(cache->pools[records[header].object].pages,
			   cache->pools[records[header].object].pages - 1);
	if (--records[header].index_lo == 0)
		drop_header(cache, client, header);
}

static void on_lists(struct hec_cache *cache, struct hec_client *client,
		     uint32_t n, const struct hec_name *name)
{
	struct hec_record *records = cache->records;
	uint32_t header = records[n].object;
	bool kept = name->kind == HEC_POOL_PERSISTENT;

	hec_env_assert_held(&client->lock);
	hec_env_assert(hec_client_is_valid(client));
	if (kept)
		hec_policy_keep(&client->policy, n);
	else
		hec_policy_admit(&client->policy, n, name->hash);
	count_page(cache, client, n, kept, 1);
	hec_list_add(records, HEC_LINK_OBJECT, header, n);
	records[header].index_lo++;
	hec_env_write_once(cache->pools[records[header].object].pages,
			   cache->pools[records[header].object].pages + 1);
}

/*
 * Ends the linked state of a record.  True: no get has it pinned, so its frame is
 * the caller's. [shard]
 */
static bool detach(struct hec_record *record)
{
	uint8_t pins = record->flags & HEC_RECORD_PINS;

	hec_env_write_once(record->flags,
			   pins ? pins | HEC_RECORD_DOOMED : HEC_RECORD_TAKEN);
	return !pins;
}

bool hec_entry_unlink(struct hec_cache *cache, struct hec_client *client,
		      uint32_t n, enum hec_leave why)
{
	uint64_t hash = hec_name_hash(cache, n);
	struct hec_shard *shard = hec_index_shard(&cache->index, hash);
	bool mine;

	hec_env_assert_held(&client->lock);
	hec_env_assert(hec_env_peek(cache->records[n].flags) &
		       HEC_RECORD_LINKED);
	hec_env_lock(&shard->lock);
	hec_index_remove(&cache->index, hash, n);
	mine = detach(&cache->records[n]);
	hec_env_unlock(&shard->lock);
	off_lists(cache, client, n, hash, why);
	return mine;
}

bool hec_entry_unpin(struct hec_cache *cache, struct hec_client *client,
		     const struct hec_name *name, uint32_t n,
		     enum hec_leave why, bool *mine)
{
	struct hec_shard *shard = hec_index_shard(&cache->index, name->hash);
	struct hec_record *record = &cache->records[n];
	bool keep = name->kind == HEC_POOL_PERSISTENT ||
		    (name->kind != HEC_POOL_EPHEMERAL &&
		     why == HEC_LEAVE_HANDED_UP);
	bool linked;

	hec_env_assert_held(&client->lock);
	hec_env_assert(hec_env_peek(record->flags) & HEC_RECORD_PINS);
	hec_env_lock(&shard->lock);
	linked = record->flags & HEC_RECORD_LINKED;
	hec_env_write_once(record->flags,
			   (uint8_t)(record->flags - HEC_RECORD_PIN));
	if (linked && !keep)
		hec_index_remove(&cache->index, name->hash, n);
	*mine = !(linked && keep) && detach(record);
	hec_env_unlock(&shard->lock);
	if (linked && keep)
		hec_policy_use(&client->policy, n);
	else if (linked)
		off_lists(cache, client, n, name->hash, why);
	return linked;
}

void hec_entry_prefetch(const struct hec_cache *cache,
			const struct hec_name *name)
{
	hec_index_prefetch(&cache->index, name->hash);
	hec_ghost_prefetch(&cache->ghosts, name->hash);
}

void hec_entry_prefetch_victim(const struct hec_cache *cache,
			       const struct hec_client *client, uint32_t queue)
{
	const struct hec_policy *policy = &client->policy;
	struct hec_name name;
	uint32_t n;

	hec_env_assert_held(&client->lock);
	if (!policy->nr[queue])
		return;
	n = hec_queue_oldest(policy, queue);
	hec_record_prefetch_links(cache->records, n);
	name.hash = hec_name_hash(cache, n);
	hec_entry_prefetch(cache, &name);
}

/*
 * Puts @n into the index.  If there is an older page of that key, @n replaces it,
 * *@older is that page, and *@free says that no get has it pinned.
 */
static int into_index(struct hec_cache *cache, const struct hec_name *name,
		      uint32_t n, uint32_t *older, bool *free)
{
	struct hec_shard *shard = hec_index_shard(&cache->index, name->hash);
	int err = HEC_OK;

	hec_env_assert_held(hec_pool_lock(cache, name->key.pool));
	hec_env_lock(&shard->lock);
	*older = hec_index_find(&cache->index, name->hash, &name->key);
	if (*older != HEC_NO_RECORD) {
		hec_index_replace(&cache->index, name->hash, *older, n);
		*free = detach(&cache->records[*older]);
	} else {
		err = hec_index_insert(&cache->index, name->hash, n);
	}
	if (!err)
		hec_env_write_once(cache->records[n].flags, HEC_RECORD_LINKED);
	hec_env_unlock(&shard->lock);
	return err;
}

int hec_entry_link(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name, uint32_t n, uint32_t *older)
{
	uint32_t header, went;
	bool free = false;
	int err;

	hec_env_assert_held(&client->lock);
	hec_env_assert(cache->records[n].flags == HEC_RECORD_TAKEN);
	*older = HEC_NO_RECORD;
	if (!hec_pool_find(cache, client, name->pool))
		return HEC_ESTALE;
	header = header_for(cache, client, name);
	if (header == HEC_NO_RECORD)
		return HEC_ENOSPC;
	hec_env_write_once(cache->records[n].object, header);
	hec_record_set_index(&cache->records[n], name->key.index);
	err = into_index(cache, name, n, &went, &free);
	if (err) {
		if (!cache->records[header].index_lo)
			drop_header(cache, client, header);
		return err;
	}
	on_lists(cache, client, n, name);
	if (went != HEC_NO_RECORD) {
		off_lists(cache, client, went, name->hash, HEC_LEAVE_DROPPED);
		if (free)
			*older = went;
	}
	return HEC_OK;
}
