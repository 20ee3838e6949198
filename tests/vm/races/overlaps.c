// SPDX-License-Identifier: GPL-2.0-only
/*
 * Overlaps that the disk makes: it holds a read or a write for as long as the
 * scene wants, before the disk has it or after.  At the end of a scene the
 * pages are evicted, which puts those with a link, and the target must answer
 * with what is beneath.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bed.h"

static void undisturbed(void)
{
	pid_t pid;

	begin("undisturbed", "read");
	pid = start_read();
	grew("links", 0);
	finish(pid, READS);
	grew("links", 2);
	evict(hc, READS);
	evict(hc, FREE);
	grew("puts", 2);
	truth(FREE);
	grew("hits", 1);

	begin("undisturbed", "written back");
	write_pages(hc, WRITES, 1);
	write_back(hc, WRITES);
	grew("links", 0);
	let_go(WRITES);
	check(!written_back(hc, WRITES), "written back");
	grew("links", 1);
	evict(hc, WRITES);
	grew("puts", 1);
	truth(WRITES);
	grew("hits", 1);
	printf("ok what nobody disturbs on its way is linked, put and hit\n");
}

/* The read has the old content already; the write comes and goes. */
static void write_within_read(void)
{
	enum way way;
	pid_t pid;

	for (way = 0; way < NR_WAYS; way++) {
		begin("write within read", way_names[way]);
		pid = start_read();
		change(way, FREE);
		grew("links", 0);
		finish(pid, READS);
		grew("links", 1);
		evict(hc, READS);
		evict(hc, FREE);
		grew("puts", 1);
		truth(FREE);
		grew("hits", 0);
	}
	printf("ok a read in whose time the block is written makes no link\n");
}

/* The write has landed, and is in flight still when the read ends. */
static void write_after_read(void)
{
	pid_t reader, writer;

	begin("write after read", "two pages");
	reader = start_read();
	writer = start_write();
	finish(reader, READS);
	grew("links", 1);
	finish(writer, WRITES);
	not_put(FREE);
	printf("ok nor if the write ends after the read\n");
}

/* The write is in flight before the read and still when it ends. */
static void read_within_write(void)
{
	enum way way;
	pid_t pid;

	for (way = 0; way < NR_WAYS; way++) {
		begin("read within write", way_names[way]);
		pid = start_change(way, at(WRITES));
		read_pages(hc, WRITES, 1);
		grew("links", 0);
		finish(pid, WRITES);
		not_put(WRITES);
	}
	printf("ok nor does one that is over before the write has landed\n");
}

static void write_within_writeback(void)
{
	enum way way;
	pid_t pid;

	for (way = 0; way < NR_WAYS; way++) {
		begin("write within writeback", way_names[way]);
		write_pages(hc, WRITES, 1);
		write_back(hc, WRITES);
		pid = start_change(way, at(WRITES));
		finish(pid, WRITES);
		check(!written_back(hc, WRITES), "written back");
		grew("links", 0);
		not_put(WRITES);
	}
	printf("ok a write while the page is written back leaves no link\n");
}

static void writeback_within_write(void)
{
	enum way way;
	pid_t pid;

	for (way = 0; way < NR_WAYS; way++) {
		begin("writeback within write", way_names[way]);
		pid = start_change(way, at(WRITES));
		write_pages(hc, WRITES, 1);
		write_back(hc, WRITES);
		finish(pid, WRITES);
		check(!written_back(hc, WRITES), "written back");
		grew("links", 0);
		evict(hc, WRITES);
		grew("puts", 0);
		truth(WRITES);
	}
	printf("ok nor does one that the writeback overlaps\n");
}

/* A page with a link is evicted while its block is in a bucket with a write. */
static void put_within_write(void)
{
	enum way way;
	pid_t pid;

	for (way = 0; way < NR_WAYS; way++) {
		begin("put within write", way_names[way]);
		read_pages(hc, FREE, 1);
		grew("links", 1);
		pid = start_change(way, at(FREE) + (off_t)TWIN * PAGE);
		evict(hc, FREE);
		grew("overtaken", 1);
		grew("puts", 0);
		finish(pid, WRITES);
		truth(FREE);
		grew("hits", 0);
		cache(FREE);
	}
	printf("ok nothing is put while a write is in flight, but afterwards\n");
}

static void write_over_cached(void)
{
	enum way way;
	pid_t pid;

	for (way = 0; way < NR_WAYS; way++) {
		begin("write over a cached block", way_names[way]);
		cache(WRITES);
		pid = start_change(way, at(WRITES));
		finish(pid, WRITES);
		truth(WRITES);
		grew("hits", 0);

		begin("write over a cached block, read meanwhile",
		      way_names[way]);
		cache(WRITES);
		pid = start_change(way, at(WRITES));
		read_pages(hc, WRITES, 1);
		grew("hits", 0);
		finish(pid, WRITES);
		truth(WRITES);
		grew("hits", 0);
	}
	printf("ok a block being written is the disk's, then and later\n");
}

/* A long discard enters no bucket: a list has it. */
static void within_wide_discard(void)
{
	pid_t pid;

	begin("wide discard", "a page read meanwhile");
	among_twins();
	pid = start_wide_discard(at(WRITES));
	read_pages(hc, WRITES, 1);
	grew("links", 0);
	finish(pid, WRITES);
	not_put(WRITES);

	begin("wide discard", "over a page with a link");
	among_twins();
	read_pages(hc, WRITES, 1);
	grew("links", 1);
	pid = start_wide_discard(at(WRITES) + PAGE - WIDE);
	evict(hc, WRITES);
	grew("puts", 0);
	finish(pid, WRITES);
	truth(WRITES);
	grew("hits", 0);

	begin("wide discard", "over a cached block");
	among_twins();
	cache(WRITES);
	pid = start_wide_discard(at(WRITES));
	read_pages(hc, WRITES, 1);
	grew("hits", 0);
	grew("links", 0);
	finish(pid, WRITES);
	not_put(WRITES);

	begin("wide discard", "beside a page");
	among_twins();
	pid = start_wide_discard(at(WRITES) + PAGE);
	cache(WRITES);
	finish(pid, WRITES);
	truth(WRITES);
	grew("hits", 1);
	printf("ok a long discard is seen where it is, and only there\n");
}

static void dirty_by_write(int fd)
{
	write_pages(fd, WRITES, 1);
}

static void dirty_by_store(int fd)
{
	unsigned char *va = map(fd, WRITES);

	va[77]++;
	munmap(va, PAGE);
}

static void dirty_by_direct_read(int fd)
{
	unsigned char *va = map(fd, WRITES);

	check(pread(top_direct, va, PAGE, at(FREE)) == PAGE, "read");
	munmap(va, PAGE);
}

static const struct {
	const char *name;
	void (*run)(int fd);
} dirtying[] = {
	{ "by write", dirty_by_write },
	{ "by a store", dirty_by_store },
	{ "by direct read", dirty_by_direct_read },
};

#define NR_DIRTYING (sizeof(dirtying) / sizeof(dirtying[0]))

/* Dirtied when the target has seen the write, or before it has. */
static void dirtied(void)
{
	uint32_t i;

	for (i = 0; i < NR_DIRTYING; i++) {
		begin("dirtied in writeback", dirtying[i].name);
		write_pages(hc, WRITES, 1);
		write_back(hc, WRITES);
		dirtying[i].run(hc);
		settle(hc, WRITES);
	}
	for (i = 0; i < 2; i++) {
		begin("dirtied before the target sees it", dirtying[i].name);
		write_pages(top, WRITES, 1);
		suspend("top");
		write_back(top, WRITES);
		dirtying[i].run(top);
		resume("top");
		dirtying[i].run(top);
		settle(top, WRITES);
	}
	printf("ok a page dirtied while it is written back has no link\n");
}

/*
 * The page goes to two blocks at the same time, for they are direct writes out
 * of its mapping.  By then a third has the page for itself: it is put as what
 * that one wrote.
 */
static void two_bios(void)
{
	unsigned char *va;
	pid_t pid;

	begin("two bios", "a page in writeback written directly");
	write_pages(hc, WRITES, 1);
	write_back(hc, WRITES);
	va = map(hc, WRITES);
	check(pwrite(top_direct, va, PAGE, at(FREE)) == PAGE, "write");
	munmap(va, PAGE);
	let_go(WRITES);
	check(!written_back(hc, WRITES), "written back");
	grew("links", 0);
	evict(hc, WRITES);
	grew("puts", 0);
	truth(WRITES);
	truth(FREE);

	begin("two bios", "and a third");
	write_pages(hc, WRITES, 1);
	write_back(hc, WRITES);
	va = map(hc, WRITES);
	pid = start_direct_write(va, at(READS) + (off_t)TWIN * PAGE);
	check(pwrite(top_direct, va, PAGE, at(FREE)) == PAGE, "write");
	grew("links", 1);
	munmap(va, PAGE);
	finish(pid, WRITES);
	check(!written_back(hc, WRITES), "written back");
	grew("links", 0);
	evict(hc, WRITES);
	grew("puts", 1);
	truth(WRITES);
	grew("hits", 0);
	truth(FREE);
	grew("hits", 1);
	printf("ok a page that two bios write is linked by neither\n");
}

/* The page of one block is the buffer of a direct read of another. */
static void read_into_page(void)
{
	unsigned char *va;
	pid_t pid;

	begin("direct read", "into a page with a link");
	read_pages(hc, FREE, 1);
	grew("links", 1);
	va = map(hc, FREE);
	pid = start_direct_read(va);
	finish(pid, READS);
	munmap(va, PAGE);
	grew("links", 0);
	write_back(hc, FREE);
	check(!written_back(hc, FREE), "written back");
	grew("links", 1);
	evict(hc, FREE);
	grew("puts", 1);
	truth(FREE);
	grew("hits", 1);
	printf("ok a direct read into a mapped page makes no link\n");
}

/* Writes count that began when there was no cache. */
static void cache_appears(void)
{
	pid_t pid;

	begin("the cache appears", "within a write");
	message("off");
	pid = start_change(WRITE_PAGE, at(WRITES));
	message("on");
	read_pages(hc, WRITES, 1);
	finish(pid, WRITES);
	grew("links", 0);
	evict(hc, WRITES);
	grew("puts", 0);
	truth(WRITES);
	until_caching();
	cache(WRITES);

	begin("the cache goes and comes", "within a read");
	pid = start_read();
	message("off");
	change(WRITE_PAGE, FREE);
	message("on");
	until_caching();
	finish(pid, READS);
	grew("links", 0);
	evict(hc, FREE);
	grew("puts", 0);
	truth(FREE);

	begin("the pool goes and comes", "within a read");
	pid = start_read();
	message("drop");
	change(WRITE_PAGE, FREE);
	finish(pid, READS);
	grew("links", 1);
	evict(hc, FREE);
	grew("puts", 0);
	truth(FREE);
	printf("ok writes are seen that begin when there is no cache\n");
}

#define WORKS "linear /dev/vda 0"
#define FAILS_WRITES "flakey /dev/vda 0 0 1 1 error_writes"
#define FAILS_ALL "error"

static void failed_writes(void)
{
	begin("failed write", "over a cached block");
	cache(FAILS);
	failing(FAILS_WRITES);
	check(pwrite(top_direct, fresh(), PAGE, at(FAILS)) < 0, "must fail");
	truth(FAILS);
	grew("hits", 0);
	failing(WORKS);

	begin("failed write", "back");
	failing(FAILS_WRITES);
	write_pages(hc, FAILS, 1);
	write_back(hc, FAILS);
	check(written_back(hc, FAILS) < 0, "must fail");
	failing(WORKS);
	grew("links", 0);
	not_put(FAILS);
	printf("ok a failed write leaves neither a link nor a cached block\n");
}

/* One block of two can be read; the kernel then reads it alone. */
static void failed_reads(void)
{
	begin("failed read", "of the second block");
	failing(FAILS_ALL);
	check(pread(hc, got, 2 * PAGE, at(WRITES)) == PAGE, "must fail");
	failing(WORKS);
	grew("links", 1);
	evict(hc, WRITES);
	check(!posix_fadvise(hc, at(FAILS), PAGE, POSIX_FADV_DONTNEED),
	      "fadvise");
	grew("puts", 1);
	truth(WRITES);
	grew("hits", 1);
	truth(FAILS);
	grew("hits", 0);
	printf("ok a failed read leaves no link\n");
}

void overlaps(void)
{
	undisturbed();
	write_within_read();
	write_after_read();
	read_within_write();
	write_within_writeback();
	writeback_within_write();
	put_within_write();
	write_over_cached();
	within_wide_discard();
	dirtied();
	two_bios();
	read_into_page();
	cache_appears();
	failed_writes();
	failed_reads();
}
