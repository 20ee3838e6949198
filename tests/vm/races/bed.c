// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices, what is done with them, and what the target says that it saw:
 * see bed.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bed.h"

const char *const way_names[NR_WAYS] = { "a page", "a sector", "a discard",
					 "zeroes" };

static const char *const counters[] = { "links", "puts", "hits", "overtaken" };

#define NR_COUNTERS (sizeof(counters) / sizeof(counters[0]))

static int control; /* the device mapper's */
int hc, top, top_direct;
static int below; /* /dev/vda, direct */
static uint64_t counted[NR_COUNTERS]; /* when last looked at */
unsigned char *got;
static unsigned char *page; /* to be written, aligned */
static unsigned char *was; /* to be read into, aligned */
static uint64_t next_tag;
static uint64_t group; /* of the scene: its first block */
static uint64_t away; /* blocks from there to where it is played */
static const char *scene, *variant;
/* When a process was started: */
static uint32_t held_before;
static uint64_t done_before; /* by /dev/vda */

void fail(const char *format, ...)
{
	va_list arguments;

	printf("FAIL %s, %s: ", scene, variant);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	exit(1);
}

void check(bool good, const char *what)
{
	if (!good)
		fail("%s: %s", what, strerror(errno));
}

off_t at(enum place place)
{
	return (off_t)(group + away + place) * PAGE;
}

void among_twins(void)
{
	away = TWIN;
}

/* The device mapper. */

static const char *dm(unsigned long request, const char *device, uint32_t flags)
{
	static struct {
		struct dm_ioctl head;
		struct dm_target_spec target;
		char text[1024];
	} call;

	memset(&call, 0, sizeof(call));
	call.head.version[0] = DM_VERSION_MAJOR;
	call.head.data_size = sizeof(call);
	call.head.data_start = sizeof(call.head);
	call.head.flags = flags;
	strcpy(call.head.name, device);
	check(!ioctl(control, request, &call), device);
	return call.text;
}

void suspend(const char *device)
{
	dm(DM_DEV_SUSPEND, device, DM_SUSPEND_FLAG | DM_SKIP_LOCKFS_FLAG);
}

void resume(const char *device)
{
	dm(DM_DEV_SUSPEND, device, 0);
}

static void nap(void)
{
	usleep(1000);
}

static const char *holder(enum place place)
{
	return place == READS ? "reads-held" : "writes-held";
}

/* How many reads, or writes, are held: the delaying device says it. */
static uint32_t nr_held(enum place place)
{
	const char *status = dm(DM_TABLE_STATUS, holder(place), 0);
	uint32_t reads, writes;

	check(sscanf(status, "%u %u", &reads, &writes) == 2, status);
	return place == READS ? reads : writes;
}

/* A delaying device that is suspended first lets go what it holds. */
void let_go(enum place place)
{
	while (!nr_held(place))
		nap();
	suspend(holder(place));
	resume(holder(place));
}

/* The device `failing` gets another table, from the first sector on. */
void failing(const char *target)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "dmsetup suspend failing && "
		 "echo 0 $(blockdev --getsz /dev/vda) %s | "
		 "dmsetup load failing && dmsetup resume failing",
		 target);
	check(!system(command), command);
}

void message(const char *text)
{
	char command[64];

	snprintf(command, sizeof(command), "dmsetup message hc 0 %s", text);
	check(!system(command), command);
}

/* The target's counters. */

static uint64_t look(const char *counter)
{
	const char *status = dm(DM_TABLE_STATUS, "hc", 0);
	char key[32];

	snprintf(key, sizeof(key), " %s=", counter);
	status = strstr(status, key);
	check(status, counter);
	return strtoull(status + strlen(key), NULL, 10);
}

void until_caching(void)
{
	uint32_t tries = 600;

	while (!strstr(dm(DM_TABLE_STATUS, "hc", 0), "mode=cache")) {
		check(tries--, "there is no cache");
		usleep(100000);
	}
}

void grew(const char *counter, uint64_t by)
{
	uint64_t now = look(counter);
	uint32_t i = 0;

	while (strcmp(counters[i], counter))
		i++;
	if (now - counted[i] != by)
		fail("%s grew by %ju, not by %ju", counter,
		     (uintmax_t)(now - counted[i]), (uintmax_t)by);
	counted[i] = now;
}

void begin(const char *what, const char *which)
{
	uint32_t i;

	scene = what;
	variant = which;
	group += GROUP;
	away = 0;
	for (i = 0; i < NR_COUNTERS; i++)
		counted[i] = look(counters[i]);
}

/* Reads and writes. */

unsigned char *fresh(void)
{
	uint64_t *word = (uint64_t *)page;
	uint32_t i;

	next_tag++;
	for (i = 0; i < 2 * PAGE / sizeof(*word); i++)
		word[i] = next_tag << 32 | i;
	return page;
}

void write_pages(int fd, enum place place, uint32_t nr)
{
	check(pwrite(fd, fresh(), nr * PAGE, at(place)) == nr * PAGE, "write");
}

void read_pages(int fd, enum place place, uint32_t nr)
{
	check(pread(fd, got, nr * PAGE, at(place)) == nr * PAGE, "read");
}

bool change_at(enum way way, uint64_t offset)
{
	uint64_t range[2] = { offset, PAGE };

	switch (way) {
	case WRITE_PAGE:
		return pwrite(top_direct, fresh(), PAGE, offset) == PAGE;
	case WRITE_SECTOR:
		return pwrite(top_direct, fresh(), SECTOR, offset + SECTOR) ==
		       SECTOR;
	case DISCARD:
		return !ioctl(top, BLKDISCARD, range);
	default:
		return !ioctl(top, BLKZEROOUT, range);
	}
}

void change(enum way way, enum place place)
{
	check(change_at(way, at(place)), "change");
}

void write_back(int fd, enum place place)
{
	check(!sync_file_range(fd, at(place), PAGE, SYNC_FILE_RANGE_WRITE),
	      "write back");
}

int written_back(int fd, enum place place)
{
	return sync_file_range(fd, at(place), PAGE,
			       SYNC_FILE_RANGE_WAIT_BEFORE);
}

unsigned char *map(int fd, enum place place)
{
	unsigned char *va = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
				 fd, at(place));

	check(va != MAP_FAILED, "mmap");
	return va;
}

/* What the disk at the bottom has done: field 1, 5 and 12 of its statistics. */
static uint64_t disk_done(void)
{
	FILE *f = fopen("/sys/block/vda/stat", "r");
	uint64_t field, sum = 0;
	uint32_t i;

	check(f, "/sys/block/vda/stat");
	for (i = 1; i <= 12; i++) {
		check(fscanf(f, "%ju", (uintmax_t *)&field) == 1, "statistics");
		if (i == 1 || i == 5 || i == 12)
			sum += field;
	}
	fclose(f);
	return sum;
}

static uint32_t all_held(void)
{
	return nr_held(READS) + nr_held(WRITES);
}

void held(pid_t pid, uint32_t nr)
{
	while (all_held() == held_before || disk_done() < done_before + nr) {
		if (waitpid(pid, NULL, WNOHANG))
			fail("nothing was held");
		nap();
	}
}

pid_t forked(void)
{
	pid_t pid;

	held_before = all_held();
	done_before = disk_done();
	pid = fork();
	if (pid)
		next_tag++; /* the other's */
	return pid;
}

pid_t start_read(void)
{
	pid_t pid = forked();

	if (!pid) {
		read_pages(hc, READS, 2);
		_exit(0);
	}
	held(pid, 1);
	return pid;
}

pid_t start_direct_read(void *to)
{
	pid_t pid = forked();

	if (!pid)
		_exit(pread(top_direct, to, PAGE, at(READS)) != PAGE);
	held(pid, 0);
	return pid;
}

pid_t start_direct_write(const void *from, uint64_t offset)
{
	pid_t pid = forked();

	if (!pid)
		_exit(pwrite(top_direct, from, PAGE, offset) != PAGE);
	held(pid, 0);
	return pid;
}

pid_t start_change(enum way way, uint64_t offset)
{
	pid_t pid = forked();

	if (!pid)
		_exit(!change_at(way, offset));
	held(pid, 0);
	return pid;
}

pid_t start_wide_discard(uint64_t offset)
{
	uint64_t range[2] = { offset, WIDE };
	pid_t pid = forked();

	if (!pid)
		_exit(!!ioctl(top, BLKDISCARD, range));
	held(pid, 0);
	return pid;
}

pid_t start_write(void)
{
	pid_t pid = forked();

	if (!pid) {
		write_pages(top_direct, FREE, 2);
		_exit(0);
	}
	held(pid, 1);
	return pid;
}

void finish(pid_t pid, enum place place)
{
	int status;

	let_go(place);
	check(waitpid(pid, &status, 0) == pid, "waitpid");
	check(!status, "what was held");
}

/* What became of it. */

static bool in_memory(int fd, enum place place)
{
	void *va = map(fd, place);
	unsigned char resident;

	check(!mincore(va, PAGE, &resident), "mincore");
	munmap(va, PAGE);
	return resident & 1;
}

/* Who has just ended the page's I/O may still hold it for a moment. */
void evict(int fd, enum place place)
{
	uint32_t tries = 2000;

	check(in_memory(fd, place), "a page that memory has");
	while (in_memory(fd, place)) {
		check(tries-- > 0, "evict");
		check(!posix_fadvise(fd, at(place), PAGE, POSIX_FADV_DONTNEED),
		      "fadvise");
		nap();
	}
}

/* Through the page cache: a direct read gets nothing from the cache. */
void truth(enum place place)
{
	if (in_memory(hc, place))
		evict(hc, place);
	read_pages(below, place, 1);
	memcpy(was, got, PAGE);
	read_pages(hc, place, 1);
	if (memcmp(got, was, PAGE))
		fail("a stale page");
}

void not_put(enum place place)
{
	evict(hc, place);
	grew("puts", 0);
	truth(place);
	grew("hits", 0);
}

void cache(enum place place)
{
	read_pages(hc, place, 1);
	grew("links", 1);
	evict(hc, place);
	grew("puts", 1);
}

void settle(int fd, enum place place)
{
	let_go(WRITES);
	check(!written_back(fd, place), "written back");
	grew("links", 0);
	write_back(fd, place);
	let_go(WRITES);
	check(!written_back(fd, place), "written back again");
	grew("links", 1);
	evict(fd, place);
	grew("puts", 1);
	truth(place);
	grew("hits", 1);
}

static int open_device(const char *path, int flags)
{
	int fd = open(path, O_RDWR | flags);

	check(fd >= 0, path);
	/* Nothing is read but what is asked for. */
	check(!posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM), path);
	return fd;
}

static unsigned char *buffer(void)
{
	unsigned char *pages = aligned_alloc(PAGE, 2 * PAGE);

	check(pages, "memory");
	return pages;
}

void bed_open(void)
{
	scene = "races";
	variant = "start";
	control = open_device("/dev/mapper/control", 0);
	hc = open_device("/dev/mapper/hc", 0);
	top = open_device("/dev/mapper/top", 0);
	top_direct = open_device("/dev/mapper/top", O_DIRECT);
	below = open_device("/dev/vda", O_DIRECT);
	page = buffer();
	got = buffer();
	was = buffer();
}
