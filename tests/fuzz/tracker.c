/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fuzzes the tracker: I/O of any shape and in any order, against what memory
 * and disks then hold, with an audit after each step.
 *
 * The model has a few pages and blocks of two disks, at either end of the range
 * of numbers, and for each sector of 512 bytes the version of its content.  I/O
 * moves a sector at a time between its start and its end, in the order that the
 * input says; where its two sides do not lie upon each other, what it leaves is
 * new to everyone.  CPU writes are reported late, as a dirty bit is found.
 *
 * Sound: a page that the tracker says to equal a block does, sector by sector.
 * Not idle: after I/O of whole pages with no other I/O in flight the pair
 * stands, until something happens to one of its sides.
 */
#include <string.h>

#include <hecache/hecache.h>
#include <hecache/tracker.h>

#include "fuzz.h"

#define PAGES 6u
#define BLOCKS 4u
#define DEVICES 2u
#define FLIGHTS 4u
#define SEGMENTS 3u
#define SECTOR 512u
#define SECTORS (HEC_PAGE_SIZE / SECTOR)
#define PAGE_SECTORS (PAGES * SECTORS)
#define BLOCK_SECTORS (BLOCKS * SECTORS)

/* Addresses of bytes, in memory and on disks: 76 bits at the most. */
__extension__ typedef unsigned __int128 address;

struct flight {
	bool active;
	bool alone; /* nothing that could cost a pair happens beside it */
	struct hec_tracker_io io;
	struct hec_tracker_segment segment[SEGMENTS];
	bool moved[SEGMENTS][PAGE_SECTORS];
};

/* What a page must be said to equal. */
struct expected {
	bool stands;
	uint32_t device, block;
};

struct run {
	struct bytes bytes;
	struct hec_tracker *tracker;
	bool high; /* pages and blocks at the upper end of their range */
	bool small; /* fewer pairs than pages: some are forgotten */
	uint64_t first_page, first_block;
	uint64_t version;
	uint64_t memory[PAGE_SECTORS];
	uint64_t disk[DEVICES][BLOCK_SECTORS];
	bool dirty[PAGES];
	struct expected expected[PAGES];
	struct flight flight[FLIGHTS];
};

_Static_assert(BLOCK_SECTORS <= PAGE_SECTORS, "moved[0] does for a disk");

/* Where things are */

static address memory_of(const struct run *run, uint32_t sector)
{
	return (address)run->first_page * HEC_PAGE_SIZE + sector * SECTOR;
}

static address disk_of(const struct run *run, uint32_t sector)
{
	return (address)run->first_block * HEC_PAGE_SIZE + sector * SECTOR;
}

static address start_of(const struct hec_tracker_segment *segment)
{
	return (address)segment->page * HEC_PAGE_SIZE + segment->offset;
}

/* Bytes of the I/O before its segment @s. */
static address before(const struct flight *f, uint32_t s)
{
	address bytes = 0;

	while (s--)
		bytes += f->segment[s].bytes;
	return bytes;
}

static bool overlaps(address sector, address start, address bytes)
{
	return bytes && sector < start + bytes && sector + SECTOR > start;
}

static bool covers(address start, address bytes, address sector)
{
	return sector >= start && sector + SECTOR <= start + bytes;
}

/* The I/O writes to that sector, of memory by its segment @s, or of the disk. */
static bool is_target(const struct run *run, const struct flight *f, uint32_t s,
		      uint32_t sector)
{
	if (!f->io.is_write)
		return s < f->io.nr_segments &&
		       overlaps(memory_of(run, sector),
				start_of(&f->segment[s]), f->segment[s].bytes);
	return s == 0 && sector < BLOCK_SECTORS &&
	       overlaps(disk_of(run, sector), f->io.start, f->io.bytes);
}

/* The sector at @at of memory (@of == run->memory) or of a disk, or NULL. */
static const uint64_t *sector_at(const uint64_t *of, address base, uint32_t nr,
				 address at)
{
	if (at < base || at >= base + nr * SECTOR || at % SECTOR)
		return NULL;
	return &of[(uint64_t)(at - base) / SECTOR];
}

static const uint64_t *read_source(const struct run *run,
				   const struct flight *f, uint32_t s,
				   uint32_t sector)
{
	const struct hec_tracker_segment *segment = &f->segment[s];
	address start = start_of(segment), at = memory_of(run, sector);

	if (f->io.device == HEC_TRACKER_NO_DEVICE ||
	    !covers(start, segment->bytes, at))
		return NULL;
	at = before(f, s) + (at - start);
	if (!covers(0, f->io.bytes, at))
		return NULL;
	return sector_at(run->disk[f->io.device], disk_of(run, 0),
			 BLOCK_SECTORS, f->io.start + at);
}

static const uint64_t *write_source(const struct run *run,
				    const struct flight *f, uint32_t sector)
{
	address at = disk_of(run, sector);
	uint32_t s;

	if (!covers(f->io.start, f->io.bytes, at))
		return NULL;
	at -= f->io.start;
	for (s = 0; s < f->io.nr_segments; s++)
		if (covers(before(f, s), f->segment[s].bytes, at))
			return sector_at(
				run->memory, memory_of(run, 0), PAGE_SECTORS,
				start_of(&f->segment[s]) + at - before(f, s));
	return NULL;
}

/* I/O in flight */

static void move_sector(struct run *run, struct flight *f, uint32_t s,
			uint32_t sector)
{
	const uint64_t *from;
	uint64_t *to;

	if (f->moved[s][sector] || !is_target(run, f, s, sector))
		return;
	f->moved[s][sector] = true;
	if (f->io.is_write) {
		from = write_source(run, f, sector);
		to = &run->disk[f->io.device][sector];
	} else {
		from = read_source(run, f, s, sector);
		to = &run->memory[sector];
	}
	*to = from ? *from : ++run->version;
}

static void move_sectors(struct run *run, struct flight *f, uint32_t s,
			 uint32_t first, uint32_t nr)
{
	uint32_t i;

	for (i = first; i < PAGE_SECTORS && i - first < nr; i++)
		move_sector(run, f, s, i);
}

static void nobody_is_alone(struct run *run)
{
	uint32_t i;

	for (i = 0; i < FLIGHTS; i++)
		run->flight[i].alone = false;
}

static bool is_anybody_in_flight(const struct run *run)
{
	uint32_t i;

	for (i = 0; i < FLIGHTS; i++)
		if (run->flight[i].active)
			return true;
	return false;
}

/* All of the I/O is about pages and blocks that the model has. */
static bool stays_inside(const struct run *run, const struct flight *f)
{
	address last = memory_of(run, PAGE_SECTORS);
	uint32_t s;

	for (s = 0; s < f->io.nr_segments; s++)
		if (start_of(&f->segment[s]) < memory_of(run, 0) ||
		    start_of(&f->segment[s]) + f->segment[s].bytes > last)
			return false;
	return f->io.start >= disk_of(run, 0) &&
	       (address)f->io.start + f->io.bytes <=
		       disk_of(run, BLOCK_SECTORS);
}

/* Whole pages of one segment, and as many blocks. */
static bool is_plain(const struct flight *f)
{
	const struct hec_tracker_segment *segment = &f->segment[0];

	return f->io.nr_segments == 1 && segment->bytes == f->io.bytes &&
	       f->io.device != HEC_TRACKER_NO_DEVICE &&
	       !((segment->offset | f->io.start | f->io.bytes) % HEC_PAGE_SIZE);
}

/* Pairs that the I/O has to do with on either side need not stand any more. */
static void doubt(struct run *run, const struct flight *f)
{
	uint32_t page, s, i;

	for (page = 0; page < PAGES; page++) {
		struct expected *e = &run->expected[page];

		for (i = 0; i < SECTORS; i++) {
			address at = memory_of(run, page * SECTORS + i);

			for (s = 0; s < f->io.nr_segments; s++)
				if (overlaps(at, start_of(&f->segment[s]),
					     f->segment[s].bytes))
					e->stands = false;
			at = disk_of(run, e->block * SECTORS + i);
			if (overlaps(at, f->io.start, f->io.bytes))
				e->stands = false;
		}
		if (!stays_inside(run, f))
			e->stands = false;
	}
}

static void expect(struct run *run, const struct flight *f)
{
	uint32_t page =
		(uint32_t)((start_of(&f->segment[0]) - memory_of(run, 0)) /
			   HEC_PAGE_SIZE);
	uint32_t block =
		(uint32_t)((f->io.start - disk_of(run, 0)) / HEC_PAGE_SIZE);
	uint64_t nr = f->io.bytes / HEC_PAGE_SIZE;

	for (; nr; nr--)
		run->expected[page++] =
			(struct expected){ true, f->io.device, block++ };
}

static void check_blocks(const struct run *run, const struct flight *f)
{
	uint64_t first, nr = hec_tracker_blocks(&f->io, &first);
	uint32_t block, i;

	for (block = 0; block < BLOCKS; block++) {
		bool touched = false;

		for (i = 0; i < SECTORS; i++)
			touched |= overlaps(disk_of(run, block * SECTORS + i),
					    f->io.start, f->io.bytes);
		REQUIRE(touched == (run->first_block + block - first < nr));
	}
}

/* As a rule whole pages. */
static uint64_t choose_bytes(struct run *run)
{
	uint8_t byte = next_byte(&run->bytes);

	if (byte >= 250)
		return next_word(&run->bytes);
	if (byte >= 230)
		return byte * 37u;
	return byte >= 200 ? byte % (4 * SECTORS) * SECTOR
			   : byte % 4 * HEC_PAGE_SIZE;
}

/* As a rule one segment of whole pages, which lie upon whole blocks. */
static void choose_io(struct run *run, struct flight *f)
{
	uint8_t how = next_byte(&run->bytes), odd = next_byte(&run->bytes);
	uint32_t s;

	odd = odd < 160 ? 0 : odd;
	f->io.is_write = how & 1;
	f->io.device = how / 2 % DEVICES;
	if (!f->io.is_write && how >= 240)
		f->io.device = HEC_TRACKER_NO_DEVICE;
	f->io.nr_segments = odd & 1 ? odd / 8 % (SEGMENTS + 1) : 1;
	f->io.segments = f->segment;
	for (s = 0; s < f->io.nr_segments; s++) {
		f->segment[s].page =
			run->first_page + choose_word(&run->bytes, PAGES);
		f->segment[s].offset = odd & 2 ? choose_bytes(run) : 0;
		f->segment[s].bytes =
			how & 128 ? HEC_PAGE_SIZE : choose_bytes(run);
	}
	f->io.start = (run->first_block + choose_word(&run->bytes, BLOCKS)) *
		      HEC_PAGE_SIZE;
	f->io.bytes = f->segment[0].bytes;
	if (odd & 4) {
		f->io.start += choose_bytes(run);
		f->io.bytes = choose_bytes(run);
	} else {
		f->io.start += f->segment[0].offset % HEC_PAGE_SIZE;
	}
}

static void submit(struct run *run, struct flight *f)
{
	bool alone = !is_anybody_in_flight(run);

	memset(f, 0, sizeof(*f));
	choose_io(run, f);
	check_blocks(run, f);
	nobody_is_alone(run);
	f->active = true;
	f->alone = alone && !run->high && !run->small && is_plain(f) &&
		   stays_inside(run, f);
	doubt(run, f);
	hec_tracker_start(run->tracker, &f->io);
}

static void finish(struct run *run, struct flight *f, bool done)
{
	uint32_t s;

	for (s = 0; done && s < SEGMENTS; s++)
		move_sectors(run, f, s, 0, PAGE_SECTORS);
	hec_tracker_end(run->tracker, &f->io, done);
	f->active = false;
	if (done && f->alone)
		expect(run, f);
}

/* What else happens to pages */

static void renew(struct run *run, uint32_t page)
{
	uint32_t i;

	for (i = 0; i < SECTORS; i++)
		run->memory[page * SECTORS + i] = ++run->version;
}

static void drop(struct run *run, uint64_t first, uint64_t nr)
{
	uint32_t page;

	hec_tracker_drop_pages(run->tracker, first, nr);
	nobody_is_alone(run);
	for (page = 0; page < PAGES; page++)
		if ((address)run->first_page + page >= first &&
		    (address)run->first_page + page < (address)first + nr) {
			run->expected[page].stands = false;
			run->dirty[page] = false;
			renew(run, page);
		}
}

static void cpu_write(struct run *run, uint8_t where)
{
	run->memory[where % PAGE_SECTORS] = ++run->version;
	run->dirty[where % PAGE_SECTORS / SECTORS] = true;
}

static void check_pair(const struct run *run, uint32_t page,
		       const struct hec_tracker_location *location)
{
	uint64_t block = location->block - run->first_block;

	REQUIRE(location->device < DEVICES);
	/* Of other blocks nothing is known. */
	REQUIRE(block >= BLOCKS ||
		!memcmp(&run->memory[page * SECTORS],
			&run->disk[location->device][block * SECTORS],
			SECTORS * sizeof(uint64_t)));
}

static void evict(struct run *run, uint32_t page)
{
	struct hec_tracker_location location;
	struct expected e = run->expected[page];

	if (run->dirty[page])
		hec_tracker_drop_pages(run->tracker, run->first_page + page, 1);
	if (hec_tracker_evict(run->tracker, run->first_page + page,
			      &location)) {
		check_pair(run, page, &location);
		if (e.stands)
			REQUIRE(location.device == e.device &&
				location.block == run->first_block + e.block);
	} else {
		REQUIRE(!e.stands || run->dirty[page]);
	}
	run->expected[page].stands = false;
	run->dirty[page] = false;
	nobody_is_alone(run);
	renew(run, page);
}

/* Runs */

static void step(struct run *run)
{
	uint8_t what = next_byte(&run->bytes), where = next_byte(&run->bytes);
	struct flight *f = &run->flight[where % FLIGHTS];

	switch (what % 8) {
	case 0:
	case 1:
		if (!f->active)
			submit(run, f);
		break;
	case 2:
		if (f->active)
			move_sectors(run, f, where / FLIGHTS % SEGMENTS,
				     next_byte(&run->bytes) % PAGE_SECTORS,
				     what / 8u);
		break;
	case 3:
	case 4:
		if (f->active)
			finish(run, f, what < 224);
		break;
	case 5:
		cpu_write(run, where);
		break;
	case 6:
		if (what < 64)
			drop(run,
			     run->first_page + choose_word(&run->bytes, PAGES),
			     choose_word(&run->bytes, 4));
		break;
	default:
		evict(run, where % PAGES);
	}
}

static void *start(struct run *run)
{
	struct hec_tracker_config config = { .seed = { 1, 2, 3 } };
	uint8_t byte = next_byte(&run->bytes);
	uint64_t size;
	uint32_t i;
	void *mem;

	run->high = byte & 1;
	run->small = byte & 2;
	run->first_page = run->high ? 0 - (uint64_t)PAGES : 0;
	run->first_block = run->high ? (1ull << 52) - BLOCKS : 0;
	config.max_pairs = run->small ? 3 : PAGES;
	size = hec_tracker_size(&config);
	mem = malloc(size);
	REQUIRE(mem && !hec_tracker_init(mem, size, &config, &run->tracker));
	for (i = 0; i < PAGES; i++)
		renew(run, i);
	for (i = 0; i < DEVICES * BLOCK_SECTORS; i++)
		run->disk[i / BLOCK_SECTORS][i % BLOCK_SECTORS] =
			++run->version;
	return mem;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run run;
	int line;
	void *mem;

	memset(&run, 0, sizeof(run));
	run.bytes = (struct bytes){ data, size };
	mem = start(&run);
	while (run.bytes.size) {
		step(&run);
		line = hec_tracker_audit(run.tracker);
		if (line)
			fprintf(stderr, "tracker.c:%d\n", line);
		REQUIRE(!line);
	}
	free(mem);
	return 0;
}
