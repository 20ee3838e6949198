/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who forgets when the table of ghosts is crowded: of a few clients, looked at in
 * turn, the one with the most ghosts beyond what its own pages allow.
 */
#include "suites.h"

#include "../../libhecache/src/cache/past.h"

#define CLIENTS 14u /* more than are looked at in one turn */
#define PAGES 8u

static struct fixture f;
static struct hec_client *clients[CLIENTS];
static uint64_t pools[CLIENTS];

static void start(void)
{
	struct hec_client_config terms = { .policy = HEC_POLICY_ARC };
	struct hec_config config = fixture_config();
	uint32_t i;

	config.max_clients = CLIENTS;
	fixture_start(&f, &config, FIXTURE_CHUNKS);
	for (i = 0; i < CLIENTS; i++) {
		clients[i] = fixture_client_on(&f, &terms);
		pools[i] = fixture_pool(&f, clients[i]);
	}
}

static void end(void)
{
	uint32_t i;

	for (i = 0; i < CLIENTS; i++)
		ck_assert_int_eq(hec_client_destroy(f.cache, clients[i], 0), 0);
	fixture_end(&f);
}

/* Client @i has put @nr pages, got them back, and so has as many ghosts too many. */
static void remember(uint32_t i, uint32_t nr)
{
	uint64_t index;

	put_range(&f, clients[i], pools[i], 0, nr);
	for (index = 0; index < nr; index++)
		ck_assert_int_eq(
			get_seed(&f, clients[i], pools[i], 0, index, index), 0);
	ck_assert_uint_eq(clients[i]->policy.past.nr[HEC_GHOST_UP], nr);
	ck_assert_uint_gt(hec_past_excess(&clients[i]->policy), 0);
}

static uint32_t ghosts(uint32_t i)
{
	return clients[i]->policy.past.nr[HEC_GHOST_UP];
}

/* Client @i finds the table crowded. */
static void relieve(uint32_t i)
{
	clients[i]->policy.past.crowded = true;
	hec_past_relieve(f.cache, clients[i]);
	ck_assert(!clients[i]->policy.past.crowded);
	ck_assert_int_eq(hec_audit(f.cache), 0);
}

START_TEST(nothing_is_forgotten_while_there_is_room)
{
	remember(3, PAGES);
	hec_past_relieve(f.cache, clients[3]);
	ck_assert_uint_eq(ghosts(3), PAGES);
}
END_TEST

/* Wherever it is, two turns at most find it; and the honest one keeps its past. */
START_TEST(the_largest_excess_is_found)
{
	uint32_t largest = (uint32_t)_i, honest = (largest + 5) % CLIENTS;
	uint32_t small = (largest + 3) % CLIENTS, turn, i;

	put_range(&f, clients[honest], pools[honest], 0, 2 * PAGES);
	for (i = 0; i < PAGES; i++)
		ck_assert_int_eq(get_seed(&f, clients[honest], pools[honest], 0,
					  i, i),
				 0);
	ck_assert_uint_eq(hec_past_excess(&clients[honest]->policy), 0);
	remember(small, 2);
	remember(largest, PAGES);
	for (turn = 0; turn < 2 && ghosts(largest) == PAGES; turn++)
		relieve(honest);
	ck_assert_uint_eq(hec_past_excess(&clients[largest]->policy), 0);
	ck_assert_uint_lt(ghosts(largest), PAGES);
	ck_assert_uint_eq(ghosts(honest), PAGES);
	relieve(honest);
	relieve(honest);
	ck_assert_uint_eq(hec_past_excess(&clients[small]->policy), 0);
	ck_assert_uint_eq(ghosts(honest), PAGES);
}
END_TEST

START_TEST(a_few_are_forgotten_at_a_time)
{
	remember(3, 40);
	relieve(3);
	ck_assert_uint_eq(ghosts(3), 24);
	relieve(3);
	ck_assert_uint_eq(ghosts(3), 8);
}
END_TEST

/* The ghosts of a client that goes are forgotten by budget, too. */
START_TEST(a_client_with_a_past_goes_by_steps)
{
	uint32_t calls = 0;

	remember(CLIENTS - 1, 100);
	while (hec_client_destroy(f.cache, clients[CLIENTS - 1], 30)) {
		calls++;
		ck_assert_uint_eq(ghosts(CLIENTS - 1), 100 - calls * 30);
		ck_assert_int_eq(hec_audit(f.cache), 0);
	}
	ck_assert_uint_eq(calls, 3);
	clients[CLIENTS - 1] = fixture_client(&f, 0);
}
END_TEST

/* Who paid last is looked at again, wherever the turn has got to. */
START_TEST(who_has_too_many_pays_again_and_again)
{
	uint32_t largest = (uint32_t)_i, other = (largest + 1) % CLIENTS;

	remember(largest, 100);
	while (ghosts(largest) == 100)
		relieve(other);
	ck_assert_uint_eq(ghosts(largest), 84);
	relieve(other);
	ck_assert_uint_eq(ghosts(largest), 68);
	relieve(other);
	ck_assert_uint_eq(ghosts(largest), 52);
}
END_TEST

/* Of all kinds; what its own pages allow is no excess. */
START_TEST(an_excess_is_of_all_ghosts_together)
{
	struct hec_policy policy;
	uint32_t row;
	static const struct {
		uint32_t pages[2], ghosts[HEC_NR_GHOSTS], excess;
	} rows[] = {
		{ { 0, 0 }, { 1, 2, 4 }, 7 },	{ { 2, 0 }, { 1, 2, 4 }, 4 },
		{ { 2, 2 }, { 1, 2, 4 }, 1 },	{ { 3, 2 }, { 1, 2, 4 }, 0 },
		{ { 100, 2 }, { 1, 2, 4 }, 0 },
	};

	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		memset(&policy, 0, sizeof(policy));
		memcpy(policy.nr, rows[row].pages, sizeof(rows[row].pages));
		memcpy(policy.past.nr, rows[row].ghosts,
		       sizeof(rows[row].ghosts));
		ck_assert_uint_eq(hec_past_excess(&policy), rows[row].excess);
	}
}
END_TEST

/* A get that hands a page up makes a ghost, and so does an eviction. */
START_TEST(whoever_made_the_ghost_sees_to_it)
{
	bool *crowded = &clients[2]->policy.past.crowded;
	uint64_t index;

	put_range(&f, clients[2], pools[2], 0,
		  FIXTURE_CHUNKS * FIXTURE_CHUNK_FRAMES);
	*crowded = true;
	put_range(&f, clients[2], pools[2], 1000, 1);
	ck_assert(!*crowded);
	for (index = 100; index < 102; index++) {
		*crowded = true;
		ck_assert_int_eq(
			get_seed(&f, clients[2], pools[2], 0, index, index), 0);
		ck_assert(!*crowded);
	}
}
END_TEST

/* The hand goes on where the last turn ended, so each client has its turn. */
START_TEST(every_client_has_its_turn)
{
	uint32_t seen[CLIENTS] = { 0 }, turn, i;

	for (turn = 0; turn < 7; turn++) {
		uint32_t from = f.cache->past_hand;

		relieve(0);
		for (i = 1; i <= 8; i++)
			seen[(from + i) % CLIENTS]++;
		ck_assert_uint_eq(f.cache->past_hand, (from + 8) % CLIENTS);
	}
	for (i = 0; i < CLIENTS; i++)
		ck_assert_uint_eq(seen[i], 4);
}
END_TEST

Suite *past_suite(void)
{
	const TTest *const tests[] = { nothing_is_forgotten_while_there_is_room,
				       a_few_are_forgotten_at_a_time,
				       a_client_with_a_past_goes_by_steps,
				       an_excess_is_of_all_ghosts_together,
				       whoever_made_the_ghost_sees_to_it,
				       every_client_has_its_turn,
				       NULL };
	Suite *suite = suite_create("past");
	TCase *tc = suite_case(suite, "past", start, end, tests);

	tcase_add_loop_test(tc, who_has_too_many_pays_again_and_again, 0,
			    CLIENTS);
	tcase_add_loop_test(tc, the_largest_excess_is_found, 0, CLIENTS);
	return suite;
}
