/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The core's checks of itself can fail: each is broken in a process of its own,
 * which must stop.  Where the core is built without checks there is nothing to do.
 */
#include "suites.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../libhecache/src/cache/entry.h"
#include "../../libhecache/src/cache/room.h"

#ifdef HEC_ENV_CHECKED
#define CHECKED true
#else
#define CHECKED false
#endif

static struct fixture f;
static struct hec_client *client;
static struct hec_name name;
static uint32_t page; /* the record of the only page */

static void start(void)
{
	struct hec_config config = fixture_config();
	uint64_t pool;

	fixture_start(&f, &config, 2);
	client = fixture_client(&f, 0);
	pool = fixture_pool(&f, client);
	ck_assert_int_eq(put_seed(&f, client, pool, 0, 1, 1), 0);
	ck_assert_int_eq(hec_name_init(f.cache, client, pool, 0, 1, &name), 0);
	page = hec_entry_find(f.cache, &name);
}

static void end(void)
{
	ck_assert_int_eq(hec_client_destroy(f.cache, client, 0), 0);
	fixture_end(&f);
}

/* What needs the client's lock, or the shard's. */

static void unlinks(void)
{
	hec_entry_unlink(f.cache, client, page, HEC_LEAVE_DROPPED);
}

static void looks_up(void)
{
	hec_entry_look_up(f.cache, &name);
}

static void uses(void)
{
	hec_policy_use(&client->policy, page);
}

static void takes_a_victim(void)
{
	hec_policy_victim(&client->policy, 1);
}

static void adds_a_ghost(void)
{
	hec_ghost_add(&f.cache->ghosts, &client->policy.past, HEC_GHOST_UP, 1,
		      0);
}

static void asks_for_a_header(void)
{
	hec_entry_header(f.cache, &name);
}

static void notes_a_hit(void)
{
	hec_room_note_hit(f.cache, client);
}

static void (*const needy[])(void) = { unlinks,	     looks_up,
				       uses,	     takes_a_victim,
				       adds_a_ghost, asks_for_a_header,
				       notes_a_hit };

#define NR_NEEDY ((int)(sizeof(needy) / sizeof(needy[0])))

/* True if @call, in a process of its own, stops it. */
static bool stops(void (*call)(void))
{
	int status = 0, null;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (!child) {
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		call();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

START_TEST(a_lock_that_is_not_held)
{
	ck_assert(!CHECKED || stops(needy[_i]));
}
END_TEST

static void hold_and_unlink(void)
{
	hec_env_lock(&client->lock);
	unlinks();
}

/* With @what changed to @value the page cannot be unlinked; without, it can. */
#define BREAK(what, value)                                          \
	do {                                                        \
		__typeof__(what) was = (what);                      \
		(what) = (__typeof__(what))(value);                 \
		ck_assert_msg(stops(hold_and_unlink), "%s", #what); \
		(what) = was;                                       \
		ck_assert(!stops(hold_and_unlink));                 \
	} while (0)

START_TEST(an_invariant_that_does_not_hold)
{
	struct hec_record *record = &f.cache->records[page];

	if (!CHECKED)
		return;
	BREAK(record->flags, HEC_RECORD_TAKEN);
	BREAK(record->link[HEC_LINK_QUEUE].next, page);
	BREAK(record->link[HEC_LINK_OBJECT].prev, page);
	BREAK(client->stats.pages, 2);
	BREAK(client->stats.zero_pages, 2);
	BREAK(client->stats.persistent_pages, 1);
	BREAK(client->policy.nr[1], 1);
	BREAK(client->policy.most, 1);
}
END_TEST

static void ends_a_cache_in_use(void)
{
	hec_fini(f.cache);
}

static void ends_a_cache_with_chunks(void)
{
	hec_client_destroy(f.cache, client, 0);
	hec_fini(f.cache);
}

static void removes_what_is_not_there(void)
{
	struct hec_shard *shard =
		hec_index_shard(&f.cache->index, name.hash + 1);

	hec_env_lock(&shard->lock);
	hec_index_remove(&f.cache->index, name.hash + 1, page + 1);
}

/* These are found in every build. */
START_TEST(a_broken_promise_stops_the_machine)
{
	ck_assert(stops(ends_a_cache_in_use));
	ck_assert(stops(ends_a_cache_with_chunks));
	ck_assert(stops(removes_what_is_not_there));
}
END_TEST

static pthread_barrier_t stage;

static void *hold(void *lock)
{
	hec_env_lock(lock);
	pthread_barrier_wait(&stage);
	pthread_barrier_wait(&stage);
	hec_env_unlock(lock);
	return NULL;
}

/* Held by another thread is not held. */
START_TEST(a_lock_that_another_holds)
{
	pthread_t thread;

	if (!CHECKED)
		return;
	pthread_barrier_init(&stage, NULL, 2);
	ck_assert_int_eq(pthread_create(&thread, NULL, hold, &client->lock), 0);
	pthread_barrier_wait(&stage);
	ck_assert(client->lock.owner != 0);
	ck_assert(!hec_env_is_held(&client->lock));
	pthread_barrier_wait(&stage);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	pthread_barrier_destroy(&stage);
}
END_TEST

Suite *checks_suite(void)
{
	const TTest *const others[] = { an_invariant_that_does_not_hold,
					a_lock_that_another_holds,
					a_broken_promise_stops_the_machine,
					NULL };
	Suite *suite = suite_create("checks");
	TCase *tc;

	tc = suite_case(suite, "checks", start, end, others);
	tcase_add_loop_test(tc, a_lock_that_is_not_held, 0, NR_NEEDY);
	return suite;
}
