/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for the benchmark: on large pages, where the system has them, so that
 * what is measured is the cache and not the walk of 4 KiB page tables.
 */
#include "memory.h"

#include <stdio.h>
#include <sys/mman.h>

#define LARGE_PAGE (2ull << 20)

static uint64_t whole_pages(uint64_t bytes)
{
	return (bytes + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
}

void bench_memory_init(struct bench_memory *memory, uint64_t bytes)
{
	uint64_t before;

	memory->len = whole_pages(bytes);
	memory->used = 0;
	memory->base =
		mmap(NULL, memory->len + LARGE_PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory->base == MAP_FAILED) {
		fprintf(stderr, "hec-bench: no memory for %llu MiB\n",
			(unsigned long long)(bytes >> 20));
		exit(1);
	}
	before = -(uintptr_t)memory->base % LARGE_PAGE;
	memory->base += before;
	madvise(memory->base, memory->len, MADV_HUGEPAGE);
	/* So that it is really there. */
	memset(memory->base, 1, memory->len);
}

void *bench_take(struct bench_memory *memory, uint64_t bytes)
{
	char *mem = memory->base + memory->used;

	memory->used += whole_pages(bytes);
	if (memory->used > memory->len)
		hec_env_bug("bench_take: the arena is too small");
	return mem;
}

void bench_release_all(struct bench_memory *memory)
{
	memory->used = 0;
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * 0x2545f4914f6cdd1dull;
}

uint32_t *bench_random_order(struct bench_memory *memory, uint32_t nr,
			     uint64_t seed)
{
	uint32_t *order = bench_take(memory, (uint64_t)nr * sizeof(*order));
	uint32_t i;

	for (i = 0; i < nr; i++) {
		uint32_t j =
			(uint32_t)((next_random(&seed) >> 32) * (i + 1ull) >>
				   32);

		order[i] = order[j];
		order[j] = i;
	}
	return order;
}

uint32_t bench_large_pages_percent(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "r");
	unsigned long all = 0, large = 0;
	char line[256];

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		sscanf(line, "Anonymous: %lu", &all);
		sscanf(line, "AnonHugePages: %lu", &large);
	}
	fclose(file);
	return all ? (uint32_t)(large * 100 / all) : 0;
}
