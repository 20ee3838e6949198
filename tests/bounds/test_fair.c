/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fairness: what a VM gets does not depend on what its neighbour does with the things
 * that all share, but for the frames that the neighbour lawfully holds.
 *
 * Each test runs the same VM beside an honest neighbour, which holds as many pages as
 * a hostile one and nothing else, and beside hostile ones; and compares.
 */
#include "suites.h"

#include "../../libhecache/src/policy/queues.h"

#define FRAMES 32768u
#define NEIGHBOUR 256u /* the most pages of the neighbour */
#define GUARANTEED 16384u
#define RESERVE (8 + GUARANTEED / 64) /* objects, and zero pages, of the VM */

/* What a neighbour does, before the VM starts and then again and again. */
struct neighbour {
	const char *name;
	uint32_t max_pages; /* what its host lets it have */
	void (*begin)(struct vm *vm);
	void (*go_on)(struct vm *vm, uint64_t time);
};

static void nothing(struct vm *vm, uint64_t time)
{
	(void)vm, (void)time;
}

static void hold_pages(struct vm *vm)
{
	vm_put_many(vm, 0, NEIGHBOUR, FRAME_OF_DATA);
}

static void put_object(struct vm *vm, uint64_t object)
{
	hec_put(vm->s->cache, vm->client, vm->pool, 1 + object, 0,
		vm->guest->page[FRAME_OF_DATA]);
}

static void make_objects(struct vm *vm)
{
	uint64_t i;

	for (i = 0; i < NEIGHBOUR; i++)
		put_object(vm, i);
}

static void make_object(struct vm *vm, uint64_t time)
{
	put_object(vm, NEIGHBOUR + time);
}

static void put_zeroes(struct vm *vm)
{
	vm_put_many(vm, 0, FRAMES, FRAME_OF_ZEROES);
	hold_pages(vm);
}

static void put_zero(struct vm *vm, uint64_t time)
{
	vm_put_many(vm, FRAMES + time, 1, FRAME_OF_ZEROES);
}

/* Every page is handed up, so that no frame is held. */
static void make_ghosts(struct vm *vm)
{
	uint32_t frames = vm->s->config.max_chunks << vm->s->config.chunk_shift;

	vm_hand_up(vm, 1u << 30, HEC_GHOSTS_OF(frames));
	hold_pages(vm);
}

static void make_ghost(struct vm *vm, uint64_t time)
{
	vm_hand_up(vm, (1u << 30) + FRAMES * 2 + time, 1);
}

static void make_pools(struct vm *vm)
{
	while (!hec_abi_is_err(vm_pool_new(vm, HEC_POOL_EPHEMERAL)))
		;
	hold_pages(vm);
}

static void make_pool(struct vm *vm, uint64_t time)
{
	(void)time;
	vm_pool_new(vm, HEC_POOL_EPHEMERAL);
}

static const struct neighbour honest = { "an honest one", NEIGHBOUR, hold_pages,
					 nothing };
static const struct neighbour hostile[] = {
	{ "objects", NEIGHBOUR, make_objects, make_object },
	{ "zeroes", NEIGHBOUR, put_zeroes, put_zero },
	{ "ghosts, then idle", 0, make_ghosts, nothing },
	{ "ghosts, again and again", 0, make_ghosts, make_ghost },
	{ "pools", NEIGHBOUR, make_pools, make_pool },
};

#define NR_HOSTILE (sizeof(hostile) / sizeof(hostile[0]))

struct outcome {
	uint64_t requests, hits, refused;
};

/* A VM, its work beside a neighbour, and the cache in which it does it. */
struct trial {
	void (*work)(struct vm *vm, struct vm *other,
		     const struct neighbour *neighbour, struct outcome *o);
	struct hec_client_config terms;
	enum hec_pool_kind kind;
	enum hec_content content;
	uint32_t frames;
	uint32_t idle; /* other clients, which do nothing */
};

static struct outcome beside(const struct neighbour *neighbour,
			     const struct trial *trial)
{
	struct hec_client_config other = { .max_pages = neighbour->max_pages };
	const struct hec_client_config idle = { 0 };
	struct hec_config config = scene_config(trial->frames);
	struct outcome o = { 0 };
	struct scene s;
	struct vm vm, next;

	config.content = trial->content;
	config.max_clients = 2 + trial->idle;
	config.max_pools = 64 + trial->idle;
	scene_start(&s, &config, config.max_chunks);
	crowd(&s, trial->idle / 2, &idle, 0);
	next = vm_start(&s, &other, HEC_POOL_EPHEMERAL);
	crowd(&s, trial->idle - trial->idle / 2, &idle, 0);
	vm = vm_start(&s, &trial->terms, trial->kind);
	neighbour->begin(&next);
	trial->work(&vm, &next, neighbour, &o);
	printf("beside %s: %llu of %llu requests are hits, %llu refused\n",
	       neighbour->name, (unsigned long long)o.hits,
	       (unsigned long long)o.requests, (unsigned long long)o.refused);
	fflush(stdout);
	vm_end(&vm);
	vm_end(&next);
	scene_end(&s);
	return o;
}

/* Hits may differ by a thousandth of the requests, refusals not at all. */
static void compare(const struct trial *trial)
{
	struct outcome fair = beside(&honest, trial);
	size_t i;

	for (i = 0; i < NR_HOSTILE; i++) {
		struct outcome o = beside(&hostile[i], trial);

		ck_assert_msg(o.refused == fair.refused,
			      "beside %s: %llu refused instead of %llu",
			      hostile[i].name, (unsigned long long)o.refused,
			      (unsigned long long)fair.refused);
		ck_assert_msg(o.hits + o.requests / 1000 >= fair.hits,
			      "beside %s: %llu hits instead of %llu",
			      hostile[i].name, (unsigned long long)o.hits,
			      (unsigned long long)fair.hits);
	}
}

/* Swapping: a guaranteed VM puts pages of many objects, and gets each back. */
static void swap_objects(struct vm *vm, struct vm *other,
			 const struct neighbour *neighbour, struct outcome *o)
{
	struct hec_cache *cache = vm->s->cache;
	uint64_t i;

	for (i = 0; i < GUARANTEED; i++) {
		neighbour->go_on(other, i);
		o->refused +=
			hec_put(cache, vm->client, vm->pool, 1 + i % RESERVE, i,
				vm->guest->page[FRAME_OF_DATA]) != 0;
	}
	for (i = 0; i < GUARANTEED; i++) {
		o->requests++;
		o->hits += !hec_get(cache, vm->client, vm->pool,
				    1 + i % RESERVE, i, vm->guest->page[0]);
	}
}

START_TEST(a_guaranteed_vm_has_its_objects)
{
	const struct trial trial = {
		.work = swap_objects,
		.terms = { .guaranteed_pages = GUARANTEED },
		.kind = HEC_POOL_PERSISTENT,
		.content = HEC_CONTENT_PLAIN,
		.frames = FRAMES,
	};

	compare(&trial);
}
END_TEST

/* Zero pages beyond the reserve take frames, which it was promised as well. */
static void swap_zeroes(struct vm *vm, struct vm *other,
			const struct neighbour *neighbour, struct outcome *o)
{
	struct hec_cache *cache = vm->s->cache;
	uint64_t i;

	for (i = 0; i < GUARANTEED; i++) {
		neighbour->go_on(other, i);
		o->refused += hec_put(cache, vm->client, vm->pool, 0, i,
				      vm->guest->page[FRAME_OF_ZEROES]) != 0;
	}
	for (i = 0; i < GUARANTEED; i++) {
		o->requests++;
		o->hits += !hec_get(cache, vm->client, vm->pool, 0, i,
				    vm->guest->page[0]);
	}
}

START_TEST(a_guaranteed_vm_has_its_zero_pages)
{
	const struct trial trial = {
		.work = swap_zeroes,
		.terms = { .guaranteed_pages = GUARANTEED },
		.kind = HEC_POOL_PERSISTENT,
		.content = HEC_CONTENT_PLAIN,
		.frames = FRAMES,
	};

	compare(&trial);
}
END_TEST

/*
 * A reader with half as much memory as the cache has, in which pages are in the order
 * of use.  Half of its reads are of pages that it reads again and again, more than fit
 * in both; the others are read once.  Without ghosts there is no telling them apart.
 */
#define READER_FRAMES 8192u
#define MEMORY (READER_FRAMES / 2)
#define HOT (2 * READER_FRAMES)
#define REQUESTS ((bounds_full ? 40 : 20) * READER_FRAMES)
#define PAGES (HOT + 40 * READER_FRAMES)

struct memory {
	uint32_t next[PAGES + 1],
		prev[PAGES + 1]; /* PAGES: the end of the ring */
	bool there[PAGES];
	uint32_t nr;
};

static void memory_remove(struct memory *m, uint32_t page)
{
	m->next[m->prev[page]] = m->next[page];
	m->prev[m->next[page]] = m->prev[page];
	m->there[page] = false;
	m->nr--;
}

static void memory_add(struct memory *m, uint32_t page)
{
	m->next[page] = m->next[PAGES];
	m->prev[page] = PAGES;
	m->prev[m->next[PAGES]] = page;
	m->next[PAGES] = page;
	m->there[page] = true;
	m->nr++;
}

/* From the cache, or else from the disk; the page used last goes to the cache. */
static void read_page(struct vm *vm, struct memory *m, uint32_t page,
		      struct outcome *o)
{
	if (m->there[page]) {
		memory_remove(m, page);
		memory_add(m, page);
		return;
	}
	if (m->nr == MEMORY) {
		uint32_t oldest = m->prev[PAGES];

		memory_remove(m, oldest);
		o->refused +=
			hec_put(vm->s->cache, vm->client, vm->pool, 0, oldest,
				vm->guest->page[FRAME_OF_DATA]) != 0;
	}
	o->requests++;
	o->hits += !hec_get(vm->s->cache, vm->client, vm->pool, 0, page,
			    vm->guest->page[0]);
	memory_add(m, page);
}

static void read_pages(struct vm *vm, struct vm *other,
		       const struct neighbour *neighbour, struct outcome *o)
{
	struct memory *m = test_memory(sizeof(*m));
	struct xorshift random = { 20261127 };
	uint64_t i;

	m->next[PAGES] = m->prev[PAGES] = PAGES;
	for (i = 0; i < REQUESTS; i++) {
		bool hot = random_below(&random, 2);

		neighbour->go_on(other, i);
		read_page(vm, m,
			  hot ? (uint32_t)random_below(&random, HOT)
			      : HOT + (uint32_t)i,
			  o);
	}
	free(m);
}

START_TEST(a_reader_has_its_hits_with_s3fifo)
{
	const struct trial trial = {
		.work = read_pages,
		.terms = { .policy = HEC_POLICY_S3FIFO },
		.kind = HEC_POOL_EPHEMERAL,
		.content = HEC_CONTENT_NONE,
		.frames = READER_FRAMES,
	};

	compare(&trial);
}
END_TEST

/* The hostile neighbour hides among others. */
START_TEST(a_reader_has_its_hits_in_a_crowd)
{
	const struct trial trial = {
		.work = read_pages,
		.terms = { .policy = HEC_POLICY_S3FIFO },
		.kind = HEC_POOL_EPHEMERAL,
		.content = HEC_CONTENT_NONE,
		.frames = READER_FRAMES,
		.idle = HEC_MAX_CLIENTS - 2,
	};

	compare(&trial);
}
END_TEST

START_TEST(a_reader_has_its_hits_with_arc)
{
	const struct trial trial = {
		.work = read_pages,
		.terms = { .policy = HEC_POLICY_ARC },
		.kind = HEC_POOL_EPHEMERAL,
		.content = HEC_CONTENT_NONE,
		.frames = READER_FRAMES,
	};

	compare(&trial);
}
END_TEST

/*
 * A table of 2048 pools for 256 clients: half of a client's part is its own.  32 of
 * them take what they can get.
 */
#define PART 4
START_TEST(every_client_has_its_part_of_the_pools)
{
	struct hec_config config = scene_config(FRAMES);
	struct hec_client_config terms = { 0 };
	struct scene s;
	struct vm vm[64];
	uint32_t i, k;

	config.max_clients = 256;
	config.max_pools = 2048;
	scene_start(&s, &config, 1);
	for (i = 0; i < 32; i++) {
		vm[i] = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
		make_pools(&vm[i]);
	}
	for (; i < 64; i++) {
		vm[i] = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
		for (k = 1; k < PART; k++)
			ck_assert(!hec_abi_is_err(
				vm_pool_new(&vm[i], HEC_POOL_EPHEMERAL)));
	}
	for (i = 0; i < 64; i++)
		vm_end(&vm[i]);
	scene_end(&s);
}
END_TEST

/* A promise is one of frames that are there, not of what the cache may become. */
START_TEST(guarantees_are_of_frames_that_are_there)
{
	struct hec_config config = scene_config(FRAMES);
	struct hec_client_config terms = { .guaranteed_pages = 1024 };
	const struct hec_client_config one = { .guaranteed_pages = 1 };
	const struct hec_client_config none = { .guaranteed_pages = 0 };
	struct hec_client *second;
	struct scene s;
	struct vm vm;
	uint64_t i;

	scene_start(&s, &config, 2);
	vm = vm_start(&s, &terms, HEC_POOL_PERSISTENT);
	ck_assert_int_eq(hec_client_create(s.cache, &one, &second), HEC_ENOSPC);
	ck_assert_int_eq(hec_client_create(s.cache, &none, &second), 0);
	ck_assert_int_eq(hec_client_set(s.cache, second, &one), HEC_ENOSPC);
	for (i = 0; i < 1024; i++)
		ck_assert_int_eq(hec_put(s.cache, vm.client, vm.pool, 0, i,
					 vm.guest->page[FRAME_OF_DATA]),
				 0);
	scene_grow(&s, 2);
	ck_assert_int_eq(hec_client_set(s.cache, second, &one), 0);
	terms.guaranteed_pages = 1024 + 511;
	ck_assert_int_eq(hec_client_set(s.cache, vm.client, &terms), 0);
	terms.guaranteed_pages = 1024 + 512;
	ck_assert_int_eq(hec_client_set(s.cache, vm.client, &terms),
			 HEC_ENOSPC);
	vm_end(&vm);
	scene_end(&s);
}
END_TEST

void fair_case(Suite *suite)
{
	const TTest *const tests[] = {
		a_guaranteed_vm_has_its_objects,
		a_guaranteed_vm_has_its_zero_pages,
		a_reader_has_its_hits_with_s3fifo,
		a_reader_has_its_hits_with_arc,
		a_reader_has_its_hits_in_a_crowd,
		every_client_has_its_part_of_the_pools,
		guarantees_are_of_frames_that_are_there,
		NULL,
	};

	add_tests(suite, "fair", tests);
}
