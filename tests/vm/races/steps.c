// SPDX-License-Identifier: GPL-2.0-only
/*
 * Overlaps within the target itself.  A processor is stopped where it enters
 * one of the target's functions (hold.c); meanwhile another does something else
 * to the same block.  What comes of it depends on the step, but at each one the
 * target must answer with what the disk has, in the end.
 *
 * The order of the steps is the argument in glue-linux/block.c.  One that came
 * too early or too late would be seen here only.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bed.h"

#define PARAMETERS "/sys/module/hold/parameters/"

static void run_on(int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	check(!sched_setaffinity(0, sizeof(set), &set), "affinity");
}

static void stop_at(const char *function)
{
	int fd = open(PARAMETERS "at", O_WRONLY);
	ssize_t length = strlen(function);

	check(fd >= 0 && write(fd, function, length) == length, function);
	close(fd);
}

static void go_on(void)
{
	stop_at("\n");
}

static char answer_of(const char *parameter)
{
	int fd = open(parameter, O_RDONLY);
	char answer;

	check(fd >= 0 && read(fd, &answer, 1) == 1, parameter);
	close(fd);
	return answer;
}

static bool is_stopped(void)
{
	return answer_of(PARAMETERS "held") == '1';
}

static void await_stop(pid_t pid)
{
	while (!is_stopped())
		if (waitpid(pid, NULL, WNOHANG))
			fail("nobody was stopped");
		else
			usleep(1000);
}

/* A process on the other processor, which is the one to be stopped. */
static pid_t forked_aside(void)
{
	pid_t pid = forked();

	if (!pid)
		run_on(1);
	return pid;
}

static void await_end(pid_t pid)
{
	int status;

	check(waitpid(pid, &status, 0) == pid && !status, "who was stopped");
}

static pid_t stopped_writer(const char *function)
{
	pid_t pid;

	stop_at(function);
	pid = forked_aside();
	if (!pid)
		_exit(!change_at(WRITE_PAGE, at(WRITES)));
	await_stop(pid);
	return pid;
}

static pid_t stopped_reader(const char *function, enum place place)
{
	pid_t pid;

	stop_at(function);
	pid = forked_aside();
	if (!pid) {
		read_pages(hc, place, 1);
		_exit(0);
	}
	await_stop(pid);
	return pid;
}

/* A write enters its bucket, drops the links, flushes, announces its own. */
static const struct {
	const char *function;
	uint32_t links; /* of a page read at this step */
	uint32_t puts, overtaken; /* of a page with a link */
} write_steps[] = {
	{ "hec_blocks_write_begin", 1, 1, 0 },
	{ "hec_links_written", 0, 0, 1 },
	{ "hec_blocks_flush", 0, 0, 0 },
	{ "hec_for_each_page", 0, 0, 0 },
};

#define NR_WRITE_STEPS (sizeof(write_steps) / sizeof(write_steps[0]))

static void read_within_write(uint32_t step)
{
	pid_t pid;

	begin("read while a write is at", write_steps[step].function);
	pid = stopped_writer(write_steps[step].function);
	read_pages(hc, WRITES, 1);
	grew("links", write_steps[step].links);
	go_on();
	held(pid, 0);
	finish(pid, WRITES);
	not_put(WRITES);
}

static void put_within_write(uint32_t step)
{
	pid_t pid;

	begin("put while a write is at", write_steps[step].function);
	read_pages(hc, WRITES, 1);
	grew("links", 1);
	pid = stopped_writer(write_steps[step].function);
	evict(hc, WRITES);
	grew("puts", write_steps[step].puts);
	grew("overtaken", write_steps[step].overtaken);
	go_on();
	held(pid, 0);
	finish(pid, WRITES);
	truth(WRITES);
	grew("hits", 0);
}

/* A read announces its link and then looks for writes. */
static const struct {
	const char *function;
	uint32_t links; /* if a write came and went at this step */
} read_steps[] = {
	{ "hec_read_begin", 1 },
	{ "hec_link_announce", 1 },
	{ "hec_blocks_quiet", 0 },
};

#define NR_READ_STEPS (sizeof(read_steps) / sizeof(read_steps[0]))

static void write_from_read_on(const char *function)
{
	pid_t reader, writer;

	begin("write that begins while a read is at", function);
	reader = stopped_reader(function, WRITES);
	writer = start_change(WRITE_PAGE, at(WRITES));
	go_on();
	await_end(reader);
	grew("links", 0);
	finish(writer, WRITES);
	not_put(WRITES);
}

static void write_within_read(uint32_t step)
{
	pid_t pid;

	begin("write while a read is at", read_steps[step].function);
	pid = stopped_reader(read_steps[step].function, FREE);
	change(WRITE_PAGE, FREE);
	go_on();
	await_end(pid);
	grew("links", read_steps[step].links);
	evict(hc, FREE);
	grew("puts", read_steps[step].links);
	truth(FREE);
	grew("hits", read_steps[step].links);
}

/* The old content is a right answer to a read that the write overlaps. */
static void write_within_get(void)
{
	pid_t reader, writer;

	begin("write", "while a read gets the block");
	cache(WRITES);
	reader = stopped_reader("hec_live_call", WRITES);
	writer = start_change(WRITE_PAGE, at(WRITES));
	go_on();
	await_end(reader);
	grew("hits", 1);
	grew("links", 0);
	finish(writer, WRITES);
	not_put(WRITES);
}

/*
 * A put begins in its bucket, calls the hypervisor, and marks what that has taken.
 * At whichever step a write comes and goes, the page is not asked for.
 */
static const char *const put_steps[] = { "hec_blocks_put_begin",
					 "hec_live_call",
					 "hec_blocks_put_end" };

#define NR_PUT_STEPS (sizeof(put_steps) / sizeof(put_steps[0]))

/* A page with a link, on its way to the hypervisor. */
static pid_t stopped_put(const char *function, enum place place)
{
	pid_t pid;

	read_pages(hc, place, 1);
	grew("links", 1);
	stop_at(function);
	pid = forked_aside();
	if (!pid) {
		evict(hc, place);
		_exit(0);
	}
	await_stop(pid);
	return pid;
}

/* It goes on, and what it has put is not asked for. */
static void end_spoilt(pid_t put)
{
	go_on();
	await_end(put);
	grew("overtaken", 1);
	grew("puts", 0);
}

static void write_within_put(const char *function)
{
	enum way way;
	pid_t pid;

	for (way = 0; way < NR_WAYS; way++) {
		begin(way_names[way], function);
		pid = stopped_put(function, FREE);
		change(way, FREE);
		end_spoilt(pid);
		truth(FREE);
		grew("hits", 0);
	}
}

static void wide_discard_within_put(const char *function)
{
	pid_t put, discard;

	begin("wide discard", function);
	among_twins();
	put = stopped_put(function, WRITES);
	discard = start_wide_discard(at(WRITES));
	end_spoilt(put);
	finish(discard, WRITES);
	truth(WRITES);
	grew("hits", 0);
}

/*
 * A write spoils a put; its own page is evicted while that is under way still.
 * Nobody knows which of the two the hypervisor would have.  Once the first is over,
 * the page can be put.
 */
static void put_within_spoilt_put(const char *function)
{
	pid_t pid;

	begin("put while one is spoilt at", function);
	pid = stopped_put(function, FREE);
	change(WRITE_PAGE, FREE);
	read_pages(hc, FREE, 1);
	grew("links", 1);
	evict(hc, FREE);
	grew("overtaken", 1);
	end_spoilt(pid);
	truth(FREE);
	grew("hits", 0);
	grew("links", 1);
	evict(hc, FREE);
	grew("puts", 1);
	truth(FREE);
	grew("hits", 1);
}

/* The same with a long discard, which enters no bucket. */
static void put_within_wide_spoilt_put(const char *function)
{
	pid_t put, discard;

	begin("put while a wide discard has spoilt one at", function);
	among_twins();
	put = stopped_put(function, WRITES);
	discard = start_wide_discard(at(WRITES) + PAGE);
	finish(discard, WRITES);
	read_pages(hc, WRITES, 1);
	grew("links", 1);
	evict(hc, WRITES);
	grew("overtaken", 1);
	end_spoilt(put);
	cache(WRITES);
	truth(WRITES);
	grew("hits", 1);
}

/* Two pages of one block, and no write: either will do. */
static void put_within_put(const char *function)
{
	pid_t pid;

	begin("put while one of the same block is at", function);
	pid = stopped_put(function, FREE);
	cache(FREE);
	go_on();
	await_end(pid);
	grew("puts", 1);
	truth(FREE);
	grew("hits", 1);
}

static void store(int fd)
{
	unsigned char *va = map(fd, WRITES);

	va[77]++;
	munmap(va, PAGE);
}

/*
 * A write of the page waits before `top`; whoever resumes that sends it on, and
 * to the step.  The page is dirtied there; so it is written twice.
 */
static void dirtied_within_writeback(const char *function)
{
	pid_t pid;

	begin("dirtied while the writeback is at", function);
	write_pages(top, WRITES, 1);
	suspend("top");
	write_back(top, WRITES);
	stop_at(function);
	pid = forked_aside();
	if (!pid) {
		resume("top");
		_exit(0);
	}
	await_stop(pid);
	store(top);
	go_on();
	await_end(pid);
	settle(top, WRITES);
}

/*
 * Who makes a target allocates memory with a mutex that a suspended target waits for:
 * its dirty pages must not be waited for in turn.
 */
static void memory_without_io(void)
{
	pid_t pid;

	begin("memory", "for another target");
	stop_at("hec_live_add");
	pid = forked_aside();
	if (!pid)
		_exit(!!system("dmsetup create other --table "
			       "'0 8 hecache /dev/vda'"));
	await_stop(pid);
	if (answer_of(PARAMETERS "noio") != 'Y')
		fail("I/O may be waited for");
	go_on();
	await_end(pid);
	check(!system("dmsetup remove other"), "remove");
	printf("ok memory that a suspended target waits for needs no I/O\n");
}

void steps(void)
{
	uint32_t i;

	run_on(0);
	for (i = 0; i < NR_WRITE_STEPS; i++) {
		read_within_write(i);
		put_within_write(i);
	}
	printf("ok at each step of a write, reads and puts\n");
	for (i = 0; i < NR_READ_STEPS; i++) {
		write_from_read_on(read_steps[i].function);
		write_within_read(i);
	}
	write_within_get();
	printf("ok at each step of a read, writes\n");
	for (i = 0; i < NR_PUT_STEPS; i++) {
		write_within_put(put_steps[i]);
		wide_discard_within_put(put_steps[i]);
	}
	printf("ok at each step of a put, writes and long discards\n");
	for (i = 1; i < NR_PUT_STEPS; i++) {
		put_within_spoilt_put(put_steps[i]);
		put_within_wide_spoilt_put(put_steps[i]);
		put_within_put(put_steps[i]);
	}
	printf("ok and puts: none while one is spoilt\n");
	dirtied_within_writeback("hec_seal");
	dirtied_within_writeback("hec_link_announce");
	dirtied_within_writeback("hec_blocks_quiet");
	printf("ok a page dirtied at each step of its link has none\n");
	memory_without_io();
}
