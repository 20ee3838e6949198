/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Making room: pages that give no frame, pages in use, and many who could pay.
 */
#include "suites.h"

#define ZEROES 131073u /* the most zero pages, and few */
#define FEW_ZEROES 8192u
#define FRAMES 512u
#define RIVALS 200000u /* pages put by others during one call */

/*
 * A cache that is made for so many frames that it has @spares records without one,
 * and has 512 frames: their content is kept.
 */
static void room_start(struct scene *s, uint32_t spares, uint32_t max_clients)
{
	struct hec_config config = scene_config(spares * 64);

	config.content = HEC_CONTENT_PLAIN;
	config.max_clients = max_clients;
	config.max_pools = max_clients;
	scene_start(s, &config, 1);
}

/*
 * The oldest pages are zeroes, as many as there is room for.  The puts of data that
 * follow are counted, for the first that finds no free frame has the most to do.
 */
static struct work put_past_zeroes(struct vm *vm, uint32_t zeroes, uint32_t nr)
{
	struct work work = { 0 };
	uint64_t i;

	vm_put_many(vm, 0, zeroes, FRAME_OF_ZEROES);
	for (i = 0; i < nr; i++)
		vm_count(vm, &work, HEC_CMD_PUT, vm->handle, zeroes + i,
			 FRAME_OF_DATA);
	return work;
}

static void drop_zeroes(uint32_t zeroes, enum hec_policy_kind policy,
			uint32_t max_pages)
{
	struct hec_client_config terms = { .policy = policy,
					   .max_pages = max_pages };
	struct work work;
	struct scene s;
	struct vm vm;

	room_start(&s, zeroes, 8);
	vm = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	work = put_past_zeroes(&vm, zeroes, FRAMES + 16);
	verdict(&s, "victims are zero pages", &work, BOUND_PUT);
	vm_end(&vm);
	scene_end(&s);
}

START_TEST(a_put_drops_few_zero_pages)
{
	drop_zeroes(ZEROES, HEC_POLICY_S3FIFO, 0);
	drop_zeroes(FEW_ZEROES, HEC_POLICY_LRU, 0);
	drop_zeroes(FEW_ZEROES, HEC_POLICY_ARC, 0);
	drop_zeroes(FEW_ZEROES, HEC_POLICY_LRU, 256);
}
END_TEST

/* A lowered maximum makes a put pay with more than one page. */
START_TEST(a_put_of_a_lowered_client_drops_few_pages)
{
	const struct hec_client_config less = { .policy = HEC_POLICY_LRU,
						.max_pages = 16 };
	struct hec_client_config terms = { .policy = HEC_POLICY_LRU };
	struct work work = { 0 };
	struct scene s;
	struct vm vm;
	uint64_t i;

	room_start(&s, FEW_ZEROES, 8);
	vm = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	put_past_zeroes(&vm, FEW_ZEROES, FRAMES);
	ck_assert_int_eq(hec_client_set(s.cache, vm.client, &less), 0);
	for (i = 0; i < 16; i++)
		vm_count(&vm, &work, HEC_CMD_PUT, vm.handle, 1u << 30 | i,
			 FRAME_OF_DATA);
	verdict(&s, "a lowered client's zero pages", &work, BOUND_PUT);
	vm_end(&vm);
	scene_end(&s);
}
END_TEST

struct feeder {
	struct vm *vm;
	uint64_t next;
	uint32_t left; /* times that it puts */
	uint64_t zeroes; /* it keeps so many in the cache, or puts data */
};

static bool feed(void *arg)
{
	struct feeder *feeder = arg;

	if (!feeder->zeroes)
		vm_put_many(feeder->vm, feeder->next++, 1, FRAME_OF_RIVAL);
	else if (vm_stats(feeder->vm).zero_pages < feeder->zeroes)
		vm_put_many(feeder->vm, feeder->next++, 1, FRAME_OF_ZEROES);
	return --feeder->left;
}

/*
 * Whatever a put drops, another vCPU makes up for with as many zero pages; and the
 * frames are in the main queue, which does not pay while the small one is that long.
 */
START_TEST(a_put_ends_against_a_vcpu_that_feeds_zeroes)
{
	struct feeder feeder = { .next = 1u << 29, .left = RIVALS };
	struct hec_client_config terms = { .policy = HEC_POLICY_S3FIFO };
	struct work work = { 0 };
	struct scene s;
	struct vm vm;

	room_start(&s, FEW_ZEROES, 8);
	vm = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	vm_hand_up(&vm, 0, FRAMES);
	vm_put_many(&vm, 0, FRAMES, FRAME_OF_DATA);
	vm_put_many(&vm, 1u << 28, FEW_ZEROES / 4, FRAME_OF_ZEROES);
	feeder.vm = &vm;
	feeder.zeroes = vm_stats(&vm).zero_pages;
	ck_assert_uint_gt(feeder.zeroes, 0);
	work_against(feed, &feeder);
	vm_count(&vm, &work, HEC_CMD_PUT, vm.handle, 1u << 30, FRAME_OF_DATA);
	work_against(NULL, NULL);
	verdict(&s, "a vCPU feeds zeroes", &work, BOUND_PUT);
	vm_end(&vm);
	scene_end(&s);
}
END_TEST

/* Every page of main was used as often as is counted. */
START_TEST(a_victim_is_found_among_used_pages)
{
	struct hec_client_config terms = { .policy = HEC_POLICY_S3FIFO };
	struct hec_config config = scene_config(1u << 15);
	struct work work = { 0 };
	struct scene s;
	struct vm vm;
	uint64_t i;
	int use;

	scene_start(&s, &config, config.max_chunks);
	vm = vm_start(&s, &terms, HEC_POOL_INCLUSIVE);
	vm_put_many(&vm, 0, 1u << 15, FRAME_OF_DATA);
	for (use = 0; use < 4; use++)
		vm_get_many(&vm, 0, 1u << 15);
	for (i = 0; i < 64; i++)
		vm_count(&vm, &work, HEC_CMD_PUT, vm.handle, 1u << 30 | i,
			 FRAME_OF_DATA);
	verdict(&s, "all pages are used", &work, BOUND_PUT);
	vm_end(&vm);
	scene_end(&s);
}
END_TEST

/* The same with zero pages, whose end gives no frame: both bounds in one call. */
static void use_zeroes(struct vm *vm, uint32_t zeroes)
{
	int use;

	vm_put_many(vm, 0, zeroes, FRAME_OF_ZEROES);
	vm_put_many(vm, zeroes, FRAMES, FRAME_OF_DATA);
	for (use = 0; use < 4; use++)
		vm_get_many(vm, 0, zeroes + FRAMES);
}

START_TEST(victims_are_found_among_used_zero_pages)
{
	struct hec_client_config terms = { .policy = HEC_POLICY_S3FIFO };
	struct work put = { 0 }, batch = { 0 };
	struct scene s;
	struct vm vm;
	uint64_t i;

	room_start(&s, 4 * FEW_ZEROES, 8);
	vm = vm_start(&s, &terms, HEC_POOL_INCLUSIVE);
	use_zeroes(&vm, 2 * FEW_ZEROES);
	for (i = 1; i <= 16; i++) {
		vm_count(&vm, &put, HEC_CMD_PUT, vm.handle, 1u << 30 | i,
			 FRAME_OF_DATA);
		vm_describe(&vm, i * HEC_ABI_BATCH_MAX, FRAME_OF_DATA);
		vm_count(&vm, &batch, HEC_CMD_BATCH_PUT, vm.handle,
			 FRAME_OF_DESCRIPTORS, HEC_ABI_BATCH_MAX);
	}
	verdict(&s, "all zero pages are used", &put, BOUND_PUT);
	verdict(&s, "all zero pages are used", &batch, BOUND_BATCH);
	vm_end(&vm);
	scene_end(&s);
}
END_TEST

/*
 * Others' gets are copying from all pages that could go: the get of each page
 * stands still, where it has let go of its locks, while the next one begins; the
 * last one is overtaken by the put that is counted.
 */
struct pinned {
	struct vm *victim, *putter;
	uint64_t next, nr; /* pages of the victim's to be pinned */
	struct work work;
};

static bool pin_next(void *arg)
{
	struct pinned *p = arg;
	uint64_t page = p->next;

	if (page == p->nr) {
		vm_count(p->putter, &p->work, HEC_CMD_PUT, p->putter->handle,
			 1u << 30, FRAME_OF_DATA);
		return false;
	}
	/* A get lets go three times before it copies. */
	p->next++;
	work_against(pin_next, p);
	hec_get(p->victim->s->cache, p->victim->client, p->victim->pool, 0,
		page, p->victim->guest->page[0]);
	return false;
}

START_TEST(a_put_passes_few_pages_in_use)
{
	struct hec_client_config guaranteed = { .guaranteed_pages = 1 };
	struct hec_client_config terms = { .policy = HEC_POLICY_LRU };
	struct pinned p = { .nr = 64 };
	struct vm victim, putter;
	struct scene s;

	room_start(&s, 64, HEC_MAX_CLIENTS);
	victim = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	putter = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	p.victim = &victim;
	p.putter = &putter;
	crowd(&s, 400, &guaranteed, 1);
	vm_put_many(&victim, 0, FRAMES - 400, FRAME_OF_DATA);
	crowd(&s, HEC_MAX_CLIENTS - 402, &terms, 0);
	ck_assert(!hec_set_idle_tax(s.cache, HEC_MAX_IDLE_TAX));
	pin_next(&p);
	verdict(&s, "64 pages in use, 1024 clients", &p.work, BOUND_PUT);
	vm_end(&victim);
	vm_end(&putter);
	scene_end(&s);
}
END_TEST

/* Others take each frame that comes free. */
START_TEST(a_put_ends_against_others_who_take_the_frames)
{
	struct feeder feeder = { .left = RIVALS };
	struct hec_client_config terms = { 0 };
	struct work work = { 0 };
	struct scene s;
	struct vm vm, other;

	room_start(&s, 64, 8);
	vm = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	other = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	feeder.vm = &other;
	vm_put_many(&vm, 0, FRAMES, FRAME_OF_DATA);
	work_against(feed, &feeder);
	vm_count(&vm, &work, HEC_CMD_PUT, vm.handle, 1u << 30, FRAME_OF_DATA);
	work_against(NULL, NULL);
	verdict(&s, "others take the frames", &work, BOUND_PUT);
	vm_end(&vm);
	vm_end(&other);
	scene_end(&s);
}
END_TEST

/*
 * Small caches look at all clients for each page, and each page of a batch may need an
 * object, whose record is another's last one.
 */
START_TEST(a_batch_among_many_clients)
{
	struct hec_config config = scene_config(1u << 12);
	struct hec_client_config terms = { .policy = HEC_POLICY_LRU };
	struct work work = { 0 };
	struct scene s;
	struct vm vm;

	config.max_clients = HEC_MAX_CLIENTS;
	config.max_pools = HEC_MAX_CLIENTS;
	scene_start(&s, &config, config.max_chunks);
	ck_assert(!hec_set_idle_tax(s.cache, HEC_MAX_IDLE_TAX));
	vm = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	vm_put_many(&vm, 0, 1024, FRAME_OF_DATA);
	crowd(&s, HEC_MAX_CLIENTS - 1, &terms, 3);
	vm_describe(&vm, 1, FRAME_OF_DATA);
	vm_count(&vm, &work, HEC_CMD_BATCH_PUT, vm.handle, FRAME_OF_DESCRIPTORS,
		 HEC_ABI_BATCH_MAX);
	verdict(&s, "1024 clients", &work, BOUND_BATCH);
	vm_end(&vm);
	scene_end(&s);
}
END_TEST

struct full {
	struct scene s;
	struct vm vm;
	uint64_t pages;
};

/* The index and the ghosts are as full as they get. */
static void full_start(struct full *f, struct work *put)
{
	uint32_t frames = bounds_full ? FRAMES_OF_GIB : FRAMES_OF_GIB / 8;
	struct hec_config config = scene_config(frames);
	struct hec_client_config terms = { .policy = HEC_POLICY_S3FIFO };
	uint64_t i;

	f->pages = 4ull * frames;
	scene_start(&f->s, &config, config.max_chunks);
	f->vm = vm_start(&f->s, &terms, HEC_POOL_EPHEMERAL);
	vm_hand_up(&f->vm, f->pages, f->pages);
	for (i = 0; i < f->pages; i++)
		vm_count(&f->vm, put, HEC_CMD_PUT, f->vm.handle,
			 i * 7919 % f->pages, FRAME_OF_DATA);
}

static void full_end(struct full *f)
{
	vm_end(&f->vm);
	scene_end(&f->s);
}

START_TEST(keys_are_found_near_where_they_belong)
{
	struct work put = { 0 }, get = { 0 };
	struct full f;
	uint64_t i;

	full_start(&f, &put);
	for (i = 0; i < f.pages; i++)
		vm_count(&f.vm, &get, HEC_CMD_GET, f.vm.handle,
			 i * 104729 % f.pages, 0);
	verdict(&f.s, "full tables", &put, BOUND_PUT);
	verdict(&f.s, "full tables", &get, BOUND_GET);
	full_end(&f);
}
END_TEST

START_TEST(full_tables_are_flushed_in_ranges)
{
	struct work put = { 0 }, flush = { 0 }, range = { 0 };
	struct full f;
	uint64_t i;

	full_start(&f, &put);
	for (i = 0; i < f.pages; i++)
		vm_count(&f.vm, &flush, HEC_CMD_FLUSH, f.vm.handle, i, 0);
	full_end(&f);
	full_start(&f, &put);
	for (i = 0; i < 2 * f.pages; i += HEC_ABI_RANGE_MAX)
		vm_count(&f.vm, &range, HEC_CMD_FLUSH_RANGE, f.vm.handle, i,
			 HEC_ABI_RANGE_MAX);
	verdict(&f.s, "full tables", &flush, BOUND_FLUSH);
	verdict(&f.s, "full tables", &range, BOUND_FLUSH_RANGE);
	full_end(&f);
}
END_TEST

void room_case(Suite *suite)
{
	const TTest *const tests[] = {
		a_put_drops_few_zero_pages,
		a_put_of_a_lowered_client_drops_few_pages,
		a_put_ends_against_a_vcpu_that_feeds_zeroes,
		a_victim_is_found_among_used_pages,
		victims_are_found_among_used_zero_pages,
		a_put_passes_few_pages_in_use,
		a_put_ends_against_others_who_take_the_frames,
		a_batch_among_many_clients,
		keys_are_found_near_where_they_belong,
		full_tables_are_flushed_in_ranges,
		NULL,
	};

	add_tests(suite, "room", tests);
}
