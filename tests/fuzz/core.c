/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fuzzes the cache: sequences of operations against a naive model, with a full
 * audit after each.
 *
 * The first bytes of the input choose the configuration, then every four are an
 * operation: what, where, which page, what content.  The model remembers what
 * was put last under each key.  The cache may have lost that, unless the pool
 * is persistent; what it hands out must be that.
 */
#include <hecache/hecache.h>

#include "fuzz.h"

#define CHUNK_SHIFT 2
#define CHUNKS 6
#define CLIENTS 2
#define POOLS 2 /* of each client */
#define OBJECTS 3
#define INDICES 12
#define BATCH 4

/* What was put last; content 0: nothing. */
struct model_pool {
	uint64_t id;
	enum hec_pool_kind kind;
	uint8_t content[OBJECTS][INDICES];
};

struct model_client {
	struct hec_client *client;
	struct hec_client_config config;
	struct model_pool pool[POOLS];
};

struct run {
	struct bytes bytes;
	void *mem;
	struct hec_cache *cache;
	struct model_client client[CLIENTS];
	bool lent[CHUNKS];
	uint8_t chunk[CHUNKS][HEC_PAGE_SIZE << CHUNK_SHIFT]
		__attribute__((aligned(64)));
	uint64_t page[BATCH][HEC_PAGE_SIZE / 8] __attribute__((aligned(64)));
};

struct operation {
	uint8_t what, where, which, content;
};

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *page)
{
	(void)vcpu, (void)gfn, (void)write, (void)page;
	return HEC_EFAULT;
}

int hec_env_guest_admit(void *vcpu, struct hec_client **client)
{
	(void)vcpu, (void)client;
	return HEC_EPERM;
}

void hec_env_guest_unmap(void *vcpu, struct hec_env_guest_page *page)
{
	(void)vcpu, (void)page;
}

/* Contents that are multiples of 8 are zero pages. */
static uint64_t word_of(uint8_t content)
{
	return content % 8 ? content * 0x9e3779b97f4a7c15ull : 0;
}

static void fill(uint64_t *page, uint8_t content)
{
	uint32_t i;

	for (i = 0; i < HEC_PAGE_SIZE / 8; i++)
		page[i] = word_of(content);
}

static bool holds(const uint64_t *page, uint8_t content)
{
	uint32_t i;

	for (i = 0; i < HEC_PAGE_SIZE / 8; i++)
		if (page[i] != word_of(content))
			return false;
	return true;
}

/* Where an operation goes */

static struct model_client *client_of(struct run *run,
				      const struct operation *op)
{
	return &run->client[op->where % CLIENTS];
}

static struct model_pool *pool_of(struct run *run, const struct operation *op)
{
	return &client_of(run, op)->pool[op->where / CLIENTS % POOLS];
}

static uint32_t object_of(const struct operation *op)
{
	return op->where / (CLIENTS * POOLS) % OBJECTS;
}

static uint8_t *content_of(struct run *run, const struct operation *op)
{
	return &pool_of(run, op)->content[object_of(op)][op->which % INDICES];
}

/* Clients and pools */

static void start_pool(struct run *run, struct model_client *c,
		       struct model_pool *pool, uint8_t kind)
{
	memset(pool, 0, sizeof(*pool));
	pool->kind = (enum hec_pool_kind)(kind % 3);
	REQUIRE(!hec_pool_create(run->cache, c->client, pool->kind, &pool->id));
}

static void choose_config(struct model_client *c, uint8_t byte)
{
	c->config.policy = (enum hec_policy_kind)(byte % HEC_NR_POLICIES);
	c->config.guaranteed_pages = byte / 3 % 4 * 3;
	c->config.max_pages = byte / 12 % 2 ? 10 : 0;
	c->config.weight = byte / 24 % 3 * 50;
}

static void start_client(struct run *run, struct model_client *c)
{
	uint32_t i;
	int err;

	choose_config(c, next_byte(&run->bytes));
	/* A guarantee can be made only of frames that there are. */
	err = hec_client_create(run->cache, &c->config, &c->client);
	if (err == HEC_ENOSPC) {
		c->config.guaranteed_pages = 0;
		err = hec_client_create(run->cache, &c->config, &c->client);
	}
	REQUIRE(!err);
	for (i = 0; i < POOLS; i++)
		start_pool(run, c, &c->pool[i], next_byte(&run->bytes));
}

static void end_client(struct run *run, struct model_client *c, uint8_t budget)
{
	while (hec_client_destroy(run->cache, c->client, budget))
		;
}

static void end_pool(struct run *run, const struct operation *op)
{
	struct model_client *c = client_of(run, op);
	struct model_pool *pool = pool_of(run, op);

	while (hec_pool_destroy(run->cache, c->client, pool->id,
				op->which % 4)) {
		memset(pool->content, 0, sizeof(pool->content));
		REQUIRE(hec_put(run->cache, c->client, pool->id, 0, 0,
				run->page[0]) == HEC_ESTALE);
	}
	REQUIRE(hec_get(run->cache, c->client, pool->id, 0, 0, run->page[0]) ==
		HEC_ESTALE);
	start_pool(run, c, pool, op->content);
}

/* Pages */

static void note_put(struct run *run, const struct operation *op, int err)
{
	REQUIRE(err == 0 || err == HEC_ENOSPC);
	*content_of(run, op) = err ? 0 : (uint8_t)(op->content | 1 << 7);
}

static void put(struct run *run, const struct operation *op)
{
	fill(run->page[0], (uint8_t)(op->content | 1 << 7));
	note_put(run, op,
		 hec_put(run->cache, client_of(run, op)->client,
			 pool_of(run, op)->id, object_of(op),
			 op->which % INDICES, run->page[0]));
}

static void note_get(struct run *run, const struct operation *op, int err,
		     const uint64_t *page)
{
	const struct model_pool *pool = pool_of(run, op);
	uint8_t *content = content_of(run, op);

	REQUIRE(err == 0 || err == HEC_ENOENT);
	if (!err)
		REQUIRE(*content && holds(page, *content));
	if (pool->kind == HEC_POOL_PERSISTENT)
		REQUIRE(!err == !!*content);
	if (err || pool->kind == HEC_POOL_EPHEMERAL)
		*content = 0;
}

static void get(struct run *run, const struct operation *op)
{
	int err = hec_get(run->cache, client_of(run, op)->client,
			  pool_of(run, op)->id, object_of(op),
			  op->which % INDICES, run->page[0]);

	note_get(run, op, err, run->page[0]);
}

/* Neighbours of one pool, whose keys differ. */
static void batch(struct run *run, const struct operation *op, bool is_put)
{
	struct hec_batch_item item[BATCH];
	struct operation one[BATCH];
	struct hec_client *client = client_of(run, op)->client;
	uint64_t pool = pool_of(run, op)->id;
	uint32_t i;

	for (i = 0; i < BATCH; i++) {
		one[i] = *op;
		one[i].which = (uint8_t)(op->which % INDICES + i) % INDICES;
		one[i].content = (uint8_t)(op->content + i);
		fill(run->page[i], (uint8_t)(one[i].content | 1 << 7));
		item[i].object = object_of(op);
		item[i].index = one[i].which;
		item[i].page = run->page[i];
	}
	REQUIRE(!(is_put ? hec_put_batch : hec_get_batch)(run->cache, client,
							  pool, item, BATCH));
	for (i = 0; i < BATCH; i++)
		if (is_put)
			note_put(run, &one[i], item[i].status);
		else
			note_get(run, &one[i], item[i].status, run->page[i]);
}

/* A single page, a range, an object or a whole pool. */
static void flush(struct run *run, const struct operation *op)
{
	struct hec_client *client = client_of(run, op)->client;
	struct model_pool *pool = pool_of(run, op);
	uint32_t object = object_of(op), first = op->which % INDICES, i;
	uint32_t count = 1;

	switch (op->content % 5) {
	case 0:
		hec_flush(run->cache, client, pool->id, object, first);
		break;
	case 1:
		hec_put_failed(run->cache, client, pool->id, object, first);
		break;
	case 2:
		count = op->content;
		hec_flush_range(run->cache, client, pool->id, object, first,
				count);
		break;
	case 3:
		first = 0;
		count = INDICES;
		hec_flush_object(run->cache, client, pool->id, object);
		break;
	default:
		while (hec_flush_pool(run->cache, client, pool->id,
				      op->which % 4))
			;
		memset(pool->content, 0, sizeof(pool->content));
	}
	for (i = first; i < INDICES && i - first < count; i++)
		pool->content[object][i] = 0;
}

/* Chunks and settings */

static void grow(struct run *run)
{
	uint32_t i;

	for (i = 0; i < CHUNKS; i++)
		if (!run->lent[i])
			break;
	if (i == CHUNKS) {
		REQUIRE(hec_grow(run->cache, run->chunk[0]) == HEC_ENOMEM);
		return;
	}
	REQUIRE(!hec_grow(run->cache, run->chunk[i]));
	run->lent[i] = true;
}

static int shrink(struct run *run)
{
	void *chunk = NULL;
	int err = hec_shrink(run->cache, &chunk);
	size_t i;

	REQUIRE(err == 0 || err == HEC_ENOENT || err == HEC_ENOSPC);
	if (err)
		return err;
	i = (size_t)((uint8_t *)chunk - run->chunk[0]) / sizeof(run->chunk[0]);
	REQUIRE(i < CHUNKS && chunk == run->chunk[i] && run->lent[i]);
	run->lent[i] = false;
	memset(chunk, 0xdb, sizeof(run->chunk[i]));
	return 0;
}

static void change_client(struct run *run, const struct operation *op)
{
	struct model_client *c = client_of(run, op);
	int err;

	switch (op->which % 4) {
	case 0:
		hec_client_freeze(run->cache, c->client, op->content & 1);
		break;
	case 1:
		REQUIRE(!hec_set_idle_tax(run->cache, op->content % 96));
		break;
	case 2:
		end_client(run, c, op->content % 4);
		start_client(run, c);
		break;
	default:
		choose_config(c, op->content);
		err = hec_client_set(run->cache, c->client, &c->config);
		REQUIRE(err == 0 || err == HEC_ENOSPC);
	}
}

static void run_one(struct run *run, const struct operation *op)
{
	switch (op->what % 16) {
	case 0:
		grow(run);
		break;
	case 1:
		shrink(run);
		break;
	case 2:
		end_pool(run, op);
		break;
	case 3:
		change_client(run, op);
		break;
	case 4:
		flush(run, op);
		break;
	case 5:
		batch(run, op, true);
		break;
	case 6:
		batch(run, op, false);
		break;
	case 7:
	case 8:
	case 9:
	case 10:
		get(run, op);
		break;
	default:
		put(run, op);
	}
}

static void start(struct run *run)
{
	struct hec_config config = {
		.max_chunks = CHUNKS,
		.chunk_shift = CHUNK_SHIFT,
		.max_clients = CLIENTS,
		.max_pools = 2 * CLIENTS * POOLS, /* half is reserved */
		.seed = { 1, 2, 3 },
	};
	uint64_t len;
	uint32_t i;

	config.nr_shards = 1u << next_byte(&run->bytes) % 3;
	len = hec_size(&config);
	run->mem = aligned_alloc(64, len);
	REQUIRE(run->mem && !hec_init(run->mem, len, &config, &run->cache));
	grow(run);
	grow(run);
	for (i = 0; i < CLIENTS; i++)
		start_client(run, &run->client[i]);
}

static void end(struct run *run)
{
	uint32_t i;

	for (i = 0; i < CLIENTS; i++)
		end_client(run, &run->client[i], 0);
	for (i = 0; i < CHUNKS; i++)
		if (run->lent[i])
			break;
	while (!shrink(run))
		;
	for (i = 0; i < CHUNKS; i++)
		REQUIRE(!run->lent[i]);
	REQUIRE(!hec_audit(run->cache));
	hec_fini(run->cache);
	free(run->mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run run;
	int line;

	memset(run.lent, 0, sizeof(run.lent));
	run.bytes = (struct bytes){ data, size };
	start(&run);
	while (run.bytes.size >= sizeof(struct operation)) {
		struct operation op;

		op.what = next_byte(&run.bytes);
		op.where = next_byte(&run.bytes);
		op.which = next_byte(&run.bytes);
		op.content = next_byte(&run.bytes);
		run_one(&run, &op);
		line = hec_audit(run.cache);
		if (line)
			fprintf(stderr, "audit.c:%d\n", line);
		REQUIRE(!line);
	}
	end(&run);
	return 0;
}
