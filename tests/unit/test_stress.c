/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Threads on one cache: two work on the same client, two on one of their own, a
 * fifth grows and shrinks.  Every hit is checked; the audit follows when all
 * have stopped.  Run under ThreadSanitizer too.
 */
#include "suites.h"

#include <sched.h>

#define WORKERS 4
#define KEYS 64

struct stress {
	struct fixture f;
	struct hec_client *client[3];
	uint64_t pool[3];
	uint64_t seed;
	uint64_t rounds;
	uint64_t hits[WORKERS];
	bool stop;
};

struct worker {
	struct stress *s;
	uint32_t number;
	uint32_t client;
};

/*
 * Workers of one client put the same content under the same key, so whatever a
 * get finds there must hold it.
 */
static void work_once(const struct worker *w, struct xorshift *random)
{
	struct stress *s = w->s;
	struct hec_client *client = s->client[w->client];
	uint64_t pool = s->pool[w->client];
	uint64_t object = random_below(random, 2);
	uint64_t index = random_below(random, KEYS);
	uint64_t seed = w->client * 1000 + object * 100 + index;
	int err;

	switch (random_below(random, 8)) {
	case 0:
		hec_flush(s->f.cache, client, pool, object, index);
		break;
	case 1:
	case 2:
	case 3:
		err = get_seed(&s->f, client, pool, object, index, seed);
		ck_assert(err == 0 || err == HEC_ENOENT);
		s->hits[w->number] += err == 0;
		break;
	default:
		err = put_seed(&s->f, client, pool, object, index, seed);
		ck_assert(err == 0 || err == HEC_ENOSPC);
	}
}

static void *work(void *arg)
{
	const struct worker *w = arg;
	struct xorshift random = { w->s->seed + w->number * 2 };
	uint64_t i;

	for (i = 0; i < w->s->rounds; i++)
		work_once(w, &random);
	return NULL;
}

static void *resize(void *arg)
{
	struct stress *s = arg;
	struct xorshift random = { s->seed + 99 };

	while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED)) {
		if (random_below(&random, 2)) {
			if (s->f.chunks_lent < FIXTURE_CHUNKS)
				fixture_grow(&s->f);
		} else if (s->f.chunks_lent) {
			int err = fixture_shrink(&s->f);

			ck_assert(err == 0 || err == HEC_EAGAIN);
		}
		sched_yield();
	}
	return NULL;
}

static void thread_start(pthread_t *thread, void *(*run)(void *),
			 void *argument)
{
	ck_assert_int_eq(pthread_create(thread, NULL, run, argument), 0);
}

START_TEST(threads_get_only_what_was_put)
{
	static const uint32_t client_of[WORKERS] = { 0, 0, 1, 2 };
	struct hec_config config = fixture_config();
	struct stress *s = test_memory(sizeof(*s));
	pthread_t thread[WORKERS], resizer;
	struct worker worker[WORKERS];
	uint32_t i;

	s->seed = test_seed("stress");
	s->rounds = 100000 * test_scale();
	fixture_start(&s->f, &config, 8);
	for (i = 0; i < 3; i++) {
		s->client[i] = fixture_client(&s->f, i == 2 ? 20 : 0);
		s->pool[i] = fixture_pool(&s->f, s->client[i]);
	}
	thread_start(&resizer, resize, s);
	for (i = 0; i < WORKERS; i++) {
		worker[i] = (struct worker){ s, i, client_of[i] };
		thread_start(&thread[i], work, &worker[i]);
	}
	for (i = 0; i < WORKERS; i++)
		pthread_join(thread[i], NULL);
	__atomic_store_n(&s->stop, true, __ATOMIC_RELAXED);
	pthread_join(resizer, NULL);
	ck_assert_int_eq(hec_audit(s->f.cache), 0);
	for (i = 0; i < WORKERS; i++)
		ck_assert_uint_gt(s->hits[i], 0);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(
			hec_client_destroy(s->f.cache, s->client[i], 0), 0);
	fixture_end(&s->f);
	free(s);
}
END_TEST

/* Pools of two clients come and go in the same slots while gets run. */
struct churn {
	struct stress *s;
	uint32_t client;
};

static void *churn(void *arg)
{
	const struct churn *c = arg;
	struct stress *s = c->s;
	struct hec_client *client = s->client[c->client];
	uint64_t i, k, old = 0;

	for (i = 0; i < s->rounds; i++) {
		uint64_t pool, seed = c->client * 1000 + i;

		if (hec_pool_create(s->f.cache, client, HEC_POOL_EPHEMERAL,
				    &pool))
			continue;
		for (k = 0; k < 4; k++)
			put_seed(&s->f, client, pool, 0, k, seed + k);
		for (k = 0; k < 2; k++)
			get_seed(&s->f, client, pool, 0, k, seed + k);
		ck_assert_int_eq(get_seed(&s->f, client, old, 0, 3, 0),
				 HEC_ESTALE);
		ck_assert_int_eq(hec_pool_destroy(s->f.cache, client, pool, 0),
				 0);
		old = pool;
	}
	return NULL;
}

START_TEST(slots_change_hands)
{
	struct hec_config config = fixture_config();
	struct stress *s = test_memory(sizeof(*s));
	struct churn job[3];
	pthread_t thread[3];
	uint32_t i;

	config.max_pools = 2;
	s->rounds = 20000 * test_scale();
	fixture_start(&s->f, &config, 8);
	for (i = 0; i < 3; i++) {
		s->client[i] = fixture_client(&s->f, 0);
		job[i] = (struct churn){ s, i };
		thread_start(&thread[i], churn, &job[i]);
	}
	for (i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(
			hec_client_destroy(s->f.cache, s->client[i], 0), 0);
	fixture_end(&s->f);
	free(s);
}
END_TEST

Suite *stress_suite(void)
{
	const TTest *const tests[] = {
		threads_get_only_what_was_put,
		slots_change_hands,
		NULL,
	};

	return suite_of("stress", NULL, NULL, tests);
}
