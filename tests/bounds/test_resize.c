/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Growing and shrinking: caches of up to 512 GiB, chunks of up to 256 MiB, and
 * clients that take each frame that is freed.
 */
#include "suites.h"

#define RIVALS 100000u /* pages put by others during one call */
#define LARGEST 18u /* 2^18 chunks of 512 frames: 512 GiB */

static int shrink(struct scene *s, struct work *work)
{
	void *chunk;
	int err;

	work_begin(work);
	err = hec_shrink(s->cache, &chunk);
	work_end(work);
	return err;
}

struct taker {
	struct vm *vm;
	uint64_t next;
	uint32_t left;
};

static bool take_frame(void *arg)
{
	struct taker *taker = arg;

	vm_put_many(taker->vm, taker->next++, 1, FRAME_OF_RIVAL);
	return --taker->left;
}

/* Two VMs: what one of them is made to give up the other one has at once. */
START_TEST(shrinking_ends_against_puts_that_take_each_frame)
{
	struct hec_config config = scene_config(1u << 12);
	struct hec_client_config terms = { 0 }, heavy = { .weight = 1000 };
	struct taker taker = { .left = RIVALS };
	struct work work = { 0 };
	struct scene s;
	struct vm vm, other;

	scene_start(&s, &config, config.max_chunks);
	vm = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	other = vm_start(&s, &heavy, HEC_POOL_EPHEMERAL);
	taker.vm = &other;
	vm_put_many(&vm, 0, 1u << 12, FRAME_OF_DATA);
	work_against(take_frame, &taker);
	shrink(&s, &work);
	work_against(NULL, NULL);
	verdict(&s, "puts take each frame", &work, BOUND_SHRINK);
	vm_end(&vm);
	vm_end(&other);
	scene_end(&s);
}
END_TEST

/* Every frame is in use: all of a chunk's pages make room, or move. */
START_TEST(shrinking_a_full_cache_of_many_clients)
{
	struct hec_config config = scene_config(1u << 13);
	struct hec_client_config terms = { 0 };
	struct work work = { 0 };
	struct scene s;

	config.max_clients = HEC_MAX_CLIENTS;
	config.max_pools = HEC_MAX_CLIENTS;
	scene_start(&s, &config, config.max_chunks);
	crowd(&s, HEC_MAX_CLIENTS, &terms, 8);
	while (shrink(&s, &work) == HEC_EAGAIN)
		;
	verdict(&s, "a full cache, 1024 clients", &work, BOUND_SHRINK);
	scene_end(&s);
}
END_TEST

/* Zero pages, which give no frame, are the oldest that each client has. */
START_TEST(shrinking_past_zero_pages)
{
	struct hec_config config = scene_config(1u << 20);
	struct hec_client_config terms = { .policy = HEC_POLICY_LRU };
	struct work work = { 0 };
	struct scene s;
	struct vm vm;

	config.content = HEC_CONTENT_PLAIN;
	scene_start(&s, &config, 2);
	vm = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	vm_put_many(&vm, 0, 1u << 14, FRAME_OF_ZEROES);
	vm_put_many(&vm, 1u << 14, 1024, FRAME_OF_DATA);
	shrink(&s, &work);
	verdict(&s, "16384 zero pages", &work, BOUND_SHRINK);
	vm_end(&vm);
	scene_end(&s);
}
END_TEST

/* Memory in the machine that is free, in MiB. */
static uint64_t memory_mib(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	unsigned long long kib = 0;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %llu kB", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib >> 10;
}

/* The largest number of chunks, as a power of two, whose records fit in memory. */
static uint32_t largest_shift(void)
{
	uint32_t shift = bounds_full ? LARGEST : LARGEST - 4;

	/* All metadata is at most 64 bytes a frame. */
	while ((512ull * 64 << shift >> 20) > memory_mib())
		shift--;
	return shift;
}

uint32_t resize_skipped(void)
{
	uint32_t shift = largest_shift();

	if (!bounds_full || shift == LARGEST)
		return 0;
	printf("skip 512 GiB, for lack of memory: %u GiB instead\n",
	       1u << shift >> 9);
	return 1;
}

/*
 * As many chunks as the largest cache has, each with a page but the first and the
 * last, which shrinking takes.  Growing fills the gaps at both ends.
 */
START_TEST(chunks_are_found_at_once_among_the_most)
{
	uint32_t chunks = 1u << largest_shift(), i;
	struct hec_config config = scene_config(chunks << 9);
	struct hec_client_config terms = { 0 };
	struct work grow = { 0 }, less = { 0 };
	struct scene s;
	struct vm vm;
	char text[40];

	snprintf(text, sizeof(text), "%u chunks of 512 frames", chunks);
	scene_start(&s, &config, 0);
	vm = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	for (i = 0; i < chunks; i++) {
		work_begin(&grow);
		scene_grow(&s, i);
		work_end(&grow);
		vm_put_many(&vm, i, 1, FRAME_OF_DATA);
	}
	vm_get_many(&vm, 0, 1);
	vm_get_many(&vm, chunks - 1, 1);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(shrink(&s, &less), 0);
	for (i = 0; i < 2; i++) {
		work_begin(&grow);
		scene_grow(&s, i * (chunks - 1));
		work_end(&grow);
	}
	verdict(&s, text, &grow, BOUND_GROW);
	verdict(&s, text, &less, BOUND_SHRINK);
	vm_end(&vm);
	scene_end(&s);
}
END_TEST

START_TEST(the_largest_chunk_comes_and_goes)
{
	struct hec_config config = scene_config(1u << 17);
	struct hec_client_config terms = { 0 };
	struct work grow = { 0 }, less = { 0 };
	struct scene s;
	struct vm vm;

	config.chunk_shift = 16;
	config.max_chunks = 2;
	scene_start(&s, &config, 0);
	for (int i = 0; i < 2; i++) {
		work_begin(&grow);
		scene_grow(&s, (uint32_t)i);
		work_end(&grow);
	}
	vm = vm_start(&s, &terms, HEC_POOL_EPHEMERAL);
	vm_put_many(&vm, 0, 1u << 17, FRAME_OF_DATA);
	while (shrink(&s, &less) == HEC_EAGAIN)
		;
	verdict(&s, "a chunk of 65536 frames", &grow, BOUND_GROW);
	verdict(&s, "a chunk of 65536 frames", &less, BOUND_BULK);
	vm_end(&vm);
	scene_end(&s);
}
END_TEST

void resize_case(Suite *suite)
{
	const TTest *const tests[] = {
		shrinking_ends_against_puts_that_take_each_frame,
		shrinking_a_full_cache_of_many_clients,
		shrinking_past_zero_pages,
		chunks_are_found_at_once_among_the_most,
		the_largest_chunk_comes_and_goes,
		NULL,
	};

	add_tests(suite, "resize", tests);
}
