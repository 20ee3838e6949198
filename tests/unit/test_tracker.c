/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The tracker: single orders of events, and a simulated VM (vm.h) that is
 * driven through it and a real cache.
 */
#include "suites.h"
#include "vm.h"

#include "../../libhecache/src/tracker/pairs.h"

#define PAGE ((uint64_t)HEC_PAGE_SIZE)

static struct hec_tracker *tracker;

static void start(void)
{
	tracker = tracker_make(64);
}

static void end(void)
{
	ck_assert_int_eq(hec_tracker_audit(tracker), 0);
	free(tracker);
}

/* I/O of whole pages from @page on, on blocks from @block on. */
struct plain {
	struct hec_tracker_segment segment;
	struct hec_tracker_io io;
};

static void plain_init(struct plain *p, bool is_write, uint64_t page,
		       uint64_t block, uint64_t nr)
{
	p->segment = (struct hec_tracker_segment){ page, 0, nr * PAGE };
	p->io = (struct hec_tracker_io){ is_write,  1,		 block * PAGE,
					 nr * PAGE, &p->segment, 1 };
}

static void plain_start(struct plain *p, bool is_write, uint64_t page,
			uint64_t block, uint64_t nr)
{
	plain_init(p, is_write, page, block, nr);
	hec_tracker_start(tracker, &p->io);
}

static void plain_end(const struct plain *p)
{
	hec_tracker_end(tracker, &p->io, true);
}

static void plain_do(bool is_write, uint64_t page, uint64_t block, uint64_t nr)
{
	struct plain p;

	plain_start(&p, is_write, page, block, nr);
	plain_end(&p);
}

static bool stands(uint64_t page, uint64_t block)
{
	struct hec_tracker_location location = { 77, 77 };
	bool yes = hec_tracker_evict(tracker, page, &location);

	if (yes) {
		ck_assert_uint_eq(location.device, 1);
		ck_assert_uint_eq(location.block, block);
	} else {
		ck_assert_uint_eq(location.block, 77);
	}
	return yes;
}

START_TEST(reads_and_writes_make_pairs)
{
	plain_do(false, 10, 100, 3);
	plain_do(true, 20, 200, 2);
	ck_assert(stands(10, 100));
	ck_assert(stands(11, 101));
	ck_assert(stands(12, 102));
	ck_assert(stands(20, 200));
	ck_assert(stands(21, 201));
	ck_assert(!stands(13, 0));
	ck_assert(!stands(10, 0));
}
END_TEST

START_TEST(a_new_pair_ends_both_old_ones)
{
	plain_do(false, 1, 100, 1);
	plain_do(false, 2, 200, 1);
	plain_do(false, 1, 200, 1);
	ck_assert(!stands(2, 0));
	ck_assert(stands(1, 200));
	plain_do(true, 3, 300, 1);
	plain_do(true, 3, 301, 1);
	ck_assert(stands(3, 301));
}
END_TEST

START_TEST(failed_io_makes_no_pair)
{
	struct hec_tracker_stats stats;
	struct plain p;

	plain_do(false, 1, 100, 1);
	plain_start(&p, false, 1, 101, 1);
	hec_tracker_end(tracker, &p.io, false);
	hec_tracker_stats(tracker, &stats);
	ck_assert_uint_eq(stats.pairs, 0);
	ck_assert(!stands(1, 0));
}
END_TEST

START_TEST(dropped_pages_have_no_pair)
{
	plain_do(false, 10, 100, 8);
	hec_tracker_drop_pages(tracker, 11, 2);
	hec_tracker_drop_pages(tracker, 13, 0);
	ck_assert(stands(10, 100));
	ck_assert(!stands(11, 0));
	ck_assert(!stands(12, 0));
	ck_assert(stands(13, 103));
	hec_tracker_drop_pages(tracker, 15, ~0ull);
	ck_assert(stands(14, 104));
	ck_assert(!stands(15, 0));
	ck_assert(!stands(17, 0));
}
END_TEST

/* A page dropped while its I/O is in flight has none afterwards. */
START_TEST(dropped_in_flight)
{
	int is_write;

	for (is_write = 0; is_write < 2; is_write++) {
		struct plain p;

		plain_start(&p, is_write, 10, 100, 3);
		hec_tracker_drop_pages(tracker, 11, 1);
		plain_end(&p);
		ck_assert(stands(10, 100));
		ck_assert(!stands(11, 0));
		ck_assert(stands(12, 102));
	}
}
END_TEST

START_TEST(an_eviction_in_flight_is_refused)
{
	struct plain p;

	plain_start(&p, false, 10, 100, 1);
	ck_assert(!stands(10, 0));
	plain_end(&p);
	ck_assert(!stands(10, 0));
}
END_TEST

/*
 * Two I/Os of one page, of one block, or of both, in both orders of completion.
 * Whoever could read or leave a mixture has no pair.
 */
static const struct {
	bool first_writes, second_writes, same_page, same_block;
	bool first_stands, second_stands;
} overlaps[] = {
	/* Both fill the page. */
	{ false, false, true, false, false, false },
	{ false, false, true, true, false, false },
	/* Two copies of one block: the newer pair is kept. */
	{ false, false, false, true, false, true },
	/* A page is written out while it is being filled, or the reverse. */
	{ false, true, true, false, true, false },
	{ false, true, true, true, false, false },
	{ true, false, true, false, false, true },
	{ true, false, true, true, false, false },
	/* A block is read while it is being written, or the reverse. */
	{ false, true, false, true, false, true },
	{ true, false, false, true, true, false },
	/* One page goes to two blocks: the newer pair is kept. */
	{ true, true, true, false, false, true },
	{ true, true, true, true, false, false },
	/* Two pages go to one block. */
	{ true, true, false, true, false, false },
};

START_TEST(overlapping_io)
{
	size_t i = (size_t)_i / 2;
	uint64_t page = overlaps[i].same_page ? 1 : 2;
	uint64_t block = overlaps[i].same_block ? 100 : 200;
	struct plain first, second;
	bool one, two;

	plain_start(&first, overlaps[i].first_writes, 1, 100, 1);
	plain_start(&second, overlaps[i].second_writes, page, block, 1);
	plain_end(_i % 2 ? &second : &first);
	plain_end(_i % 2 ? &first : &second);
	if (overlaps[i].same_page) {
		bool stand =
			overlaps[i].first_stands || overlaps[i].second_stands;

		ck_assert_int_eq(stands(1,
					overlaps[i].first_stands ? 100 : block),
				 stand);
		return;
	}
	one = stands(1, 100);
	two = stands(2, block);
	ck_assert_int_eq(one, overlaps[i].first_stands);
	ck_assert_int_eq(two, overlaps[i].second_stands);
}
END_TEST

/* What is left of an I/O whose announcement is gone still fills the page. */
START_TEST(a_late_dma_spoils_the_next_read)
{
	struct plain first, second;

	plain_start(&first, false, 1, 100, 1);
	hec_tracker_drop_pages(tracker, 1, 1);
	plain_start(&second, false, 1, 200, 1);
	plain_end(&second);
	ck_assert(!stands(1, 0));
	plain_end(&first);
	ck_assert(!stands(1, 0));
	plain_do(false, 1, 200, 1);
	ck_assert(stands(1, 200));
}
END_TEST

/* The same of a write, whose page was taken for something else. */
START_TEST(a_late_write_spoils_the_next_read)
{
	struct plain first, second;

	plain_start(&first, true, 1, 100, 1);
	hec_tracker_drop_pages(tracker, 1, 1);
	plain_start(&second, false, 2, 100, 1);
	plain_end(&second);
	plain_end(&first);
	ck_assert(!stands(2, 0));
}
END_TEST

START_TEST(foreign_io)
{
	struct hec_tracker_segment segment = { 1, 100, 8 };
	struct hec_tracker_io dma = { false,	HEC_TRACKER_NO_DEVICE,
				      0,	0,
				      &segment, 1 };
	struct hec_tracker_io write = {
		true, 1, 200 * PAGE + 512, 512, NULL, 0
	};

	plain_do(false, 1, 100, 1);
	hec_tracker_start(tracker, &dma);
	ck_assert(!stands(1, 0));
	plain_do(false, 1, 100, 1);
	ck_assert(!stands(1, 0));
	hec_tracker_end(tracker, &dma, true);
	plain_do(false, 1, 100, 1);
	ck_assert(stands(1, 100));

	plain_do(false, 2, 200, 1);
	hec_tracker_start(tracker, &write);
	plain_do(false, 3, 200, 1);
	hec_tracker_end(tracker, &write, true);
	ck_assert(!stands(2, 0));
	ck_assert(!stands(3, 0));
}
END_TEST

/*
 * One segment: what of pages 10 to 13 is paired with a block of 100 to 103, by
 * where I/O and segment begin and how long they are.
 */
static const struct {
	uint64_t start, bytes, offset, segment_bytes;
	const char *stands; /* of pages 10 to 13 */
} partial[] = {
	{ 100 * 4096, 4 * 4096, 0, 4 * 4096, "yyyy" },
	{ 100 * 4096, 4 * 4096 - 512, 0, 4 * 4096 - 512, "yyyn" },
	{ 100 * 4096 + 512, 4 * 4096 - 512, 512, 4 * 4096 - 512, "nyyy" },
	{ 100 * 4096 + 512, 4096, 0, 4096, "nnnn" },
	{ 100 * 4096, 4096, 512, 4096, "nnnn" },
	{ 100 * 4096 + 1, 3 * 4096, 1, 3 * 4096, "nyyn" },
	{ 100 * 4096, 512, 0, 512, "nnnn" },
	{ 100 * 4096 + 4000, 50, 4000, 50, "nnnn" },
	/* The device's part is the shorter one, or the memory's. */
	{ 100 * 4096, 4096, 0, 3 * 4096, "ynnn" },
	{ 100 * 4096, 4 * 4096, 0, 2 * 4096, "yynn" },
	{ 100 * 4096, 0, 0, 4 * 4096, "nnnn" },
	{ 100 * 4096, 4 * 4096, 0, 0, "nnnn" },
	/* Offsets of more than a page. */
	{ 101 * 4096, 4096, 4096, 4096, "nynn" },
	/* Ends of the number range. */
	{ -4096ull, 8192, 0, 8192, "nnnn" },
	{ 100 * 4096, ~0ull, 0, 8192, "nnnn" },
	{ 100 * 4096, 8192, 0, ~0ull, "yynn" },
	{ 100 * 4096, 8192, 8192, ~0ull, "nnnn" },
};

START_TEST(partial_io)
{
	struct hec_tracker_segment segment = { 10, partial[_i].offset,
					       partial[_i].segment_bytes };
	struct hec_tracker_io io = {
		false, 1, partial[_i].start, partial[_i].bytes, &segment, 1
	};
	int is_write;
	uint64_t i;

	for (is_write = 0; is_write < 2; is_write++) {
		io.is_write = is_write;
		hec_tracker_start(tracker, &io);
		hec_tracker_end(tracker, &io, true);
		for (i = 0; i < 4; i++)
			ck_assert_int_eq(stands(10 + i, 100 + i),
					 partial[_i].stands[i] == 'y');
	}
}
END_TEST

/* What a partial write to either side touches loses its pair. */
START_TEST(partial_io_drops)
{
	struct hec_tracker_segment segment = { 10, 4000, 4096 };
	struct hec_tracker_io io = { false, 1, 500, 4096, &segment, 1 };

	plain_do(false, 10, 100, 3);
	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, true);
	ck_assert(!stands(10, 0));
	ck_assert(!stands(11, 0));
	ck_assert(stands(12, 102));

	plain_do(false, 10, 100, 3);
	io =
		(struct hec_tracker_io){ true, 1,    101 * PAGE + 4000,
					 100,  NULL, 0 };
	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, true);
	ck_assert(stands(10, 100));
	ck_assert(!stands(11, 0));
	ck_assert(!stands(12, 0));
}
END_TEST

START_TEST(segments_in_order)
{
	struct hec_tracker_segment segment[4] = {
		{ 10, 0, PAGE },
		{ 20, 0, 512 },
		{ 21, 512, PAGE - 512 },
		{ 30, 0, 2 * PAGE },
	};
	struct hec_tracker_io io = {
		false, 1, 100 * PAGE, 4 * PAGE, segment, 4
	};

	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, true);
	ck_assert(stands(10, 100));
	ck_assert(!stands(20, 0));
	ck_assert(!stands(21, 0));
	ck_assert(stands(30, 102));
	ck_assert(stands(31, 103));
}
END_TEST

START_TEST(a_page_twice_in_one_io)
{
	struct hec_tracker_segment segment[2] = {
		{ 10, 0, PAGE },
		{ 10, 0, PAGE },
	};
	struct hec_tracker_io io = {
		false, 1, 100 * PAGE, 2 * PAGE, segment, 2
	};

	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, true);
	ck_assert(!stands(10, 0));
	io.is_write = true;
	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, true);
	ck_assert(stands(10, 101));
}
END_TEST

/* Segments whose lengths add up to more than fits 64 bits. */
START_TEST(endless_segments)
{
	struct hec_tracker_segment segment[2] = {
		{ 0, 0, ~0ull },
		{ 10, 0, PAGE },
	};
	struct hec_tracker_io io = { true, 1, 0, 8 * PAGE, segment, 2 };

	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, true);
	ck_assert(!stands(10, 0));
	segment[0] = (struct hec_tracker_segment){ ~0ull, 2 * PAGE, PAGE };
	segment[1].page = ~0ull;
	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, true);
	ck_assert(!stands(1, 0));
	ck_assert(!stands(~0ull, 0));
}
END_TEST

/* While a discard of the whole disk runs nothing is paired, then again. */
START_TEST(wide_io)
{
	struct hec_tracker_io discard = { true, 1, 0, ~0ull, NULL, 0 };
	struct plain p;
	uint64_t first;

	plain_do(false, 1, 100, 1);
	hec_tracker_start(tracker, &discard);
	ck_assert(!stands(1, 0));
	plain_do(false, 1, 100, 1);
	ck_assert(!stands(1, 0));
	hec_tracker_end(tracker, &discard, true);
	plain_do(false, 1, 100, 1);
	ck_assert(stands(1, 100));

	ck_assert_uint_eq(hec_tracker_blocks(&discard, &first), 1ull << 52);
	ck_assert_uint_eq(first, 0);
	plain_init(&p, true, 1, 100, 3);
	ck_assert_uint_eq(hec_tracker_blocks(&p.io, &first), 3);
	ck_assert_uint_eq(first, 100);
	p.io.bytes = 0;
	ck_assert_uint_eq(hec_tracker_blocks(&p.io, &first), 0);

	/* A high place does not make a range wide. */
	plain_start(&p, true, 1ull << 30, 1ull << 40, 2);
	plain_do(false, 1, 100, 1);
	ck_assert(stands(1, 100));
	plain_end(&p);

	/* More pages than are ever paired at once. */
	plain_do(false, 0, 0, 65537);
	ck_assert(!stands(65536, 0));
	plain_do(false, 0, 0, 65536);
	ck_assert(stands(65535, 65535));
}
END_TEST

START_TEST(the_oldest_is_forgotten)
{
	struct hec_tracker_stats stats;
	uint64_t i;

	for (i = 0; i < 70; i++)
		plain_do(false, i, 1000 + i, 1);
	for (i = 0; i < 6; i++)
		ck_assert(!stands(i, 0));
	for (; i < 70; i++)
		ck_assert(stands(i, 1000 + i));
	hec_tracker_stats(tracker, &stats);
	ck_assert_uint_eq(stats.made, 70);
	ck_assert_uint_eq(stats.forgotten, 6);
	ck_assert_uint_eq(stats.admitted, 64);
	ck_assert_uint_eq(stats.refused, 6);
	ck_assert_uint_eq(stats.pairs, 0);
}
END_TEST

START_TEST(devices_are_told_apart)
{
	struct hec_tracker_location location;
	uint32_t i;
	struct plain p;

	plain_do(false, 1, 100, 1);
	plain_init(&p, true, 2, 100, 1);
	p.io.device = 2;
	hec_tracker_start(tracker, &p.io);
	hec_tracker_end(tracker, &p.io, true);
	ck_assert(stands(1, 100));
	ck_assert(hec_tracker_evict(tracker, 2, &location));
	ck_assert_uint_eq(location.device, 2);
	ck_assert_uint_eq(location.block, 100);

	/* The same block of many devices, and a discard of one of these. */
	for (i = 1; i <= 60; i++) {
		plain_init(&p, false, i, 100, 1);
		p.io.device = i;
		hec_tracker_start(tracker, &p.io);
		hec_tracker_end(tracker, &p.io, true);
	}
	p.io = (struct hec_tracker_io){ true, 7, 0, ~0ull, NULL, 0 };
	hec_tracker_start(tracker, &p.io);
	hec_tracker_end(tracker, &p.io, true);
	for (i = 1; i <= 60; i++) {
		ck_assert_int_eq(hec_tracker_evict(tracker, i, &location),
				 i != 7);
		ck_assert(i == 7 || location.device == i);
	}
}
END_TEST

/* An end whose page is meanwhile another I/O's does not settle that. */
START_TEST(ends_settle_their_own)
{
	struct hec_tracker_stats before, after;
	struct plain first, second;

	plain_start(&first, true, 1, 100, 1);
	plain_start(&second, true, 1, 200, 1);
	plain_end(&first);
	ck_assert(!stands(1, 0));
	plain_end(&second);
	ck_assert(!stands(1, 0));
	plain_start(&first, true, 1, 100, 1);
	first.io.device = 2;
	hec_tracker_start(tracker, &first.io);
	hec_tracker_stats(tracker, &before);
	first.io.device = 1;
	plain_end(&first);
	hec_tracker_stats(tracker, &after);
	ck_assert_uint_eq(after.made, before.made);
	first.io.device = 2;
	plain_end(&first);
	plain_end(&first);
	hec_tracker_stats(tracker, &after);
	ck_assert_uint_eq(after.made, before.made + 1);
	ck_assert(hec_tracker_evict(tracker, 1,
				    &(struct hec_tracker_location){ 0, 0 }));
}
END_TEST

START_TEST(each_byte_of_the_seed_counts)
{
	struct hec_tracker_config config = { .max_pairs = 64,
					     .seed = { 1, 2, 3 } };
	uint64_t size = hec_tracker_size(&config);
	uint64_t *key = tracker->key;
	struct hec_tracker *other;
	void *mem = test_memory(size);
	uint32_t i, word;

	for (i = 0; i < sizeof(config.seed); i++) {
		config.seed[i] ^= 1;
		memset(mem, 0x5a, size);
		ck_assert_int_eq(hec_tracker_init(mem, size, &config, &other),
				 0);
		for (word = 0; word < 3; word++)
			ck_assert_uint_ne(other->key[word], key[word]);
		config.seed[i] ^= 1;
	}
	memset(mem, 0x5a, size);
	ck_assert_int_eq(hec_tracker_init(mem, size, &config, &other), 0);
	for (word = 0; word < 3; word++)
		ck_assert_uint_eq(other->key[word], key[word]);
	ck_assert(key[0] != key[1] && key[1] != key[2] && key[0] != key[2]);
	free(mem);
}
END_TEST

/* A write to more blocks than there are pairs drops the pairs of just these. */
START_TEST(a_long_range_ends_where_it_ends)
{
	struct plain p;
	uint32_t i;

	for (i = 0; i < 6; i++)
		plain_do(false, i, i < 3 ? 99 + i : 146 + i, 1);
	plain_init(&p, true, 1000, 100, 50);
	p.io.segments = NULL;
	p.io.nr_segments = 0;
	hec_tracker_start(tracker, &p.io);
	hec_tracker_end(tracker, &p.io, true);
	ck_assert(stands(0, 99));
	ck_assert(!stands(1, 0)); /* block 100 */
	ck_assert(!stands(2, 0));
	ck_assert(!stands(3, 0)); /* block 149 */
	ck_assert(stands(4, 150));
	ck_assert(stands(5, 151));
}
END_TEST

/* A single byte of a page, or of a block, is enough. */
START_TEST(the_last_byte_counts)
{
	struct hec_tracker_segment segment = { 10, 0, PAGE + 1 };
	struct hec_tracker_io io = { true, 1, 200 * PAGE, PAGE + 1, NULL, 0 };

	plain_do(false, 1, 200, 3);
	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, true);
	ck_assert(!stands(1, 0));
	ck_assert(!stands(2, 0));
	ck_assert(stands(3, 202));
	plain_do(false, 10, 300, 3);
	io = (struct hec_tracker_io){ false,	1,	  500 * PAGE,
				      PAGE + 1, &segment, 1 };
	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, false);
	ck_assert(!stands(10, 0));
	ck_assert(!stands(11, 0));
	ck_assert(stands(12, 302));
}
END_TEST

START_TEST(configurations)
{
	struct hec_tracker_config config = { .max_pairs = 0 };
	uint64_t mem[8] = { 0 }, i;
	struct hec_tracker *t = NULL;

	ck_assert_uint_eq(hec_tracker_size(&config), 0);
	ck_assert_int_eq(hec_tracker_init(mem, sizeof(mem), &config, &t),
			 HEC_EINVAL);
	config.max_pairs = HEC_TRACKER_MAX_PAIRS + 1;
	ck_assert_uint_eq(hec_tracker_size(&config), 0);
	config.max_pairs = 1;
	ck_assert_uint_gt(hec_tracker_size(&config), sizeof(mem));
	ck_assert_int_eq(hec_tracker_init(mem, sizeof(mem), &config, &t),
			 HEC_ENOMEM);
	ck_assert_ptr_null(t);
	for (i = 0; i < 8; i++)
		ck_assert_uint_eq(mem[i], 0);
	config.max_pairs = HEC_TRACKER_MAX_PAIRS;
	ck_assert_uint_le(hec_tracker_size(&config),
			  64ull * HEC_TRACKER_MAX_PAIRS);
}
END_TEST

static void report(const char *what, const struct vm_counts *n)
{
	printf("%s: %llu reads, %llu hits, %llu admitted, %llu refused, "
	       "%llu overlaps, %llu stale\n",
	       what, (unsigned long long)n->reads, (unsigned long long)n->hits,
	       (unsigned long long)n->admitted, (unsigned long long)n->refused,
	       (unsigned long long)n->overlaps, (unsigned long long)n->stale);
	fflush(stdout);
}

START_TEST(a_vm_never_sees_a_stale_page)
{
	struct vm_counts n;

	vm_run(test_seed("tracker"), 150000 * test_scale(), VM_SOUND, &n);
	report("sound", &n);
	ck_assert_uint_eq(n.stale, 0);
	ck_assert_uint_gt(n.hits, n.reads / 50);
	ck_assert_uint_gt(n.admitted, 1000);
	ck_assert_uint_gt(n.refused, 1000);
	ck_assert_uint_gt(n.overlaps, 1000);
	ck_assert_uint_gt(n.forgotten, 100);
}
END_TEST

/* The same VM with one rule broken: the simulation can tell. */
START_TEST(a_broken_rule_is_found_out)
{
	struct vm_counts n;

	vm_run(1, 60000, (enum vm_fault)_i, &n);
	report("broken", &n);
	ck_assert_uint_gt(n.stale, 0);
}
END_TEST

/* The pages that a segment would have beyond the last number are none. */
START_TEST(io_at_the_last_page)
{
	uint64_t last = ~0ull;
	struct hec_tracker_segment segment = { last - 1, 0, 4 * PAGE };
	struct hec_tracker_io io = { false, 1, 0, 4 * PAGE, &segment, 1 };

	plain_do(false, last - 1, 100, 1);
	plain_do(false, last - 2, 101, 1);
	plain_do(false, 0, 102, 1);
	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, true);
	ck_assert(!stands(last - 1, 0));
	ck_assert(stands(last - 2, 101));
	ck_assert(stands(0, 102));

	/* What begins beyond the last page counts as all from the first one on. */
	plain_do(false, 0, 102, 1);
	plain_do(false, 9, 103, 1);
	segment = (struct hec_tracker_segment){ last, 2 * PAGE, 2 * PAGE };
	io.bytes = 2 * PAGE;
	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, true);
	ck_assert(!stands(0, 0));
	ck_assert(stands(9, 103));
}
END_TEST

/* The header's formula: the memory grows with what it is made for, and no more. */
START_TEST(its_size_is_that_of_its_tables)
{
	struct hec_tracker_config config;
	uint64_t pairs, heads;

	ck_assert_uint_eq(tracker->max_pairs, 64);
	ck_assert_uint_eq(tracker->head_mask, 63);
	ck_assert_uint_eq(tracker->counter_mask, 4095);
	for (pairs = 1; pairs < 100000; pairs = pairs * 7 / 4 + 1) {
		for (heads = 1; heads < pairs; heads *= 2)
			;
		config.max_pairs = (uint32_t)pairs;
		ck_assert_uint_eq(hec_tracker_size(&config),
				  ((sizeof(struct hec_tracker) + 7) & ~7ull) +
					  2 * ((heads * 4 + 7) & ~7ull) +
					  (heads > 4096 ? heads : 4096) * 4 +
					  (pairs + 1) *
						  sizeof(struct hec_pair));
	}
}
END_TEST

/* With @what changed to @value the audit complains; without, it does not. */
#define BREAK(what, value)                                              \
	do {                                                            \
		__typeof__(what) was = (what);                          \
		(what) = (__typeof__(what))(value);                     \
		ck_assert_msg(was != (what), "%s", "no change");        \
		ck_assert_msg(hec_tracker_audit(tracker), "%s", #what); \
		(what) = was;                                           \
		ck_assert_int_eq(hec_tracker_audit(tracker), 0);        \
	} while (0)

/* A chain of @side that is empty. */
static uint32_t *empty_chain(enum hec_side side)
{
	uint32_t *head = tracker->head[side];

	while (*head != HEC_NO_PAIR)
		head++;
	return head;
}

START_TEST(the_audit_finds_what_is_wrong)
{
	uint32_t end = tracker->max_pairs, n;
	struct hec_pair *pair;
	uint32_t *head;

	plain_do(false, 10, 100, 3);
	plain_do(true, 20, 200, 2);
	n = tracker->pairs[end].newer;
	pair = &tracker->pairs[n];
	BREAK(pair->older, n);
	BREAK(tracker->pairs[end].older, n);
	BREAK(pair->device, HEC_TRACKER_NO_DEVICE);
	BREAK(pair->device, 9);
	BREAK(pair->place[HEC_SIDE_PAGE], 77);
	BREAK(pair->place[HEC_SIDE_BLOCK], 77);
	BREAK(tracker->stats.pairs, 4);
	BREAK(tracker->free, HEC_NO_PAIR);
	/* A chain with a pair that is in no ring. */
	n = tracker->free;
	tracker->pairs[n].next[HEC_SIDE_PAGE] = HEC_NO_PAIR;
	tracker->pairs[n].next[HEC_SIDE_BLOCK] = HEC_NO_PAIR;
	head = empty_chain(HEC_SIDE_PAGE);
	BREAK(*head, n);
	head = empty_chain(HEC_SIDE_BLOCK);
	BREAK(*head, n);
}
END_TEST

Suite *tracker_suite(void)
{
	const TTest *const tests[] = {
		reads_and_writes_make_pairs,
		a_new_pair_ends_both_old_ones,
		failed_io_makes_no_pair,
		dropped_pages_have_no_pair,
		dropped_in_flight,
		an_eviction_in_flight_is_refused,
		a_late_dma_spoils_the_next_read,
		a_late_write_spoils_the_next_read,
		foreign_io,
		partial_io_drops,
		segments_in_order,
		a_page_twice_in_one_io,
		endless_segments,
		wide_io,
		the_oldest_is_forgotten,
		devices_are_told_apart,
		ends_settle_their_own,
		io_at_the_last_page,
		its_size_is_that_of_its_tables,
		the_last_byte_counts,
		each_byte_of_the_seed_counts,
		a_long_range_ends_where_it_ends,
		configurations,
		the_audit_finds_what_is_wrong,
		NULL,
	};
	const TTest *const vm_tests[] = { a_vm_never_sees_a_stale_page, NULL };
	Suite *suite = suite_create("tracker");
	TCase *tc = suite_case(suite, "tracker", start, end, tests);
	TCase *vm = suite_case(suite, "vm", NULL, NULL, vm_tests);

	tcase_add_loop_test(tc, overlapping_io, 0,
			    2 * sizeof(overlaps) / sizeof(overlaps[0]));
	tcase_add_loop_test(tc, partial_io, 0,
			    sizeof(partial) / sizeof(partial[0]));
	tcase_add_loop_test(vm, a_broken_rule_is_found_out, VM_SOUND + 1,
			    VM_NR_FAULTS);
	return suite;
}
