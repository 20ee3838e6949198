/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who pays, frame by frame: for how many frames a payer that was found goes on
 * paying in a large cache, and what memory that lies idle counts.  Pages have no
 * content here.
 */
#include "suites.h"

#include "../../libhecache/src/cache/state.h"

#define MOST_WEIGHT HEC_MAX_WEIGHT

static struct fixture f;

static void make_cache(uint32_t chunk_shift, uint32_t chunks)
{
	struct hec_config config = fixture_config();
	uint64_t size;

	config.max_chunks = chunks;
	config.chunk_shift = chunk_shift;
	config.content = HEC_CONTENT_NONE;
	size = hec_size(&config);
	f.mem = test_memory(size);
	ck_assert_int_eq(hec_init(f.mem, size, &config, &f.cache), 0);
	while (chunks--)
		ck_assert_int_eq(hec_grow(f.cache, f.mem), 0);
}

static void end_cache(void)
{
	void *chunk;

	ck_assert_int_eq(hec_audit(f.cache), 0);
	while (!hec_shrink(f.cache, &chunk))
		;
	hec_fini(f.cache);
	free(f.mem);
}

struct tenant {
	struct hec_client *client;
	uint64_t pool;
	uint32_t next; /* the page that it puts next */
};

static void set(struct tenant *t, uint32_t guaranteed, uint32_t weight)
{
	struct hec_client_config config = { .guaranteed_pages = guaranteed,
					    .weight = weight,
					    .policy = HEC_POLICY_LRU };

	ck_assert_int_eq(hec_client_set(f.cache, t->client, &config), 0);
}

static struct tenant tenant(uint32_t weight)
{
	struct tenant t = { fixture_client(&f, 0), 0, 0 };

	set(&t, 0, weight);
	t.pool = fixture_pool(&f, t.client);
	return t;
}

static void put_new(struct tenant *t, uint32_t nr)
{
	while (nr--)
		ck_assert_int_eq(hec_put(f.cache, t->client, t->pool, 0,
					 t->next++, NULL),
				 0);
}

/* The VM gets the page, if it is there, and evicts it again. */
static void use(struct tenant *t, uint32_t page)
{
	hec_get(f.cache, t->client, t->pool, 0, page, NULL);
	ck_assert_int_eq(hec_put(f.cache, t->client, t->pool, 0, page, NULL),
			 0);
}

static uint32_t frames_of(const struct tenant *t)
{
	return (uint32_t)fixture_stats(&f, t->client).frames;
}

/* A turn for each 2^13 frames, 15 at the most. */
static const struct {
	uint32_t chunk_shift, chunks, turns;
} turns[] = {
	{ 12, 1, 0 },	{ 13, 1, 1 },	{ 13, 3, 3 },
	{ 13, 15, 15 }, { 13, 17, 15 },
};

/* One has nearly all and is found to pay.  Then another gets much heavier. */
static void found_to_pay(struct tenant *payer, struct tenant *other,
			 struct tenant *asking)
{
	struct hec_cache_info info;

	*payer = tenant(MOST_WEIGHT);
	*other = tenant(MOST_WEIGHT);
	*asking = tenant(MOST_WEIGHT);
	put_new(other, 40);
	hec_cache_info(f.cache, &info);
	put_new(payer, (uint32_t)info.frames_free);
	put_new(asking, 1);
	ck_assert_uint_eq(frames_of(payer), info.frames_free - 1);
	set(other, 0, 1);
}

static void end_tenants(const struct tenant *a, const struct tenant *b,
			const struct tenant *c)
{
	hec_client_destroy(f.cache, a->client, 0);
	hec_client_destroy(f.cache, b->client, 0);
	hec_client_destroy(f.cache, c->client, 0);
	end_cache();
}

START_TEST(a_payer_pays_for_its_turns_and_no_more)
{
	struct tenant payer, other, asking;
	uint32_t had;

	make_cache(turns[_i].chunk_shift, turns[_i].chunks);
	found_to_pay(&payer, &other, &asking);
	had = frames_of(&payer);
	put_new(&asking, 20);
	ck_assert_uint_eq(had - frames_of(&payer), turns[_i].turns);
	ck_assert_uint_eq(40 - frames_of(&other), 20 - turns[_i].turns);
	end_tenants(&payer, &other, &asking);
}
END_TEST

/* In its turns, one that need not pay any more leaves it to who asks. */
START_TEST(a_payer_that_is_lighter_than_who_asks_does_not_pay)
{
	struct tenant payer, other, asking;
	uint32_t had;

	make_cache(turns[_i].chunk_shift, turns[_i].chunks);
	found_to_pay(&payer, &other, &asking);
	had = frames_of(&payer);
	set(&payer, had, MOST_WEIGHT);
	put_new(&asking, 20);
	ck_assert_uint_eq(frames_of(&payer), had);
	ck_assert_uint_eq(40 - frames_of(&other), 20 - turns[_i].turns);
	end_tenants(&payer, &other, &asking);
}
END_TEST

#define TAXED 3000u /* frames */

/*
 * One uses its pages again and again, the other only puts new ones.  With a tax of
 * 50 % an idle page counts twice: the one has two thirds of the cache.
 */
static void one_is_busy(struct tenant *busy, struct tenant *idle)
{
	uint32_t i, page;

	ck_assert_int_eq(hec_set_idle_tax(f.cache, 50), 0);
	*busy = tenant(0);
	*idle = tenant(0);
	for (i = 0; i < 6 * TAXED; i++) {
		use(busy, i % TAXED);
		for (page = 0; page < 4; page++)
			use(busy, TAXED + page);
		put_new(idle, 1);
	}
}

START_TEST(an_idle_page_counts_for_its_tax)
{
	struct tenant busy, idle;

	make_cache(3, TAXED / 8);
	one_is_busy(&busy, &idle);
	ck_assert_uint_ge(frames_of(&busy), TAXED * 2 / 3 - 3);
	ck_assert_uint_le(frames_of(&busy), TAXED * 2 / 3 + 3);
	hec_client_destroy(f.cache, busy.client, 0);
	hec_client_destroy(f.cache, idle.client, 0);
	end_cache();
}
END_TEST

/*
 * A tax of 50 %, and pages got lately, in percent of those that @busy has.  An active
 * page counts 1, an idle one 2: which client's pages count more together?
 */
static const struct {
	uint32_t busy_frames, active, idle_frames;
	bool busy_pays;
} burdens[] = {
	{ 1000, 0, 990, true },	  { 1000, 0, 1010, false },
	{ 1000, 25, 860, true },  { 1000, 25, 890, false },
	{ 1000, 50, 740, true },  { 1000, 50, 760, false },
	{ 1000, 100, 490, true }, { 1000, 100, 510, false },
	{ 1000, 300, 490, true }, { 1000, 300, 510, false },
};

START_TEST(who_has_the_greater_burden_pays)
{
	uint32_t frames = burdens[_i].busy_frames + burdens[_i].idle_frames;
	struct tenant busy, idle, asking;

	make_cache(0, frames);
	busy = tenant(1);
	idle = tenant(1);
	asking = tenant(MOST_WEIGHT);
	put_new(&busy, burdens[_i].busy_frames);
	put_new(&idle, burdens[_i].idle_frames);
	ck_assert_int_eq(hec_set_idle_tax(f.cache, 50), 0);
	busy.client->recent =
		burdens[_i].busy_frames * burdens[_i].active / 100;
	put_new(&asking, 1);
	ck_assert_uint_eq(frames_of(&busy),
			  burdens[_i].busy_frames - burdens[_i].busy_pays);
	ck_assert_uint_eq(frames_of(&idle),
			  burdens[_i].idle_frames - !burdens[_i].busy_pays);
	end_tenants(&busy, &idle, &asking);
}
END_TEST

/* Between equals, counted with the frame that it asks for, who asks pays itself. */
START_TEST(between_equals_who_asks_pays)
{
	struct tenant t[2];
	struct tenant *asks = &t[_i], *other = &t[!_i];

	make_cache(0, 101);
	t[0] = tenant(1);
	t[1] = tenant(1);
	put_new(asks, 50);
	put_new(other, 51);
	put_new(asks, 1);
	ck_assert_uint_eq(frames_of(asks), 50);
	ck_assert_uint_eq(frames_of(other), 51);
	hec_client_destroy(f.cache, t[0].client, 0);
	hec_client_destroy(f.cache, t[1].client, 0);
	end_cache();
}
END_TEST

/* Whoever has stopped using its memory is idle, too, after some turns. */
START_TEST(what_was_busy_becomes_idle)
{
	struct tenant busy, idle;

	make_cache(3, TAXED / 8);
	one_is_busy(&busy, &idle);
	put_new(&idle, 16 * TAXED);
	ck_assert_uint_ge(frames_of(&busy), TAXED / 2 - 3);
	ck_assert_uint_le(frames_of(&busy), TAXED / 2 + 3);
	hec_client_destroy(f.cache, busy.client, 0);
	hec_client_destroy(f.cache, idle.client, 0);
	end_cache();
}
END_TEST

Suite *payer_suite(void)
{
	const TTest *const taxed[] = {
		an_idle_page_counts_for_its_tax,
		what_was_busy_becomes_idle,
		NULL,
	};
	Suite *suite = suite_create("payer");
	TCase *tc = suite_case(suite, "payer", NULL, NULL, taxed);

	tcase_add_loop_test(tc, a_payer_pays_for_its_turns_and_no_more, 0,
			    sizeof(turns) / sizeof(turns[0]));
	tcase_add_loop_test(tc, between_equals_who_asks_pays, 0, 2);
	tcase_add_loop_test(tc, who_has_the_greater_burden_pays, 0,
			    sizeof(burdens) / sizeof(burdens[0]));
	tcase_add_loop_test(tc,
			    a_payer_that_is_lighter_than_who_asks_does_not_pay,
			    0, sizeof(turns) / sizeof(turns[0]));
	return suite;
}
