/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The small cache and its book, see world.h.
 */
#include "world.h"

#include "../../libhecache/src/cache/state.h"

#define CHUNK_SHIFT 1u
#define MAX_CHUNKS 6u
#define CHUNK_BYTES (HEC_PAGE_SIZE << CHUNK_SHIFT)
#define TABLE_BYTES (64u << 10)
#define MARK 0xa5
#define GUARANTEED 4u /* to client A */

struct world world;

/* All that the cache has, and a copy of it. */
static struct memory {
	uint8_t table[TABLE_BYTES] __attribute__((aligned(64)));
	uint8_t chunk[MAX_CHUNKS][CHUNK_BYTES];
} now __attribute__((aligned(4096))), then __attribute__((aligned(4096)));

static struct world world_then;
static uint8_t guest_page[2][GUEST_PAGES][HEC_PAGE_SIZE]
	__attribute__((aligned(64)));
static size_t table_bytes;

/* A page for each content that a key can have. */
static uint64_t content[NR_KEYS][NR_WRITERS][HEC_PAGE_SIZE / 8];
static const uint64_t zeroes[HEC_PAGE_SIZE / 8];
static uint64_t mark[HEC_PAGE_SIZE / 8];

static const struct scene {
	const char *says;
	enum hec_policy_kind policy;
	enum hec_content content;
	uint32_t chunks, max_pages, tax;
	bool numbered;
} scenes[NR_SCENES] = {
	{ "s3fifo, full", HEC_POLICY_S3FIFO, HEC_CONTENT_VERIFIED, 5, 0, 0,
	  true },
	{ "arc, full, idle memory taxed", HEC_POLICY_ARC, HEC_CONTENT_VERIFIED,
	  5, 0, 50, false },
	{ "lru, at its maximum", HEC_POLICY_LRU, HEC_CONTENT_VERIFIED, 6, 7, 0,
	  true },
	{ "s3fifo, room for two", HEC_POLICY_S3FIFO, HEC_CONTENT_VERIFIED, 6, 0,
	  0, false },
	{ "arc, no content", HEC_POLICY_ARC, HEC_CONTENT_NONE, 5, 0, 0, false },
	{ "s3fifo, at its maximum, not verified", HEC_POLICY_S3FIFO,
	  HEC_CONTENT_PLAIN, 6, 7, 50, false },
};

const char *world_scene(uint32_t scene)
{
	return scenes[scene].says;
}

void world_wrong(const char *what)
{
	if (!world.wrong)
		world.wrong = what;
}

/* The embedder's part. */

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *page)
{
	struct actor *actor = vcpu;

	(void)write;
	if (gfn >= GUEST_PAGES || gfn == GUEST_HOLE)
		return HEC_EFAULT;
	page->va = actor->page[gfn];
	return HEC_OK;
}

void hec_env_guest_unmap(void *vcpu, struct hec_env_guest_page *page)
{
	(void)vcpu;
	page->va = NULL;
}

int hec_env_guest_admit(void *vcpu, struct hec_client **client)
{
	(void)vcpu;
	*client = world.a;
	return HEC_OK;
}

/* The book. */

uint32_t key_of(enum world_pool pool, uint64_t object, uint64_t index)
{
	return ((uint32_t)pool * 2 + (object != 0)) * WORLD_INDICES +
	       (uint32_t)index;
}

static const void *page_of(uint32_t key, enum writer writer)
{
	return world.zero[key][writer] ? zeroes : content[key][writer];
}

const void *book_source(struct actor *actor, uint32_t key, bool zero)
{
	return zero ? zeroes : content[key][actor->writer];
}

static uint32_t bit(const struct actor *actor)
{
	return 1u << actor->writer;
}

void book_put_begins(struct actor *actor, uint32_t key, bool zero)
{
	int i;

	actor->before[key] = world.live[key] & ~world.under_way[key];
	world.under_way[key] |= bit(actor);
	world.zero[key][actor->writer] = zero;
	world.live[key] |= bit(actor);
	world.stock[key][actor->writer]++;
	world.touched[key]++;
	for (i = 0; i < 2; i++)
		world.actor[i].seen[key] |= bit(actor);
}

void book_put_ends(struct actor *actor, uint32_t key, int err)
{
	world.live[key] &= ~actor->before[key];
	world.under_way[key] &= ~bit(actor);
	if (!err) {
		world.live[key] |= bit(actor);
		return;
	}
	world.refused[key]++;
	world.live[key] &= ~bit(actor);
	world.stock[key][actor->writer]--;
}

void book_get_begins(struct actor *actor, uint32_t key, void *dst)
{
	actor->seen[key] = world.live[key];
	memset(dst, MARK, HEC_PAGE_SIZE);
}

static bool same(const void *page, const void *other)
{
	return !memcmp(page, other, HEC_PAGE_SIZE);
}

static bool key_stays(uint32_t key)
{
	uint32_t pool = key / (2 * WORLD_INDICES);

	return pool == INCLUSIVE || pool == PERSISTENT;
}

/* The writer of what a get of @key handed out; NR_WRITERS: nobody. */
static uint32_t writer_of(uint32_t key, uint32_t seen, const void *page)
{
	uint32_t w;

	for (w = 0; w < NR_WRITERS; w++)
		if ((seen >> w & 1) &&
		    (!world.verified || same(page, page_of(key, w))))
			break;
	return w;
}

void book_get_ends(struct actor *actor, uint32_t key, int err, const void *dst)
{
	uint32_t w;

	if (err) {
		if (!same(dst, mark) && !same(dst, zeroes))
			world_wrong("a get that failed left something");
		return;
	}
	w = writer_of(key, actor->seen[key], dst);
	if (w == NR_WRITERS) {
		world_wrong("a get handed out what was not there");
		return;
	}
	if (key_stays(key) || !world.verified)
		return;
	if (--world.stock[key][w] < 0)
		world_wrong("a page was handed out twice");
	if (world.stock[key][w] == 0)
		world.live[key] &= ~(1u << w);
}

void book_drop_begins(struct actor *actor, uint32_t key)
{
	actor->before[key] = world.live[key] & ~world.under_way[key];
	world.touched[key]++;
}

void book_drop_ends(struct actor *actor, uint32_t key)
{
	world.live[key] &= ~actor->before[key];
}

void book_pool_drop_begins(struct actor *actor, enum world_pool pool)
{
	uint32_t key = key_of(pool, 0, 0), end = key + 2 * WORLD_INDICES;

	for (; key < end; key++)
		book_drop_begins(actor, key);
}

void book_pool_drop_ends(struct actor *actor, enum world_pool pool)
{
	uint32_t key = key_of(pool, 0, 0), end = key + 2 * WORLD_INDICES;

	for (; key < end; key++)
		book_drop_ends(actor, key);
}

/* Checks when no call is in flight. */

static struct hec_client *owner_of(enum world_pool pool)
{
	return pool == OTHERS ? world.b : world.a;
}

/*
 * A persistent page is there if nobody touched it, or a put was accepted and
 * nobody else did.
 */
static bool must_be_there(uint32_t key)
{
	if (key / (2 * WORLD_INDICES) != PERSISTENT)
		return false;
	if (!world.touched[key])
		return world.stock[key][FIRST] > 0;
	return world.touched[key] == 1 && !world.refused[key] &&
	       (world.stock[key][OUTER_CALL] || world.stock[key][INNER_CALL]);
}

static void check_key(enum world_pool pool, uint64_t object, uint64_t index)
{
	static uint8_t page[HEC_PAGE_SIZE] __attribute__((aligned(64)));
	uint32_t key = key_of(pool, object, index);
	bool there = must_be_there(key);
	int err;

	if (!world.live[key] && !world.touched[key])
		return;
	book_get_begins(&world.actor[0], key, page);
	err = hec_get(world.cache, owner_of(pool), world.pool[pool], object,
		      index, page);
	book_get_ends(&world.actor[0], key, err, page);
	if (err && there)
		world_wrong("a persistent page is not there");
}

const char *world_check(void)
{
	static char text[64];
	int line = hec_audit(world.cache);
	uint32_t pool, i;

	if (line) {
		snprintf(text, sizeof(text), "audit.c:%d or ghost.c", line);
		return text;
	}
	if (world.a->stats.persistent_pages > GUARANTEED)
		world_wrong("more persistent pages than are guaranteed");
	for (pool = 0; pool < NR_POOLS; pool++)
		for (i = 0; i < WORLD_INDICES; i++) {
			check_key(pool, 0, i);
			check_key(pool, WORLD_OBJECT, i);
		}
	return world.wrong;
}

/* Making it. */

static uint64_t call(uint64_t command, uint64_t a1, uint64_t a2)
{
	const uint64_t arg[4] = { command, a1, a2, 0 };

	return hec_guest_call(world.cache, world.a, &world.actor[0], arg);
}

static bool make_clients(const struct scene *scene)
{
	struct hec_client_config config = { .guaranteed_pages = GUARANTEED,
					    .max_pages = scene->max_pages,
					    .policy = scene->policy };

	if (hec_client_create(world.cache, &config, &world.a))
		return false;
	config.guaranteed_pages = 0;
	config.max_pages = 0;
	config.policy = HEC_POLICY_ARC;
	if (hec_client_create(world.cache, &config, &world.b))
		return false;
	config.policy = HEC_POLICY_LRU;
	return !hec_client_create(world.cache, &config, &world.c);
}

static bool make_pools(const struct scene *scene)
{
	uint64_t features = HEC_FEATURE_BATCH;
	uint32_t kind;

	if (call(HEC_CMD_HELLO, HEC_ABI_VERSION, features) != features)
		return false;
	for (kind = 0; kind <= HEC_POOL_PERSISTENT; kind++) {
		world.handle[kind] = call(HEC_CMD_POOL_NEW, 0, kind);
		if (hec_abi_is_err(world.handle[kind]))
			return false;
		world.pool[kind] = hec_cipher_decrypt(&world.cache->handles,
						      world.handle[kind]);
	}
	if (scene->numbered) {
		features |= HEC_FEATURE_SEQUENCE;
		world.number = 100;
		hec_sequence_start(&world.a->sequence, world.number);
		world.a->features = features;
	}
	world.features = features;
	return !hec_pool_create(world.cache, world.b, HEC_POOL_EPHEMERAL,
				&world.pool[OTHERS]);
}

static void put_first(enum world_pool pool, uint64_t object, uint64_t index,
		      bool zero)
{
	struct actor first = { .writer = FIRST };
	uint32_t key = key_of(pool, object, index);
	int err;

	book_put_begins(&first, key, zero);
	err = hec_put(world.cache, owner_of(pool), world.pool[pool], object,
		      index, book_source(&first, key, zero));
	book_put_ends(&first, key, err);
	world.touched[key] = 0;
	world.refused[key] = 0;
}

/* Ten frames, and three pages of zeroes; a key that the VM has had before. */
static void fill(void)
{
	static uint8_t page[HEC_PAGE_SIZE] __attribute__((aligned(64)));
	uint64_t pool, i;

	put_first(EPHEMERAL, 0, 3, false);
	hec_get(world.cache, world.a, world.pool[EPHEMERAL], 0, 3, page);
	world.live[key_of(EPHEMERAL, 0, 3)] = 0;
	world.stock[key_of(EPHEMERAL, 0, 3)][FIRST] = 0;
	for (i = 0; i < 2; i++) {
		put_first(PERSISTENT, 0, i, false);
		put_first(EPHEMERAL, 0, i, false);
		put_first(OTHERS, 0, i, false);
	}
	put_first(PERSISTENT, 0, 2, true);
	put_first(EPHEMERAL, 0, 2, true);
	put_first(OTHERS, 0, 2, true);
	put_first(EPHEMERAL, WORLD_OBJECT, 0, false);
	put_first(INCLUSIVE, 0, 0, false);
	put_first(INCLUSIVE, WORLD_OBJECT, 0, false);
	hec_get(world.cache, world.a, world.pool[INCLUSIVE], 0, 0, page);
	if (!hec_pool_create(world.cache, world.c, HEC_POOL_EPHEMERAL, &pool))
		hec_put(world.cache, world.c, pool, 0, 0, content[0][FIRST]);
}

static void make_contents(void)
{
	uint64_t *word = &content[0][0][0];
	size_t i;

	for (i = 0; i < sizeof(content) / sizeof(*word); i++)
		word[i] = (i + 1) * 0x9e3779b97f4a7c15ull;
	memset(mark, MARK, sizeof(mark));
}

static void keep(void)
{
	then = now;
	world_then = world;
}

bool world_make(uint32_t number)
{
	const struct scene *scene = &scenes[number];
	struct hec_config config = { .max_chunks = MAX_CHUNKS,
				     .chunk_shift = CHUNK_SHIFT,
				     .max_clients = 4,
				     .max_pools = 7,
				     .nr_shards = 2,
				     .content = scene->content,
				     .seed = { 1, 2, 3, [31] = 4 } };
	uint32_t i;

	make_contents();
	memset(&world, 0, sizeof(world));
	for (i = 0; i < 2; i++) {
		world.actor[i].writer = OUTER_CALL + i;
		world.actor[i].page = guest_page[i];
	}
	world.verified = scene->content != HEC_CONTENT_NONE;
	table_bytes = hec_size(&config);
	if (hec_init(now.table, sizeof(now.table), &config, &world.cache))
		return false;
	for (i = 0; i < scene->chunks; i++)
		if (hec_grow(world.cache, now.chunk[i]))
			return false;
	world.spare = i < MAX_CHUNKS ? now.chunk[i] : NULL;
	hec_set_idle_tax(world.cache, scene->tax);
	if (!make_clients(scene) || !make_pools(scene))
		return false;
	fill();
	if (world.wrong || hec_audit(world.cache))
		return false;
	keep();
	return true;
}

size_t world_bytes(void)
{
	return table_bytes;
}

void world_restore(void)
{
	memcpy(now.table, then.table, table_bytes);
	memcpy(now.chunk, then.chunk, sizeof(now.chunk));
	world = world_then;
}
