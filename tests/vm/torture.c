// SPDX-License-Identifier: GPL-2.0-only
/*
 * A search for stale pages, run on a file system over a hecache target.
 *
 *     torture DIR WORKERS FILES FILE_KIB SECONDS SEED
 *
 * Each worker owns FILES files of at most FILE_KIB and does random operations
 * on them, in every way that reaches the disk or the page cache: buffered,
 * direct and mapped reads and writes, direct I/O whose buffer is another file's
 * mapping, truncation, holes, unlinking, trimming, and eviction, which moves
 * the pages to the cache.  What is read is compared with a model.
 *
 * The model holds a tag for each 512-byte sector; the tag determines the
 * content, and 0 stands for zeroes.  A tag is given out once, so old content is
 * told from new, and the same content at two places only comes from copies.
 *
 * Prints `key=value` lines; exits with 1 if anything was read wrong.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../testbed/mix.h"

#define SECTOR 512u
#define PAGE 4096u
#define PAGE_SECTORS (PAGE / SECTOR)
#define IO_SECTORS_MAX 256u /* 128 KiB */

struct file {
	char name[64];
	int fd; /* buffered */
	int direct; /* O_DIRECT */
	uint32_t sectors; /* length */
	uint32_t *tag;
};

struct totals {
	uint64_t ops, writes, verified, mismatches, evictions;
};

static struct file *files;
static uint32_t nr_files, max_sectors, next_tag;
static uint64_t seed;
static unsigned char *buffer; /* page-aligned */
static struct totals *totals; /* shared with the workers, one each */
static uint32_t worker;

static uint64_t random64(void)
{
	seed += 0x9e3779b97f4a7c15ull;
	return mix(seed);
}

static uint32_t below(uint32_t n)
{
	return random64() % n;
}

static void fail(const char *what, const struct file *f)
{
	fprintf(stderr, "torture: %s %s: %s\n", what, f ? f->name : "",
		strerror(errno));
	exit(2);
}

static void sector_fill(unsigned char *to, uint32_t tag)
{
	uint64_t word[SECTOR / 8];
	uint32_t i;

	for (i = 0; i < SECTOR / 8; i++)
		word[i] =
			tag ? (uint64_t)tag << 32 | (tag * 2654435761u + i) : 0;
	memcpy(to, word, SECTOR);
}

static void report(const struct file *f, uint32_t sector, const void *data,
		   const char *how)
{
	uint64_t word;

	memcpy(&word, data, sizeof(word));
	printf("MISMATCH worker %u %s sector %u read %s: tag %u, expected %u\n",
	       worker, f->name, sector, how, (uint32_t)(word >> 32),
	       f->tag[sector]);
}

static void verify(const struct file *f, uint32_t first, uint32_t nr,
		   const unsigned char *data, const char *how)
{
	unsigned char expected[SECTOR];
	uint32_t i;

	for (i = 0; i < nr; i++) {
		sector_fill(expected, f->tag[first + i]);
		if (memcmp(data + i * SECTOR, expected, SECTOR)) {
			if (totals->mismatches++ < 20)
				report(f, first + i, data + i * SECTOR, how);
		}
	}
	totals->verified += nr * SECTOR;
}

/* A random part of the first @limit sectors, in units of @align sectors. */
static uint32_t choose(uint32_t limit, uint32_t align, uint32_t *nr)
{
	uint32_t units = limit / align, first, most;

	if (!units) {
		*nr = 0;
		return 0;
	}
	first = below(units);
	most = units - first;
	if (most > IO_SECTORS_MAX / align)
		most = IO_SECTORS_MAX / align;
	*nr = (1 + (below(4) ? below(most) % 8 : below(most))) * align;
	return first * align;
}

static uint32_t random_align(void)
{
	return below(4) ? PAGE_SECTORS : 1u << below(3);
}

static struct file *any_file(void)
{
	return &files[below(nr_files)];
}

static void grown(struct file *f, uint32_t end)
{
	if (end > f->sectors)
		f->sectors = end;
}

static void *map(const struct file *f, int protection)
{
	void *va = mmap(NULL, f->sectors * SECTOR, protection, MAP_SHARED,
			f->fd, 0);

	if (va == MAP_FAILED)
		fail("mmap", f);
	return va;
}

static void new_content(struct file *f, uint32_t first, uint32_t nr,
			unsigned char *to)
{
	uint32_t i;

	for (i = 0; i < nr; i++) {
		f->tag[first + i] = ++next_tag;
		sector_fill(to + i * SECTOR, next_tag);
	}
	totals->writes++;
}

/* Reads and writes. */

static void write_file(struct file *f, int fd, uint32_t align)
{
	uint32_t nr, first = choose(max_sectors, align, &nr);

	new_content(f, first, nr, buffer);
	if (pwrite(fd, buffer, nr * SECTOR, (off_t)first * SECTOR) !=
	    (ssize_t)(nr * SECTOR))
		fail("write", f);
	grown(f, first + nr);
}

static void op_write(struct file *f)
{
	write_file(f, f->fd, random_align());
}

static void op_write_direct(struct file *f)
{
	write_file(f, f->direct, random_align());
}

static void op_write_mapped(struct file *f)
{
	uint32_t nr, first = choose(f->sectors, random_align(), &nr);
	unsigned char *va;

	if (!nr)
		return;
	va = map(f, PROT_READ | PROT_WRITE);
	new_content(f, first, nr, va + first * SECTOR);
	if (!below(3) && msync(va, f->sectors * SECTOR, MS_SYNC))
		fail("msync", f);
	munmap(va, f->sectors * SECTOR);
}

static void read_file(struct file *f, int fd, uint32_t align, const char *how)
{
	uint32_t nr, first = choose(f->sectors, align, &nr);

	if (!nr)
		return;
	if (pread(fd, buffer, nr * SECTOR, (off_t)first * SECTOR) !=
	    (ssize_t)(nr * SECTOR))
		fail("read", f);
	verify(f, first, nr, buffer, how);
}

static void op_read(struct file *f)
{
	read_file(f, f->fd, random_align(), "buffered");
}

static void op_read_direct(struct file *f)
{
	read_file(f, f->direct, random_align(), "directly");
}

static void op_read_mapped(struct file *f)
{
	uint32_t nr, first = choose(f->sectors, PAGE_SECTORS, &nr);
	unsigned char *va;

	if (!nr)
		return;
	va = map(f, PROT_READ);
	verify(f, first, nr, va + first * SECTOR, "mapped");
	munmap(va, f->sectors * SECTOR);
}

static void op_read_all(struct file *f)
{
	uint32_t first, nr;

	for (first = 0; first < f->sectors; first += nr) {
		nr = f->sectors - first;
		if (nr > IO_SECTORS_MAX)
			nr = IO_SECTORS_MAX;
		if (pread(f->fd, buffer, nr * SECTOR, (off_t)first * SECTOR) !=
		    (ssize_t)(nr * SECTOR))
			fail("read", f);
		verify(f, first, nr, buffer, "in sequence");
	}
}

/* Direct I/O whose buffer is the mapping of another file. */

static bool choose_copy(struct file *from, struct file *to, uint32_t *at,
			uint32_t *dest, uint32_t *nr)
{
	uint32_t most;

	*at = choose(from->sectors, PAGE_SECTORS, nr);
	*dest = choose(to->sectors, PAGE_SECTORS, &most);
	if (*nr > most)
		*nr = most;
	return from != to && *nr;
}

static void op_write_from_mapping(struct file *to)
{
	struct file *from = any_file();
	uint32_t at, dest, nr;
	unsigned char *va;

	if (!choose_copy(from, to, &at, &dest, &nr))
		return;
	va = map(from, PROT_READ);
	if (pwrite(to->direct, va + at * SECTOR, nr * SECTOR,
		   (off_t)dest * SECTOR) != (ssize_t)(nr * SECTOR))
		fail("write from a mapping", to);
	munmap(va, from->sectors * SECTOR);
	memcpy(to->tag + dest, from->tag + at, nr * sizeof(*to->tag));
	totals->writes++;
}

static void op_read_into_mapping(struct file *to)
{
	struct file *from = any_file();
	uint32_t at, dest, nr;
	unsigned char *va;

	if (!choose_copy(from, to, &at, &dest, &nr))
		return;
	va = map(to, PROT_READ | PROT_WRITE);
	if (pread(from->direct, va + dest * SECTOR, nr * SECTOR,
		  (off_t)at * SECTOR) != (ssize_t)(nr * SECTOR))
		fail("read into a mapping", to);
	munmap(va, to->sectors * SECTOR);
	memcpy(to->tag + dest, from->tag + at, nr * sizeof(*to->tag));
	totals->writes++;
}

/* Space. */

static void op_truncate(struct file *f)
{
	uint32_t sectors = below(max_sectors);

	if (ftruncate(f->fd, (off_t)sectors * SECTOR))
		fail("truncate", f);
	if (sectors < f->sectors)
		memset(f->tag + sectors, 0,
		       (f->sectors - sectors) * sizeof(*f->tag));
	f->sectors = sectors;
}

static void op_punch(struct file *f)
{
	uint32_t nr, first = choose(f->sectors, random_align(), &nr);
	int mode = below(2) ? FALLOC_FL_PUNCH_HOLE : FALLOC_FL_ZERO_RANGE;

	if (!nr)
		return;
	if (fallocate(f->fd, mode | FALLOC_FL_KEEP_SIZE, (off_t)first * SECTOR,
		      nr * SECTOR)) {
		if (errno == EOPNOTSUPP)
			return;
		fail("fallocate", f);
	}
	memset(f->tag + first, 0, nr * sizeof(*f->tag));
}

static void file_open(struct file *f)
{
	f->fd = open(f->name, O_RDWR | O_CREAT, 0600);
	f->direct = open(f->name, O_RDWR | O_DIRECT);
	if (f->fd < 0 || f->direct < 0)
		fail("open", f);
}

static void op_recreate(struct file *f)
{
	close(f->fd);
	close(f->direct);
	if (unlink(f->name))
		fail("unlink", f);
	memset(f->tag, 0, f->sectors * sizeof(*f->tag));
	f->sectors = 0;
	file_open(f);
}

static void op_trim(struct file *f)
{
	struct fstrim_range range = { .len = UINT64_MAX };

	if (ioctl(f->fd, FITRIM, &range) && errno != EOPNOTSUPP)
		fail("trim", f);
}

/* Time: to the disk, and out of memory. */

static void op_sync(struct file *f)
{
	if (below(2) ? fsync(f->fd) : fdatasync(f->fd))
		fail("fsync", f);
}

static void op_write_back(struct file *f)
{
	if (sync_file_range(f->fd, 0, 0, SYNC_FILE_RANGE_WRITE))
		fail("sync_file_range", f);
}

static void op_evict(struct file *f)
{
	int error = posix_fadvise(f->fd, 0, 0, POSIX_FADV_DONTNEED);

	if (error) {
		errno = error;
		fail("fadvise", f);
	}
	totals->evictions++;
}

static void op_evict_all(struct file *f)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	if (fd < 0 || write(fd, "3", 1) != 1)
		fail("drop_caches", f);
	close(fd);
	totals->evictions++;
}

static void take_memory(long pages)
{
	char *va = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long i;

	if (va == MAP_FAILED)
		return;
	for (i = 0; i < pages; i++)
		va[i * PAGE] = 1;
	munmap(va, pages * PAGE);
}

/*
 * Takes 16 MiB and a third of the free memory for a moment.  One worker at a
 * time, whatever the file system: together they would take more than there is,
 * and the kernel would end one of them.
 */
static void op_pressure(struct file *f)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		fail("open /", f);
	if (!flock(fd, LOCK_EX | LOCK_NB))
		take_memory(sysconf(_SC_AVPHYS_PAGES) / 3 + 4096);
	close(fd);
}

static const struct {
	void (*run)(struct file *f);
	uint32_t weight;
} operations[] = {
	{ op_write, 200 },
	{ op_write_direct, 60 },
	{ op_write_mapped, 80 },
	{ op_read, 300 },
	{ op_read_direct, 60 },
	{ op_read_mapped, 100 },
	{ op_read_all, 20 },
	{ op_write_from_mapping, 30 },
	{ op_read_into_mapping, 30 },
	{ op_truncate, 6 },
	{ op_punch, 20 },
	{ op_recreate, 4 },
	{ op_trim, 1 },
	{ op_sync, 30 },
	{ op_write_back, 30 },
	{ op_evict, 100 },
	{ op_evict_all, 1 },
	{ op_pressure, 1 },
};

#define NR_OPERATIONS (sizeof(operations) / sizeof(operations[0]))

static void step(void)
{
	uint32_t i, sum = 0, at;

	for (i = 0; i < NR_OPERATIONS; i++)
		sum += operations[i].weight;
	at = below(sum);
	for (i = 0; at >= operations[i].weight; i++)
		at -= operations[i].weight;
	operations[i].run(any_file());
	totals->ops++;
}

static void files_create(const char *dir)
{
	uint32_t i;

	files = calloc(nr_files, sizeof(*files));
	if (!files)
		fail("calloc", NULL);
	for (i = 0; i < nr_files; i++) {
		snprintf(files[i].name, sizeof(files[i].name), "%s/t%u.%u", dir,
			 worker, i);
		files[i].tag = calloc(max_sectors, sizeof(uint32_t));
		if (!files[i].tag)
			fail("calloc", NULL);
		file_open(&files[i]);
	}
}

static void work(const char *dir, time_t end)
{
	uint32_t i;

	totals += worker;
	seed = mix(seed + worker);
	buffer = aligned_alloc(PAGE, IO_SECTORS_MAX * SECTOR);
	if (!buffer)
		fail("aligned_alloc", NULL);
	files_create(dir);
	while (time(NULL) < end && totals->mismatches < 20)
		step();
	for (i = 0; i < nr_files; i++)
		op_sync(&files[i]);
	op_evict_all(&files[0]);
	for (i = 0; i < nr_files; i++)
		op_read_all(&files[i]);
}

static struct totals sum_up(uint32_t workers)
{
	struct totals sum = { 0 };
	uint32_t i;

	for (i = 0; i < workers; i++) {
		sum.ops += totals[i].ops;
		sum.writes += totals[i].writes;
		sum.verified += totals[i].verified;
		sum.mismatches += totals[i].mismatches;
		sum.evictions += totals[i].evictions;
	}
	return sum;
}

/* True if all workers came to their end. */
static bool run_workers(const char *dir, uint32_t workers, time_t end)
{
	bool good = true;
	int status;

	for (worker = 0; worker < workers; worker++) {
		if (fork())
			continue;
		work(dir, end);
		fflush(stdout);
		_exit(0);
	}
	while (wait(&status) > 0)
		good = good && status == 0;
	return good;
}

int main(int argc, char **argv)
{
	uint32_t workers;
	struct totals sum;
	bool good;

	if (argc != 7) {
		fprintf(stderr, "usage: torture DIR WORKERS FILES FILE_KIB "
				"SECONDS SEED\n");
		return 2;
	}
	workers = atoi(argv[2]);
	nr_files = atoi(argv[3]);
	max_sectors = atoi(argv[4]) * 1024 / SECTOR;
	seed = strtoull(argv[6], NULL, 0);
	totals = mmap(NULL, workers * sizeof(*totals), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (totals == MAP_FAILED)
		fail("mmap", NULL);
	good = run_workers(argv[1], workers, time(NULL) + atoi(argv[5]));
	sum = sum_up(workers);
	printf("torture_ops=%ju\ntorture_writes=%ju\n"
	       "torture_bytes_verified=%ju\ntorture_evictions=%ju\n"
	       "torture_mismatches=%ju\n",
	       (uintmax_t)sum.ops, (uintmax_t)sum.writes,
	       (uintmax_t)sum.verified, (uintmax_t)sum.evictions,
	       (uintmax_t)sum.mismatches);
	return !good || sum.mismatches;
}
