/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The calls that are woven, see operations.h.  Each keeps the book (world.h).
 */
#include "operations.h"

#define NR_BATCH 4u
#define GFN_DESCRIPTORS 0u
#define GFN_FIRST 1u

static struct hec_client *client_of(enum world_pool pool)
{
	return pool == OTHERS ? world.b : world.a;
}

/* Puts, gets and drops of one page. */

static void put(struct actor *me, enum world_pool pool, uint64_t object,
		uint64_t index, bool zero)
{
	uint32_t key = key_of(pool, object, index);
	int err;

	book_put_begins(me, key, zero);
	err = hec_put(world.cache, client_of(pool), world.pool[pool], object,
		      index, book_source(me, key, zero));
	book_put_ends(me, key, err);
}

static void get(struct actor *me, enum world_pool pool, uint64_t object,
		uint64_t index)
{
	uint32_t key = key_of(pool, object, index);
	void *page = me->page[GFN_FIRST];
	int err;

	book_get_begins(me, key, page);
	err = hec_get(world.cache, client_of(pool), world.pool[pool], object,
		      index, page);
	book_get_ends(me, key, err, page);
}

static void put_old(struct actor *me)
{
	put(me, EPHEMERAL, 0, 0, false);
}

static void put_new(struct actor *me)
{
	put(me, EPHEMERAL, 0, 3, false);
}

static void put_object(struct actor *me)
{
	put(me, EPHEMERAL, WORLD_OBJECT, 1, false);
}

static void put_new_object(struct actor *me)
{
	put(me, OTHERS, WORLD_OBJECT, 0, false);
}

static void put_zero(struct actor *me)
{
	put(me, EPHEMERAL, 0, 1, true);
}

static void put_inclusive(struct actor *me)
{
	put(me, INCLUSIVE, 0, 0, false);
}

static void put_kept(struct actor *me)
{
	put(me, PERSISTENT, 0, 0, false);
}

static void put_new_kept(struct actor *me)
{
	put(me, PERSISTENT, 0, 3, false);
}

static void put_kept_zero(struct actor *me)
{
	put(me, PERSISTENT, WORLD_OBJECT, 0, true);
}

static void put_others(struct actor *me)
{
	put(me, OTHERS, 0, 3, false);
}

static void get_page(struct actor *me)
{
	get(me, EPHEMERAL, 0, 0);
}

static void get_zero(struct actor *me)
{
	get(me, EPHEMERAL, 0, 2);
}

static void get_ghost(struct actor *me)
{
	get(me, EPHEMERAL, 0, 3);
}

static void get_object(struct actor *me)
{
	get(me, EPHEMERAL, WORLD_OBJECT, 0);
}

static void get_inclusive(struct actor *me)
{
	get(me, INCLUSIVE, 0, 0);
}

static void get_kept(struct actor *me)
{
	get(me, PERSISTENT, 0, 0);
}

static void get_others(struct actor *me)
{
	get(me, OTHERS, 0, 0);
}

static void put_failed(struct actor *me)
{
	uint32_t key = key_of(EPHEMERAL, 0, 0);

	book_drop_begins(me, key);
	hec_put_failed(world.cache, world.a, world.pool[EPHEMERAL], 0, 0);
	book_drop_ends(me, key);
}

static void flush(struct actor *me, enum world_pool pool, uint64_t index)
{
	uint32_t key = key_of(pool, 0, index);

	book_drop_begins(me, key);
	hec_flush(world.cache, client_of(pool), world.pool[pool], 0, index);
	book_drop_ends(me, key);
}

static void flush_page(struct actor *me)
{
	flush(me, EPHEMERAL, 0);
}

static void flush_ghost(struct actor *me)
{
	flush(me, EPHEMERAL, 3);
}

static void flush_kept(struct actor *me)
{
	flush(me, PERSISTENT, 0);
}

/* Batches. */

static void start_items(struct actor *me, enum world_pool pool,
			struct hec_batch_item *items, bool put)
{
	uint32_t i;

	for (i = 0; i < NR_BATCH; i++) {
		uint32_t key = key_of(pool, 0, i);

		items[i].object = 0;
		items[i].index = i;
		items[i].page = me->page[GFN_FIRST + i];
		if (put) {
			book_put_begins(me, key, i == 1);
			memcpy(items[i].page, book_source(me, key, i == 1),
			       HEC_PAGE_SIZE);
		} else {
			book_get_begins(me, key, items[i].page);
		}
	}
}

static void batch_put(struct actor *me, enum world_pool pool)
{
	struct hec_batch_item items[NR_BATCH];
	uint32_t i;

	start_items(me, pool, items, true);
	hec_put_batch(world.cache, client_of(pool), world.pool[pool], items,
		      NR_BATCH);
	for (i = 0; i < NR_BATCH; i++)
		book_put_ends(me, key_of(pool, 0, i), items[i].status);
}

static void batch_get(struct actor *me, enum world_pool pool)
{
	struct hec_batch_item items[NR_BATCH];
	uint32_t i;

	start_items(me, pool, items, false);
	hec_get_batch(world.cache, client_of(pool), world.pool[pool], items,
		      NR_BATCH);
	for (i = 0; i < NR_BATCH; i++)
		book_get_ends(me, key_of(pool, 0, i), items[i].status,
			      items[i].page);
}

static void put_batch(struct actor *me)
{
	batch_put(me, EPHEMERAL);
}

static void get_batch(struct actor *me)
{
	batch_get(me, EPHEMERAL);
}

static void get_kept_batch(struct actor *me)
{
	batch_get(me, PERSISTENT);
}

/* Drops of many pages. */

static void flush_range(struct actor *me)
{
	book_drop_begins(me, key_of(EPHEMERAL, 0, 1));
	book_drop_begins(me, key_of(EPHEMERAL, 0, 2));
	hec_flush_range(world.cache, world.a, world.pool[EPHEMERAL], 0, 1, 2);
	book_drop_ends(me, key_of(EPHEMERAL, 0, 1));
	book_drop_ends(me, key_of(EPHEMERAL, 0, 2));
}

static void flush_object_of(struct actor *me, uint64_t object, uint64_t count)
{
	uint32_t i;

	for (i = 0; i < WORLD_INDICES; i++)
		book_drop_begins(me, key_of(EPHEMERAL, object, i));
	if (count)
		hec_flush_range(world.cache, world.a, world.pool[EPHEMERAL],
				object, 0, count);
	else
		hec_flush_object(world.cache, world.a, world.pool[EPHEMERAL],
				 object);
	for (i = 0; i < WORLD_INDICES; i++)
		book_drop_ends(me, key_of(EPHEMERAL, object, i));
}

static void flush_long_range(struct actor *me)
{
	flush_object_of(me, 0, HEC_MAX_INDEX);
}

static void flush_object(struct actor *me)
{
	flush_object_of(me, WORLD_OBJECT, 0);
}

static void flush_pool(struct actor *me)
{
	book_pool_drop_begins(me, EPHEMERAL);
	hec_flush_pool(world.cache, world.a, world.pool[EPHEMERAL], 0);
	book_pool_drop_ends(me, EPHEMERAL);
}

/* What it drops is not known, but that it is ephemeral. */
static void flush_some(struct actor *me)
{
	(void)me;
	hec_flush_pool(world.cache, world.a, world.pool[EPHEMERAL], 2);
}

static void flush_client(struct actor *me)
{
	book_pool_drop_begins(me, EPHEMERAL);
	hec_client_flush(world.cache, world.a, 0);
	book_pool_drop_ends(me, EPHEMERAL);
}

static void flush_client_some(struct actor *me)
{
	(void)me;
	hec_client_flush(world.cache, world.b, 2);
}

/* Pools. */

static void create_pool(struct actor *me)
{
	uint64_t pool;

	(void)me;
	hec_pool_create(world.cache, world.b, HEC_POOL_INCLUSIVE, &pool);
}

static void end_pool(struct actor *me)
{
	book_pool_drop_begins(me, EPHEMERAL);
	hec_pool_destroy(world.cache, world.a, world.pool[EPHEMERAL], 0);
	book_pool_drop_ends(me, EPHEMERAL);
}

static void begin_to_end_pool(struct actor *me)
{
	(void)me;
	hec_pool_destroy(world.cache, world.a, world.pool[EPHEMERAL], 1);
}

static void end_kept_pool(struct actor *me)
{
	book_pool_drop_begins(me, PERSISTENT);
	hec_pool_destroy(world.cache, world.a, world.pool[PERSISTENT], 0);
	book_pool_drop_ends(me, PERSISTENT);
}

/* A's pool ends, and B has one in the same slot, with a page of the same name. */
static void hand_slot_over(struct actor *me)
{
	struct hec_client *to = world.b;
	uint64_t pool;

	end_pool(me);
	if (!hec_pool_create(world.cache, to, HEC_POOL_EPHEMERAL, &pool))
		hec_put(world.cache, to, pool, 0, 0, me->page[GFN_FIRST]);
}

/* The same, but A has the new pool itself. */
static void renew_pool(struct actor *me)
{
	uint64_t pool;

	end_pool(me);
	if (!hec_pool_create(world.cache, world.a, HEC_POOL_PERSISTENT, &pool))
		hec_put(world.cache, world.a, pool, 0, 0, me->page[GFN_FIRST]);
}

/* Clients. */

static void come_and_go(struct actor *me)
{
	const struct hec_client_config config = { .guaranteed_pages = 1 };
	struct hec_client *client;
	uint64_t pool;

	if (hec_client_create(world.cache, &config, &client))
		return;
	if (!hec_pool_create(world.cache, client, HEC_POOL_EPHEMERAL, &pool))
		hec_put(world.cache, client, pool, WORLD_OBJECT, 1,
			me->page[GFN_FIRST]);
	hec_client_destroy(world.cache, client, 0);
}

static void destroy_client(struct actor *me)
{
	(void)me;
	if (!world.c)
		return;
	hec_client_destroy(world.cache, world.c, 0);
	world.c = NULL;
}

static void change(uint32_t terms, struct hec_client_config config)
{
	const struct hec_client_change change = { .terms = terms,
						  .config = config };

	hec_client_change(world.cache, world.a, &change);
}

/* Persistent pages stay, but no more are admitted. */
static void lower_terms(struct actor *me)
{
	(void)me;
	change(HEC_TERM_MAX | HEC_TERM_GUARANTEED,
	       (struct hec_client_config){ .max_pages = 3,
					   .guaranteed_pages = 1 });
}

static void change_policy(struct actor *me)
{
	uint32_t turn = me->turn++;

	change(HEC_TERM_POLICY,
	       (struct hec_client_config){ .policy = (enum hec_policy_kind)(
						   turn % HEC_NR_POLICIES) });
}

static void ask_terms(struct actor *me)
{
	struct hec_client_config config;

	(void)me;
	hec_client_get(world.cache, world.a, &config);
	hec_client_is_frozen(world.cache, world.a);
}

static void freeze(struct actor *me)
{
	hec_client_freeze(world.cache, world.a, me->turn++ % 2 == 0);
}

static void reset_stats(struct actor *me)
{
	(void)me;
	hec_client_reset_stats(world.cache, world.a);
}

/* The host's. */

static void ask_stats(struct actor *me)
{
	struct hec_pool_info pool = { .pool = UINT64_MAX };
	struct hec_cache_info info;
	struct hec_stats stats;

	(void)me;
	hec_client_stats(world.cache, world.a, &stats);
	hec_cache_stats(world.cache, &stats);
	hec_cache_info(world.cache, &info);
	hec_pool_info(world.cache, world.a, pool.pool, &pool);
	hec_pool_info(world.cache, world.a, pool.pool, &pool);
}

static void set_tax(struct actor *me)
{
	hec_set_idle_tax(world.cache, me->turn++ % 2 ? 0 : 90);
}

static void grow(struct actor *me)
{
	void *chunk = world.spare;

	(void)me;
	world.spare = NULL;
	if (chunk)
		hec_grow(world.cache, chunk);
}

static void shrink(struct actor *me)
{
	void *chunk;

	(void)me;
	if (!hec_shrink(world.cache, &chunk) && !world.spare)
		world.spare = chunk;
}

static void shrink_and_grow(struct actor *me)
{
	shrink(me);
	grow(me);
}

/* A guest's calls. */

static uint64_t guest_call(struct actor *me, uint64_t command, uint64_t a1,
			   uint64_t a2, uint64_t a3)
{
	uint64_t number =
		world.features & HEC_FEATURE_SEQUENCE ? ++world.number : 0;
	const uint64_t arg[4] = { command | number << HEC_ABI_SEQ_SHIFT, a1, a2,
				  a3 };

	return hec_guest_call(world.cache, world.a, me, arg);
}

static void a_pools_drop_begin(struct actor *me)
{
	uint32_t pool;

	for (pool = 0; pool <= PERSISTENT; pool++)
		book_pool_drop_begins(me, pool);
}

static void a_pools_drop_end(struct actor *me)
{
	uint32_t pool;

	for (pool = 0; pool <= PERSISTENT; pool++)
		book_pool_drop_ends(me, pool);
}

static void guest_hello(struct actor *me)
{
	a_pools_drop_begin(me);
	if (!hec_abi_is_err(guest_call(me, HEC_CMD_HELLO, HEC_ABI_VERSION,
				       world.features, 0)))
		a_pools_drop_end(me);
}

/* The number is one that was used. */
static void guest_reverted(struct actor *me)
{
	a_pools_drop_begin(me);
	world.number -= world.number ? 2 : 0;
	guest_call(me, HEC_CMD_FLUSH, world.handle[EPHEMERAL], 0, 0);
}

static void guest_pool_new(struct actor *me)
{
	guest_call(me, HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0);
}

static void guest_pool_end(struct actor *me)
{
	book_pool_drop_begins(me, EPHEMERAL);
	guest_call(me, HEC_CMD_POOL_END, world.handle[EPHEMERAL], 0, 0);
	book_pool_drop_ends(me, EPHEMERAL);
}

/* A put whose pool is no more is HEC_ESTALE; a hole is HEC_EFAULT. */
static void guest_put_from(struct actor *me, uint64_t gfn)
{
	uint32_t key = key_of(EPHEMERAL, 0, 0);
	int err;

	book_put_begins(me, key, false);
	memcpy(me->page[GFN_FIRST], book_source(me, key, false), HEC_PAGE_SIZE);
	err = (int)guest_call(me, HEC_CMD_PUT, world.handle[EPHEMERAL], 0, gfn);
	book_put_ends(me, key, err);
}

static void guest_put(struct actor *me)
{
	guest_put_from(me, GFN_FIRST);
}

static void guest_put_hole(struct actor *me)
{
	guest_put_from(me, GUEST_HOLE);
}

static void guest_get(struct actor *me)
{
	uint32_t key = key_of(EPHEMERAL, 0, 0);
	void *page = me->page[GFN_FIRST];
	int err;

	book_get_begins(me, key, page);
	err = (int)guest_call(me, HEC_CMD_GET, world.handle[EPHEMERAL], 0,
			      GFN_FIRST);
	book_get_ends(me, key, err, page);
}

static void guest_flush(struct actor *me)
{
	uint32_t key = key_of(EPHEMERAL, 0, 0);

	book_drop_begins(me, key);
	guest_call(me, HEC_CMD_FLUSH, world.handle[EPHEMERAL], 0, 0);
	book_drop_ends(me, key);
}

static void guest_flush_range(struct actor *me)
{
	uint32_t i;

	for (i = 0; i < 3; i++)
		book_drop_begins(me, key_of(EPHEMERAL, 0, i));
	guest_call(me, HEC_CMD_FLUSH_RANGE, world.handle[EPHEMERAL], 0, 3);
	for (i = 0; i < 3; i++)
		book_drop_ends(me, key_of(EPHEMERAL, 0, i));
}

static void guest_flush_pool(struct actor *me)
{
	book_pool_drop_begins(me, INCLUSIVE);
	if (!guest_call(me, HEC_CMD_FLUSH_POOL, world.handle[INCLUSIVE], 0, 0))
		book_pool_drop_ends(me, INCLUSIVE);
}

static void guest_batch(struct actor *me, uint64_t command)
{
	struct hec_abi_desc *desc = (void *)me->page[GFN_DESCRIPTORS];
	bool put = command == HEC_CMD_BATCH_PUT;
	struct hec_batch_item items[NR_BATCH];
	uint32_t i;

	start_items(me, EPHEMERAL, items, put);
	for (i = 0; i < NR_BATCH; i++)
		desc[i] = (struct hec_abi_desc){ .index = i,
						 .gfn = GFN_FIRST + i,
						 .status = HEC_ESTALE };
	desc[2].gfn = put ? GUEST_HOLE : desc[2].gfn;
	guest_call(me, command, world.handle[EPHEMERAL], GFN_DESCRIPTORS,
		   NR_BATCH);
	for (i = 0; i < NR_BATCH; i++) {
		uint32_t key = key_of(EPHEMERAL, 0, i);

		if (put)
			book_put_ends(me, key, desc[i].status);
		else
			book_get_ends(me, key, desc[i].status, items[i].page);
	}
}

static void guest_batch_put(struct actor *me)
{
	guest_batch(me, HEC_CMD_BATCH_PUT);
}

static void guest_batch_get(struct actor *me)
{
	guest_batch(me, HEC_CMD_BATCH_GET);
}

/* Each of them in its turn, but those of no limit. */
static void anything(struct actor *me)
{
	uint32_t i, turn = me->turn++;

	for (i = 0; i < nr_operations; i++) {
		const struct operation *operation =
			&operations[(turn + i) % nr_operations];

		if (operation->run == anything || (operation->traits & ALONE))
			continue;
		operation->run(me);
		return;
	}
}

#define OPERATION(run, traits)      \
	{                           \
#run, (run), traits \
	}

const struct operation operations[] = {
	OPERATION(put_old, 0),
	OPERATION(put_new, 0),
	OPERATION(put_object, 0),
	OPERATION(put_new_object, 0),
	OPERATION(put_zero, 0),
	OPERATION(put_inclusive, 0),
	OPERATION(put_kept, 0),
	OPERATION(put_new_kept, 0),
	OPERATION(put_kept_zero, 0),
	OPERATION(put_others, 0),
	OPERATION(get_page, 0),
	OPERATION(get_zero, 0),
	OPERATION(get_ghost, 0),
	OPERATION(get_object, 0),
	OPERATION(get_inclusive, 0),
	OPERATION(get_kept, 0),
	OPERATION(get_others, 0),
	OPERATION(put_failed, 0),
	OPERATION(flush_page, 0),
	OPERATION(flush_ghost, 0),
	OPERATION(flush_kept, 0),
	OPERATION(put_batch, 0),
	OPERATION(get_batch, 0),
	OPERATION(get_kept_batch, 0),
	OPERATION(flush_range, 0),
	OPERATION(flush_long_range, 0),
	OPERATION(flush_object, 0),
	OPERATION(flush_pool, LIMITLESS),
	OPERATION(flush_some, 0),
	OPERATION(flush_client, LIMITLESS),
	OPERATION(flush_client_some, 0),
	OPERATION(create_pool, 0),
	OPERATION(end_pool, LIMITLESS),
	OPERATION(begin_to_end_pool, 0),
	OPERATION(end_kept_pool, LIMITLESS),
	OPERATION(hand_slot_over, LIMITLESS),
	OPERATION(renew_pool, LIMITLESS),
	OPERATION(come_and_go, LIMITLESS),
	OPERATION(destroy_client, ALONE | LIMITLESS),
	OPERATION(lower_terms, 0),
	OPERATION(change_policy, 0),
	OPERATION(ask_terms, READS),
	OPERATION(freeze, 0),
	OPERATION(reset_stats, READS),
	OPERATION(ask_stats, READS),
	OPERATION(set_tax, 0),
	OPERATION(grow, 0),
	OPERATION(shrink, ALONE),
	OPERATION(shrink_and_grow, ALONE),
	OPERATION(guest_hello, 0),
	OPERATION(guest_reverted, 0),
	OPERATION(guest_pool_new, 0),
	OPERATION(guest_pool_end, 0),
	OPERATION(guest_put, 0),
	OPERATION(guest_put_hole, 0),
	OPERATION(guest_get, 0),
	OPERATION(guest_flush, 0),
	OPERATION(guest_flush_range, 0),
	OPERATION(guest_flush_pool, BULK),
	OPERATION(guest_batch_put, 0),
	OPERATION(guest_batch_get, 0),
	OPERATION(anything, 0),
};

const uint32_t nr_operations = sizeof(operations) / sizeof(operations[0]);
