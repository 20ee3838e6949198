/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Small caches hit as often as the definitions of their policies do, on random
 * streams of a VM's requests: Zipf's law, loops, scans, and mixtures.
 *
 * E-LRU is exact.  In the others a ghost may be lost, where the table has no room
 * near its place, or be taken for another key's; and E-ARC's target has 16 bits of
 * fraction.
 */
#include "naive.h"
#include "suites.h"

#include <math.h>

#define REQUESTS 30000u
#define NO_PAGE UINT32_MAX

/* In the mean of all streams, in points of all requests. */
#define MOST_LESS 0.1
/* Of all streams, in per cent.  A ghost more or less can change a loop for long. */
#define LEAST_EXACT 80

struct stream {
	struct xorshift random;
	uint32_t cache; /* pages */
	uint32_t keys; /* of Zipf's law */
	double skew;
	uint32_t at, left; /* of a scan or loop */
};

/* Roughly: the k-th key has a share of 1 / k^skew. */
static uint32_t zipf(struct stream *s)
{
	double u = (double)random_below(&s->random, 1u << 30) / (1u << 30);
	double power = 1 - s->skew;

	return (uint32_t)pow(u * (pow(s->keys, power) - 1) + 1, 1 / power) - 1;
}

static uint32_t loop(struct stream *s)
{
	return NAIVE_KEYS / 2 + s->at++ % (s->cache + s->cache / 4);
}

static uint32_t zipf_and_scans(struct stream *s)
{
	if (!s->left && !random_below(&s->random, 500))
		s->left = s->cache;
	if (!s->left)
		return zipf(s);
	s->left--;
	return NAIVE_KEYS / 2 + s->at++ % (NAIVE_KEYS / 2);
}

static uint32_t zipf_and_loop(struct stream *s)
{
	return random_below(&s->random, 3) ? zipf(s) : loop(s);
}

static uint32_t drifting(struct stream *s)
{
	return zipf(s) + s->at++ / 50;
}

static uint32_t (*const next[])(struct stream *s) = {
	zipf, loop, zipf_and_scans, zipf_and_loop, drifting,
};
#define NR_STREAMS ((int)(sizeof(next) / sizeof(next[0])))

/* A VM's memory: an LRU of so many pages. */
struct memory {
	uint32_t room, nr;
	uint32_t page[1024]; /* oldest first */
};

/* True: it has it. */
static bool memory_use(struct memory *m, uint32_t page)
{
	uint32_t i;

	for (i = 0; i < m->nr && m->page[i] != page; i++)
		;
	if (i == m->nr)
		return false;
	memmove(&m->page[i], &m->page[i + 1],
		(m->nr - i - 1) * sizeof(m->page[0]));
	m->page[m->nr - 1] = page;
	return true;
}

/* The page that goes for @page; NO_PAGE: none. */
static uint32_t memory_admit(struct memory *m, uint32_t page)
{
	uint32_t victim = page;

	if (m->nr < m->room) {
		m->page[m->nr++] = page;
		return NO_PAGE;
	}
	if (m->room) {
		victim = m->page[0];
		memory_use(m, victim);
		m->page[m->nr - 1] = page;
	}
	return victim;
}

struct second {
	struct fixture f;
	struct hec_client *client;
	uint64_t pool;
	struct naive *naive;
};

static void second_start(struct second *s, enum hec_policy_kind kind,
			 uint32_t pages)
{
	struct hec_config config = fixture_config();
	struct hec_client_config terms = { .policy = kind };

	memset(s, 0, sizeof(*s));
	config.chunk_shift = 0;
	config.max_chunks = pages;
	config.nr_shards = 0;
	config.content = HEC_CONTENT_NONE;
	fixture_start(&s->f, &config, pages);
	ck_assert_int_eq(hec_client_create(s->f.cache, &terms, &s->client), 0);
	s->pool = fixture_pool(&s->f, s->client);
	s->naive = naive_make(kind, pages);
}

static void second_end(struct second *s)
{
	fixture_end_client(&s->f, s->client);
	free(s->naive);
}

/* Hits of the library less those of the definition, in points of all requests. */
static double difference(enum hec_policy_kind kind, int stream, uint64_t seed,
			 uint32_t pages, uint32_t vm_pages, uint32_t requests)
{
	struct stream s = { .random.state = seed,
			    .cache = pages,
			    .keys = pages * 6,
			    .skew = 0.8 };
	struct memory memory = { .room = vm_pages };
	struct second second;
	int64_t hits = 0;
	uint32_t i;

	second_start(&second, kind, pages);
	for (i = 0; i < requests; i++) {
		uint32_t page = next[stream](&s), victim;

		if (memory_use(&memory, page))
			continue;
		hits += !hec_get(second.f.cache, second.client, second.pool, 0,
				 page, NULL);
		hits -= naive_get(second.naive, page);
		victim = memory_admit(&memory, page);
		if (victim == NO_PAGE)
			continue;
		hec_put(second.f.cache, second.client, second.pool, 0, victim,
			NULL);
		naive_put(second.naive, victim);
	}
	second_end(&second);
	return 100.0 * (double)hits / requests;
}

START_TEST(lru_hits_what_its_definition_does)
{
	struct xorshift random = { test_seed("definitions") };

	ck_assert(difference(HEC_POLICY_LRU, _i, random_next(&random) | 1, 100,
			     100, REQUESTS) == 0);
}
END_TEST

static const enum hec_policy_kind others[] = { HEC_POLICY_ARC,
					       HEC_POLICY_S3FIFO };

/* The VM has half as much memory as the cache, as much, and half as much again. */
START_TEST(small_caches_hit_what_their_definition_does)
{
	struct xorshift random = { test_seed("definitions") };
	uint32_t exact = 0, nr = 0, i;
	double sum = 0;
	int stream;

	for (stream = 0; stream < NR_STREAMS; stream++)
		for (i = 0; i < 9; i++, nr++) {
			uint32_t pages =
				50 + (uint32_t)random_below(&random, 550);
			double d = difference(others[_i], stream,
					      random_next(&random) | 1, pages,
					      pages * (1 + i % 3) / 2,
					      i % 2 ? 7000 : REQUESTS);

			sum += d;
			exact += d == 0;
		}
	ck_assert_msg(sum / nr >= -MOST_LESS, "%f points less in the mean",
		      -sum / nr);
	ck_assert_msg(exact >= nr * LEAST_EXACT / 100, "%u of %u are exact",
		      exact, nr);
}
END_TEST

Suite *definitions_suite(void)
{
	Suite *suite = suite_create("definitions");
	TCase *tc = tcase_create("definitions");

	tcase_set_timeout(tc, 0);
	tcase_add_loop_test(tc, lru_hits_what_its_definition_does, 0,
			    NR_STREAMS);
	tcase_add_loop_test(tc, small_caches_hit_what_their_definition_does, 0,
			    2);
	suite_add_tcase(suite, tc);
	return suite;
}
