/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Random operations against a naive model, with a full audit after each.
 *
 * The model is a list in order of put; it knows what each key holds.  The cache
 * may lose a page only by evicting the oldest of its client; so for a single
 * client, whose order is known, model and cache must agree on every hit and
 * every miss, through growing, shrinking and the end of pools.
 */
#include "suites.h"

#define MAX_ENTRIES (FIXTURE_CHUNKS * FIXTURE_CHUNK_FRAMES)
#define POOLS 3

struct entry {
	uint64_t pool, object, index, seed;
};

/* Oldest first. */
struct model {
	struct entry entry[2 * MAX_ENTRIES + 1];
	uint32_t nr;
	uint32_t frames; /* in use: an entry of SEED_ZEROES, has none */
	uint32_t room;
};

static uint32_t model_find(const struct model *m, uint64_t pool,
			   uint64_t object, uint64_t index)
{
	uint32_t i;

	for (i = 0; i < m->nr; i++)
		if (m->entry[i].pool == pool && m->entry[i].object == object &&
		    m->entry[i].index == index)
			break;
	return i;
}

static void model_remove(struct model *m, uint32_t at)
{
	m->frames -= m->entry[at].seed != SEED_ZEROES;
	m->nr--;
	memmove(&m->entry[at], &m->entry[at + 1],
		(m->nr - at) * sizeof(m->entry[0]));
}

/* Room for one more is made before the older copy of the key goes. */
static void model_put(struct model *m, const struct entry *e)
{
	uint32_t at;

	while (e->seed != SEED_ZEROES && m->frames == m->room)
		model_remove(m, 0);
	at = model_find(m, e->pool, e->object, e->index);
	if (at < m->nr)
		model_remove(m, at);
	m->entry[m->nr++] = *e;
	m->frames += e->seed != SEED_ZEROES;
}

static void model_drop(struct model *m, uint64_t pool, uint64_t object,
		       uint64_t first, uint64_t count)
{
	uint32_t i = 0;

	while (i < m->nr) {
		const struct entry *e = &m->entry[i];

		if (e->pool == pool && e->object == object &&
		    e->index >= first && e->index - first < count)
			model_remove(m, i);
		else
			i++;
	}
}

static void model_drop_pool(struct model *m, uint64_t pool)
{
	uint32_t i = 0;

	while (i < m->nr)
		if (m->entry[i].pool == pool)
			model_remove(m, i);
		else
			i++;
}

struct run {
	struct fixture f;
	struct hec_client *client;
	struct model m;
	uint64_t pool[POOLS];
	struct xorshift random;
	uint64_t hits;
};

static struct entry random_entry(struct run *r)
{
	struct entry e = {
		.pool = r->pool[random_below(&r->random, POOLS)],
		.object = random_below(&r->random, 3),
		.index = random_below(&r->random, 40),
		.seed = random_below(&r->random, 8) ? random_next(&r->random)
						    : SEED_ZEROES,
	};

	return e;
}

static void do_put(struct run *r)
{
	struct entry e = random_entry(r);
	int err = put_seed(&r->f, r->client, e.pool, e.object, e.index, e.seed);
	bool fits = r->m.room || e.seed == SEED_ZEROES;

	ck_assert_int_eq(err, fits ? 0 : HEC_ENOSPC);
	if (fits)
		model_put(&r->m, &e);
	else
		model_drop(&r->m, e.pool, e.object, e.index, 1);
}

static void do_get(struct run *r)
{
	struct entry e = random_entry(r);
	uint32_t at = model_find(&r->m, e.pool, e.object, e.index);
	bool there = at < r->m.nr;
	int err = get_seed(&r->f, r->client, e.pool, e.object, e.index,
			   there ? r->m.entry[at].seed : 0);

	ck_assert_int_eq(err, there ? 0 : HEC_ENOENT);
	if (there)
		model_remove(&r->m, at);
	r->hits += there;
}

static void do_flush(struct run *r)
{
	struct entry e = random_entry(r);
	uint64_t count = 1 + random_below(&r->random, 60);

	switch (random_below(&r->random, 8)) {
	case 0:
		hec_flush_range(r->f.cache, r->client, e.pool, e.object,
				e.index, count);
		model_drop(&r->m, e.pool, e.object, e.index, count);
		break;
	case 1:
		hec_put_failed(r->f.cache, r->client, e.pool, e.object,
			       e.index);
		model_drop(&r->m, e.pool, e.object, e.index, 1);
		break;
	default:
		hec_flush(r->f.cache, r->client, e.pool, e.object, e.index);
		model_drop(&r->m, e.pool, e.object, e.index, 1);
	}
}

static void do_pool(struct run *r)
{
	uint32_t at = (uint32_t)random_below(&r->random, POOLS);

	model_drop_pool(&r->m, r->pool[at]);
	if (random_below(&r->random, 2)) {
		while (hec_flush_pool(r->f.cache, r->client, r->pool[at], 3))
			;
		return;
	}
	ck_assert_int_eq(
		hec_pool_destroy(r->f.cache, r->client, r->pool[at], 0), 0);
	r->pool[at] = fixture_pool(&r->f, r->client);
}

static void do_resize(struct run *r)
{
	if (random_below(&r->random, 2)) {
		if (r->f.chunks_lent < FIXTURE_CHUNKS)
			fixture_grow(&r->f);
	} else if (r->f.chunks_lent) {
		ck_assert_int_eq(fixture_shrink(&r->f), 0);
	}
	r->m.room = r->f.chunks_lent * FIXTURE_CHUNK_FRAMES;
	while (r->m.frames > r->m.room)
		model_remove(&r->m, 0);
}

static void do_something(struct run *r)
{
	uint64_t what = random_below(&r->random, 1000);

	if (what < 500)
		do_put(r);
	else if (what < 850)
		do_get(r);
	else if (what < 980)
		do_flush(r);
	else if (what < 985)
		do_pool(r);
	else
		do_resize(r);
}

START_TEST(random_operations_agree_with_a_model)
{
	struct hec_config config = fixture_config();
	struct run *r = test_memory(sizeof(*r));
	uint64_t i, rounds = 20000 * test_scale();
	struct hec_stats s;

	r->random.state = test_seed("model");
	config.nr_shards = 1u << random_below(&r->random, 3);
	fixture_start(&r->f, &config, 4);
	r->m.room = 4 * FIXTURE_CHUNK_FRAMES;
	r->client = fixture_client(&r->f, 0);
	for (i = 0; i < POOLS; i++)
		r->pool[i] = fixture_pool(&r->f, r->client);
	for (i = 0; i < rounds; i++) {
		int line;

		do_something(r);
		line = hec_audit(r->f.cache);
		ck_assert_msg(!line, "step %llu: audit.c:%d",
			      (unsigned long long)i, line);
		hec_client_stats(r->f.cache, r->client, &s);
		ck_assert_uint_eq(s.pages, r->m.nr);
	}
	ck_assert_uint_gt(r->hits, rounds / 100);
	fixture_end_client(&r->f, r->client);
	free(r);
}
END_TEST

Suite *model_suite(void)
{
	const TTest *const tests[] = {
		random_operations_agree_with_a_model,
		NULL,
	};

	return suite_of("model", NULL, NULL, tests);
}
