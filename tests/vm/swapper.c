// SPDX-License-Identifier: GPL-2.0-only
/*
 * swapper: has more memory than the machine, and looks whether it stays what it is.
 *
 *     swapper MIB KEEP_MIB SEED
 *
 * It fills MIB of memory, whose every word is a function of the seed, the page and its
 * version; reads it in order and anywhere; forks a child that writes new versions
 * while both read on; and gives back all but KEEP_MIB.  Then it prints SHRUNK, waits
 * for a line, reads what it has kept, and prints how many pages it has verified in
 * all.  Status 1: a page was wrong.
 */
#define _GNU_SOURCE
#include <err.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../testbed/mix.h"

#define PAGE_SIZE 4096u
#define PAGE_WORDS (PAGE_SIZE / sizeof(uint64_t))
#define MIB_PAGES 256u

static uint64_t *memory;
static uint64_t seed;
static uint64_t verified;

/* Every other page can be compressed. */
static uint64_t word_of(uint64_t page, unsigned int version, unsigned int i)
{
	uint64_t first = mix(mix(seed + version) + page);

	return first * (1 + (page % 2 ? i : i % 8));
}

static void fill(uint64_t page, unsigned int version)
{
	unsigned int i;

	for (i = 0; i < PAGE_WORDS; i++)
		memory[page * PAGE_WORDS + i] = word_of(page, version, i);
}

static void verify(uint64_t page, unsigned int version)
{
	unsigned int i;

	for (i = 0; i < PAGE_WORDS; i++)
		if (memory[page * PAGE_WORDS + i] != word_of(page, version, i))
			errx(1, "page %" PRIu64 " is wrong from word %u on",
			     page, i);
	verified++;
}

static void fill_all(uint64_t pages)
{
	uint64_t page;

	for (page = 0; page < pages; page++)
		fill(page, 1);
}

static void verify_in_order(uint64_t pages)
{
	uint64_t page;

	for (page = 0; page < pages; page++)
		verify(page, 1);
}

static void verify_anywhere(uint64_t pages, uint64_t nr)
{
	uint64_t i;

	for (i = 0; i < nr; i++)
		verify(mix(seed + i) % pages, 1);
}

static bool is_rewritten(uint64_t page)
{
	return page % 3 == 1;
}

/* The child's: the pages that it writes are its own from then on. */
static void rewrite(uint64_t pages)
{
	uint64_t page;

	for (page = 0; page < pages; page++)
		if (is_rewritten(page))
			fill(page, 2);
	for (page = 0; page < pages; page++)
		verify(page, is_rewritten(page) ? 2 : 1);
}

static void fork_and_verify(uint64_t pages)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		err(2, "fork");
	if (!child) {
		rewrite(pages);
		_exit(0);
	}
	verify_in_order(pages);
	if (waitpid(child, &status, 0) != child || status)
		errx(1, "the child found a wrong page, or died: %#x", status);
	verified += pages;
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 10);

	if (!*text || *end)
		errx(2, "'%s' is no number", text);
	return value;
}

int main(int argc, char **argv)
{
	uint64_t pages, kept;

	if (argc != 4)
		errx(2, "usage: swapper MIB KEEP_MIB SEED");
	pages = number(argv[1]) * MIB_PAGES;
	kept = number(argv[2]) * MIB_PAGES;
	seed = number(argv[3]);
	memory = mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		err(2, "mmap");
	fill_all(pages);
	verify_in_order(pages);
	verify_anywhere(pages, pages / 8);
	fork_and_verify(pages / 4);
	if (munmap((char *)memory + kept * PAGE_SIZE,
		   (pages - kept) * PAGE_SIZE))
		err(2, "munmap");
	printf("SHRUNK\n");
	fflush(stdout);
	while (getchar() != '\n' && !feof(stdin))
		;
	verify_in_order(kept);
	printf("swap_pages_verified=%" PRIu64 "\n", verified);
	return 0;
}
