// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the guest of bench-vm does to a device, in samples that count.c sees begin and
 * end.
 *
 *     work fill DEVICE PAGES
 *     work ACTION DEVICE PAGES SAMPLES
 *
 * fill writes PAGES pages of 4 KiB whose every word is a function of its place.  A
 * sample is of PAGES pages, each sample of the next ones, and ACTION one of
 *
 *     read, write              by direct I/O
 *     buffered                 through the page cache, just these pages at once
 *     evict                    the page cache gives them up
 *
 * What was read is compared, and what is written is what was there: status 1 tells of
 * a wrong byte, 2 that it could not be done.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mark.h"

#define PAGE_SIZE 4096u
#define PAGE_WORDS (PAGE_SIZE / sizeof(uint64_t))
#define PAGES_MAX 64u

static uint64_t buffer[PAGES_MAX * PAGE_WORDS]
	__attribute__((aligned(PAGE_SIZE)));

#define MARK(number) \
	__asm__ volatile("nopl %c0(%%rax)" : : "i"(number) : "memory")

enum action {
	READ,
	WRITE,
	BUFFERED,
	EVICT,
	NR_ACTIONS
};

static const char *const names[NR_ACTIONS] = { "read", "write", "buffered",
					       "evict" };

static uint64_t word_at(uint64_t page, unsigned int i)
{
	return (page * PAGE_WORDS + i + 1) * 0x9e3779b97f4a7c15u;
}

static void make(uint64_t page, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr * PAGE_WORDS; i++)
		buffer[i] = word_at(page, i);
}

static bool is_right(uint64_t page, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr * PAGE_WORDS; i++)
		if (buffer[i] != word_at(page, i))
			return false;
	return true;
}

static bool act(enum action action, int fd, uint64_t page, unsigned int nr)
{
	size_t len = nr * PAGE_SIZE;
	off_t at = page * PAGE_SIZE;

	switch (action) {
	case READ:
	case BUFFERED:
		return pread(fd, buffer, len, at) == (ssize_t)len;
	case WRITE:
		return pwrite(fd, buffer, len, at) == (ssize_t)len;
	default:
		return !posix_fadvise(fd, at, len, POSIX_FADV_DONTNEED);
	}
}

static void sample(enum action action, int fd, uint64_t page, unsigned int nr)
{
	bool reads = action == READ || action == BUFFERED, done;

	if (reads)
		memset(buffer, 0xee, nr * PAGE_SIZE);
	else
		make(page, nr);
	MARK(HEC_MARK_BEGIN);
	done = act(action, fd, page, nr);
	MARK(HEC_MARK_END);
	if (!done)
		err(2, "%s of page %llu", names[action],
		    (unsigned long long)page);
	if (reads && !is_right(page, nr))
		errx(1, "page %llu has another content",
		     (unsigned long long)page);
}

static int device(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		err(2, "%s", path);
	/* A read is of the pages that it asks for, and they are read at once. */
	if (posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM))
		errx(2, "%s: no advice is taken", path);
	return fd;
}

static void fill(const char *path, uint64_t nr)
{
	int fd = device(path, O_WRONLY | O_DIRECT);
	uint64_t page;

	for (page = 0; page < nr; page++) {
		make(page, 1);
		if (!act(WRITE, fd, page, 1))
			err(2, "%s", path);
	}
	close(fd);
}

static enum action action_of(const char *name)
{
	unsigned int i;

	for (i = 0; i < NR_ACTIONS; i++)
		if (!strcmp(name, names[i]))
			return i;
	errx(2, "no such action: %s", name);
}

int main(int argc, char **argv)
{
	enum action action;
	unsigned int nr, samples, i;
	int fd;

	if (argc == 4 && !strcmp(argv[1], "fill")) {
		fill(argv[2], strtoull(argv[3], NULL, 10));
		return 0;
	}
	if (argc != 5)
		errx(2, "usage: work ACTION DEVICE PAGES SAMPLES");
	action = action_of(argv[1]);
	nr = strtoul(argv[3], NULL, 10);
	samples = strtoul(argv[4], NULL, 10);
	if (!nr || nr > PAGES_MAX)
		errx(2, "pages: 1 to %u", PAGES_MAX);
	fd = device(argv[2], action == READ    ? O_RDONLY | O_DIRECT
			     : action == WRITE ? O_WRONLY | O_DIRECT
					       : O_RDONLY);
	MARK(HEC_MARK_ROW);
	for (i = 0; i < samples; i++)
		sample(action, fd, (uint64_t)i * nr, nr);
	close(fd);
	return 0;
}
