// SPDX-License-Identifier: GPL-2.0-only
/*
 * reread: makes a set of files, or writes it anew in place, whose every byte is
 * a function of a seed, the file and the place in it, and reads it again in file
 * order or at random, checking every byte.  So a page that is lost, stale, another file's or
 * another VM's shows, wherever it came from.
 *
 *     reread make       DIR FILES MIB SEED
 *     reread sequential DIR FILES MIB SEED PAGES
 *     reread random     DIR FILES MIB SEED PAGES
 *
 * The set has FILES files of MIB MiB.  Reads are buffered: PAGES pages of 4 KiB
 * from the first on in chunks of 64 KiB, or one by one anywhere in the set.
 * They print a line of key=value pairs; mismatches are counted in bytes.
 * Status: 0, 1 when a byte was wrong, 2 when it could not be done.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../testbed/mix.h"

#define PAGE_SIZE 4096u
#define PAGE_WORDS (PAGE_SIZE / sizeof(uint64_t))
#define CHUNK_PAGES 16u
#define MIB_PAGES 256u
#define MAX_FILES 256u

struct file_set {
	const char *dir;
	unsigned int nr_files;
	uint64_t file_pages; /* of each file */
	uint64_t seed;
	int fd[MAX_FILES];
};

struct tally {
	uint64_t bytes_verified;
	uint64_t mismatches;
};

/* What page @nr of the set holds. */
static void fill_page(const struct file_set *set, uint64_t nr, uint64_t *page)
{
	uint64_t key = mix(set->seed + mix(nr + 1));
	unsigned int i;

	for (i = 0; i < PAGE_WORDS; i++)
		page[i] = key + i * 0x9e3779b97f4a7c15u;
}

static void check_page(const struct file_set *set, uint64_t nr,
		       const uint64_t *page, struct tally *tally)
{
	uint64_t expected[PAGE_WORDS];
	const uint8_t *a = (const uint8_t *)page;
	const uint8_t *b = (const uint8_t *)expected;
	unsigned int i;

	fill_page(set, nr, expected);
	tally->bytes_verified += PAGE_SIZE;
	if (memcmp(page, expected, PAGE_SIZE) == 0)
		return;
	for (i = 0; i < PAGE_SIZE; i++)
		tally->mismatches += a[i] != b[i];
	warnx("page %" PRIu64 " of the set is wrong", nr);
}

static void set_open(struct file_set *set, int flags)
{
	char path[4096];
	unsigned int i;

	for (i = 0; i < set->nr_files; i++) {
		snprintf(path, sizeof(path), "%s/file%03u", set->dir, i);
		set->fd[i] = open(path, flags | O_CLOEXEC, 0644);
		if (set->fd[i] < 0)
			err(2, "%s", path);
	}
}

static uint64_t set_pages(const struct file_set *set)
{
	return set->nr_files * set->file_pages;
}

static void make(struct file_set *set)
{
	uint64_t page[PAGE_WORDS];
	uint64_t nr;

	if (mkdir(set->dir, 0755) != 0 && errno != EEXIST)
		err(2, "%s", set->dir);
	set_open(set, O_WRONLY | O_CREAT);
	for (nr = 0; nr < set_pages(set); nr++) {
		fill_page(set, nr, page);
		if (write(set->fd[nr / set->file_pages], page, PAGE_SIZE) !=
		    PAGE_SIZE)
			err(2, "write");
	}
}

/* Reads and checks @count pages of one file, from page @nr of the set on. */
static void read_pages(const struct file_set *set, uint64_t nr,
		       unsigned int count, struct tally *tally)
{
	static uint64_t buf[CHUNK_PAGES * PAGE_WORDS];
	uint64_t in_file = nr % set->file_pages;
	ssize_t len = (ssize_t)count * PAGE_SIZE;
	unsigned int i;

	if (pread(set->fd[nr / set->file_pages], buf, (size_t)len,
		  (off_t)(in_file * PAGE_SIZE)) != len)
		err(2, "read of page %" PRIu64, nr);
	for (i = 0; i < count; i++)
		check_page(set, nr + i, buf + i * PAGE_WORDS, tally);
}

/* Chunks do not cross files: a file has a multiple of CHUNK_PAGES pages. */
static void read_in_order(const struct file_set *set, uint64_t pages,
			  struct tally *tally)
{
	uint64_t nr;

	if (pages > set_pages(set))
		errx(2, "the set has only %" PRIu64 " pages", set_pages(set));
	for (nr = 0; nr < pages; nr += CHUNK_PAGES)
		read_pages(set, nr, CHUNK_PAGES, tally);
}

static void read_at_random(const struct file_set *set, uint64_t pages,
			   struct tally *tally)
{
	uint64_t i;

	for (i = 0; i < pages; i++)
		read_pages(set, mix(mix(set->seed) + i) % set_pages(set), 1,
			   tally);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t number(const char *arg, uint64_t max)
{
	char *end;
	unsigned long long value = strtoull(arg, &end, 10);

	if (*arg == '\0' || *end != '\0' || value > max)
		errx(2, "'%s' is not a number up to %" PRIu64, arg, max);
	return value;
}

int main(int argc, char **argv)
{
	struct file_set set = { 0 };
	struct tally tally = { 0 };
	uint64_t pages;
	double start;

	if (argc < 6)
		errx(2, "usage: make|sequential|random DIR FILES MIB SEED "
			"[PAGES]");
	set.dir = argv[2];
	set.nr_files = (unsigned int)number(argv[3], MAX_FILES);
	set.file_pages = number(argv[4], 1u << 20) * MIB_PAGES;
	set.seed = number(argv[5], UINT32_MAX);
	if (strcmp(argv[1], "make") == 0) {
		make(&set);
		return 0;
	}
	if (argc != 7)
		errx(2, "how many pages?");
	pages = number(argv[6], UINT32_MAX);
	set_open(&set, O_RDONLY);
	start = now();
	if (strcmp(argv[1], "random") == 0)
		read_at_random(&set, pages, &tally);
	else
		read_in_order(&set, pages, &tally);
	printf("seconds=%.3f bytes_verified=%" PRIu64 " mismatches=%" PRIu64
	       "\n",
	       now() - start, tally.bytes_verified, tally.mismatches);
	return tally.mismatches != 0;
}
