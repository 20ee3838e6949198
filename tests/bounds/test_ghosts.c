/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ghosts: a client has as many as there is room for while the cache is empty.  Others
 * then take the room, and what is too many must go a few at a time.
 */
#include "suites.h"

#include "../../libhecache/src/policy/queues.h"

#define OPERATIONS 64u /* that are counted, of each kind */

struct ghosts {
	struct scene s;
	struct vm maker, other;
	uint32_t frames;
};

static void ghosts_start(struct ghosts *g, uint32_t gib,
			 enum hec_policy_kind policy, uint32_t guaranteed)
{
	struct hec_config config = scene_config(gib * FRAMES_OF_GIB);
	struct hec_client_config maker = { .policy = policy };
	struct hec_client_config other = { .policy = policy,
					   .guaranteed_pages = guaranteed };

	g->frames = gib * FRAMES_OF_GIB;
	scene_start(&g->s, &config, config.max_chunks);
	g->maker = vm_start(&g->s, &maker, HEC_POOL_EPHEMERAL);
	g->other = vm_start(&g->s, &other, HEC_POOL_EPHEMERAL);
}

static void ghosts_end(struct ghosts *g)
{
	vm_end(&g->maker);
	vm_end(&g->other);
	scene_end(&g->s);
}

/* Puts, gets, misses of ghosts and flushes, each a counted call of @vm. */
static void operate(struct vm *vm, struct work work[4])
{
	uint64_t i;

	for (i = 0; i < OPERATIONS; i++)
		vm_count(vm, &work[0], HEC_CMD_PUT, vm->handle, 1u << 30 | i,
			 FRAME_OF_DATA);
	for (i = 0; i < OPERATIONS; i++)
		vm_count(vm, &work[1], HEC_CMD_GET, vm->handle, 1u << 30 | i,
			 0);
	for (i = 0; i < OPERATIONS; i++)
		vm_count(vm, &work[1], HEC_CMD_GET, vm->handle, i, 0);
	for (i = 0; i < OPERATIONS; i++)
		vm_count(vm, &work[2], HEC_CMD_FLUSH, vm->handle,
			 OPERATIONS + i, 0);
}

static void judge(const struct ghosts *g, const char *what,
		  const struct work work[4])
{
	char text[80];

	snprintf(text, sizeof(text), "%s, %u GiB", what,
		 g->frames / FRAMES_OF_GIB);
	verdict(&g->s, text, &work[0], BOUND_PUT);
	verdict(&g->s, text, &work[1], BOUND_GET);
	verdict(&g->s, text, &work[2], BOUND_FLUSH);
}

/* 1.5 ghosts a frame, all handed up. */
static void fill_with_handed_up(struct ghosts *g)
{
	vm_hand_up(&g->maker, 0, HEC_GHOSTS_OF(g->frames));
}

/* The maker's own calls, when the other has taken the room. */
static void own_ghosts(uint32_t gib, enum hec_policy_kind policy)
{
	struct work work[4] = { { 0 } };
	struct ghosts g;

	ghosts_start(&g, gib, policy, 0);
	fill_with_handed_up(&g);
	vm_put_many(&g.other, 0, g.frames, FRAME_OF_DATA);
	operate(&g.maker, work);
	judge(&g, "own ghosts", work);
	ghosts_end(&g);
}

START_TEST(a_call_forgets_few_of_its_clients_ghosts)
{
	own_ghosts(1, HEC_POLICY_S3FIFO);
	own_ghosts(1, HEC_POLICY_ARC);
	if (!bounds_full)
		return;
	own_ghosts(4, HEC_POLICY_S3FIFO);
	own_ghosts(8, HEC_POLICY_S3FIFO);
}
END_TEST

/* The maker has pages too, and the other's puts evict them: its guarantee is all. */
START_TEST(a_put_forgets_few_of_anothers_ghosts)
{
	struct work work[4] = { { 0 } };
	struct ghosts g;

	ghosts_start(&g, 1, HEC_POLICY_S3FIFO, FRAMES_OF_GIB);
	fill_with_handed_up(&g);
	vm_put_many(&g.maker, 0, OPERATIONS, FRAME_OF_DATA);
	vm_put_many(&g.other, 0, g.frames - OPERATIONS, FRAME_OF_DATA);
	operate(&g.other, work);
	judge(&g, "another's ghosts", work);
	ghosts_end(&g);
}
END_TEST

/*
 * Ghosts of evicted pages have bounds of their own: with the pages gone, and the
 * room taken, they are too many as well.
 */
static void evicted_ghosts(enum hec_policy_kind policy)
{
	struct work work[4] = { { 0 } };
	struct ghosts g;

	ghosts_start(&g, 1, policy, 0);
	vm_hand_up(&g.maker, 0, g.frames / 2);
	vm_put_many(&g.maker, 0, g.frames / 2, FRAME_OF_DATA);
	vm_put_many(&g.maker, g.frames, g.frames + g.frames / 2, FRAME_OF_DATA);
	while (vm_call(&g.maker, HEC_CMD_FLUSH_POOL, g.maker.handle, 0, 0))
		;
	vm_put_many(&g.other, 0, g.frames, FRAME_OF_DATA);
	operate(&g.maker, work);
	judge(&g, "ghosts of evicted pages", work);
	ghosts_end(&g);
}

START_TEST(a_call_forgets_few_ghosts_of_evicted_pages)
{
	evicted_ghosts(HEC_POLICY_S3FIFO);
	evicted_ghosts(HEC_POLICY_ARC);
}
END_TEST

/* With another policy they are of no use, and with a maximum there is no room. */
START_TEST(a_changed_client_forgets_a_few_ghosts_at_a_time)
{
	const struct hec_client_config less = { .policy = HEC_POLICY_LRU,
						.max_pages = 16 };
	struct work work[4] = { { 0 } }, change = { 0 };
	struct ghosts g;

	ghosts_start(&g, 1, HEC_POLICY_ARC, 0);
	fill_with_handed_up(&g);
	work_begin(&change);
	ck_assert_int_eq(hec_client_set(g.s.cache, g.maker.client, &less), 0);
	work_end(&change);
	operate(&g.maker, work);
	judge(&g, "a smaller client", work);
	verdict(&g.s, "a smaller client", &change, BOUND_CREATE);
	ghosts_end(&g);
}
END_TEST

/* With a budget and without one; pages go first, then ghosts. */
static void end_client(uint32_t budget, enum bounded bound)
{
	struct work work = { 0 };
	struct ghosts g;
	int err;

	ghosts_start(&g, 1, HEC_POLICY_S3FIFO, 0);
	fill_with_handed_up(&g);
	vm_put_many(&g.maker, 0, g.frames / 8, FRAME_OF_DATA);
	do {
		work_begin(&work);
		err = hec_client_destroy(g.s.cache, g.maker.client, budget);
		work_end(&work);
	} while (err);
	verdict(&g.s, "a client's end, 1 GiB of ghosts", &work, bound);
	ghosts_end(&g);
}

START_TEST(the_end_of_a_client_holds_no_lock_for_long)
{
	end_client(4096, BOUND_DESTROY);
	end_client(0, BOUND_BULK);
}
END_TEST

void ghosts_case(Suite *suite)
{
	const TTest *const tests[] = {
		a_call_forgets_few_of_its_clients_ghosts,
		a_put_forgets_few_of_anothers_ghosts,
		a_call_forgets_few_ghosts_of_evicted_pages,
		a_changed_client_forgets_a_few_ghosts_at_a_time,
		the_end_of_a_client_holds_no_lock_for_long,
		NULL,
	};

	add_tests(suite, "ghosts", tests);
}
