/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The simulated VM, see vm.h.
 *
 * Content is a version for each sector of 512 bytes; every write makes new
 * ones.  I/O moves a sector at a time, at random moments and in any order
 * between its start and its end.  What a CPU writes is reported late: when a
 * page is scanned or about to be evicted, as one finds a dirty bit.
 */
#include "vm.h"

#define SECTORS 8 /* of a page */
#define SECTOR 512u
#define BLOCKS 64
#define PAGES 48
#define QUEUE 6
#define SEGMENTS 3
#define MAX_SECTORS (4 * SECTORS) /* of an I/O */
#define DEVICE 3

struct flight {
	bool active;
	bool unreported; /* to the tracker: a fault */
	bool late; /* not reported yet: a fault */
	bool ended; /* reported as over while it still moves: a fault */
	struct hec_tracker_io io;
	struct hec_tracker_segment segment[SEGMENTS];
	uint32_t nr_sectors, nr_left;
	uint32_t left[MAX_SECTORS]; /* sectors of the I/O not moved yet */
	uint32_t memory[MAX_SECTORS]; /* page * SECTORS + sector, in order */
};

struct vm {
	struct xorshift random;
	enum vm_fault fault;
	struct vm_counts *counts;
	struct fixture f;
	struct hec_client *client;
	uint64_t pool;
	struct hec_tracker *tracker;
	uint64_t version;
	uint64_t disk[BLOCKS * SECTORS];
	uint64_t memory[PAGES * SECTORS];
	bool dirty[PAGES];
	struct flight queue[QUEUE];
};

struct hec_tracker *tracker_make(uint32_t max_pairs)
{
	struct hec_tracker_config config = { max_pairs, { 1, 2, 3 } };
	struct hec_tracker *tracker;
	uint64_t size = hec_tracker_size(&config);
	void *mem = test_memory(size);

	memset(mem, 0xee, size);
	ck_assert_int_eq(hec_tracker_init(mem, size, &config, &tracker), 0);
	ck_assert_ptr_eq(mem, tracker);
	return tracker;
}

static uint32_t below(struct vm *vm, uint32_t limit)
{
	return (uint32_t)random_below(&vm->random, limit);
}

static bool one_in(struct vm *vm, uint32_t n)
{
	return below(vm, n) == 0;
}

static bool has_fault(const struct vm *vm, enum vm_fault fault)
{
	return vm->fault == fault;
}

/* Pages as the cache sees them */

static void expand(const uint64_t *sectors, uint64_t *page)
{
	uint32_t i;

	for (i = 0; i < HEC_PAGE_SIZE / sizeof(*page); i++)
		page[i] = sectors[i / (SECTOR / sizeof(*page))];
}

static void check(struct vm *vm, const uint64_t *sectors, uint32_t block)
{
	if (memcmp(sectors, &vm->disk[block * SECTORS],
		   SECTORS * sizeof(*sectors)) != 0)
		vm->counts->stale++;
}

static void put(struct vm *vm, uint32_t page, uint32_t block)
{
	_Alignas(64) uint64_t buffer[HEC_PAGE_SIZE / 8];

	check(vm, &vm->memory[page * SECTORS], block);
	expand(&vm->memory[page * SECTORS], buffer);
	ck_assert_int_eq(hec_put(vm->f.cache, vm->client, vm->pool, 0, block,
				 buffer),
			 0);
}

static bool get(struct vm *vm, uint32_t page, uint32_t block)
{
	_Alignas(64) uint64_t buffer[HEC_PAGE_SIZE / 8];
	uint32_t i;

	if (hec_get(vm->f.cache, vm->client, vm->pool, 0, block, buffer))
		return false;
	for (i = 0; i < SECTORS; i++)
		vm->memory[page * SECTORS + i] =
			buffer[i * (SECTOR / sizeof(*buffer))];
	check(vm, &vm->memory[page * SECTORS], block);
	return true;
}

/* I/O in flight */

static bool has_location(const struct flight *f)
{
	return f->io.device != HEC_TRACKER_NO_DEVICE;
}

static uint32_t disk_sector(const struct flight *f, uint32_t i)
{
	return (uint32_t)(f->io.start / SECTOR) + i;
}

static void move_sector(struct vm *vm, const struct flight *f, uint32_t i)
{
	if (!f->io.nr_segments)
		vm->disk[disk_sector(f, i)] = ++vm->version;
	else if (!has_location(f))
		vm->memory[f->memory[i]] = ++vm->version;
	else if (f->io.is_write)
		vm->disk[disk_sector(f, i)] = vm->memory[f->memory[i]];
	else
		vm->memory[f->memory[i]] = vm->disk[disk_sector(f, i)];
}

static void move_one(struct vm *vm, struct flight *f)
{
	uint32_t at;

	if (!f->nr_left)
		return;
	at = below(vm, f->nr_left);
	move_sector(vm, f, f->left[at]);
	f->left[at] = f->left[--f->nr_left];
}

static bool share_something(const struct flight *a, const struct flight *b)
{
	uint32_t i, k;

	for (i = 0; i < a->nr_sectors; i++)
		for (k = 0; k < b->nr_sectors; k++)
			if ((has_location(a) && has_location(b) &&
			     disk_sector(a, i) == disk_sector(b, k)) ||
			    (a->io.nr_segments && b->io.nr_segments &&
			     a->memory[i] == b->memory[k]))
				return true;
	return false;
}

static void count_overlap(struct vm *vm, const struct flight *f)
{
	uint32_t i;

	for (i = 0; i < QUEUE; i++)
		if (&vm->queue[i] != f && vm->queue[i].active &&
		    share_something(f, &vm->queue[i])) {
			vm->counts->overlaps++;
			return;
		}
}

static void flush(struct vm *vm, const struct flight *f)
{
	uint64_t first, nr = hec_tracker_blocks(&f->io, &first);

	if (!f->io.is_write || has_fault(vm, VM_WRITE_WITHOUT_FLUSH))
		return;
	hec_flush_range(vm->f.cache, vm->client, vm->pool, 0, first, nr);
}

static void report_start(struct vm *vm, struct flight *f)
{
	f->late = false;
	hec_tracker_start(vm->tracker, &f->io);
	flush(vm, f);
}

static void report_end(struct vm *vm, struct flight *f, bool done)
{
	if (f->late)
		report_start(vm, f);
	if (!f->unreported)
		hec_tracker_end(vm->tracker, &f->io, done);
}

static void begin(struct vm *vm, struct flight *f)
{
	uint32_t i;

	count_overlap(vm, f);
	f->active = true;
	f->nr_left = f->nr_sectors;
	for (i = 0; i < f->nr_sectors; i++)
		f->left[i] = i;
	f->unreported = (!f->io.nr_segments &&
			 has_fault(vm, VM_FOREIGN_WRITE_UNREPORTED)) ||
			(!has_location(f) && has_fault(vm, VM_DMA_UNREPORTED));
	f->late = has_fault(vm, VM_STARTS_LATE);
	if (!f->unreported && !f->late)
		report_start(vm, f);
}

static void finish(struct vm *vm, struct flight *f)
{
	bool fails = one_in(vm, 8);

	if (has_fault(vm, VM_ENDS_EARLY) && !f->ended) {
		report_end(vm, f, true);
		f->ended = true;
		return;
	}
	while (!fails && f->nr_left)
		move_one(vm, f);
	if (!f->ended)
		report_end(vm, f,
			   !fails || has_fault(vm, VM_FAILURE_IS_SUCCESS));
	f->active = false;
}

/* Events */

/* Memory for @sectors sectors of I/O, in one to three segments. */
static void choose_memory(struct vm *vm, struct flight *f, uint32_t sectors)
{
	uint32_t n = 1 + below(vm, SEGMENTS), used = 0, s, i;

	for (s = 0; s < n && used < sectors; s++) {
		struct hec_tracker_segment *segment = &f->segment[s];
		uint32_t left = sectors - used;
		uint32_t len = s + 1 == n ? left : 1 + below(vm, left);
		uint32_t last = PAGES * SECTORS - len;
		uint32_t at = below(vm, last / SECTORS + 1) * SECTORS;

		if (!one_in(vm, 4) && s + 1 != n && len > SECTORS)
			len -= len % SECTORS;
		if (one_in(vm, 8))
			at = below(vm, last + 1);
		segment->page = at / SECTORS;
		segment->offset = at % SECTORS * SECTOR;
		segment->bytes = len * SECTOR;
		for (i = 0; i < len; i++)
			f->memory[used++] = at + i;
		f->io.nr_segments++;
	}
	f->io.segments = f->segment;
}

static void choose_io(struct vm *vm, struct flight *f)
{
	uint32_t pages = one_in(vm, 3) ? 1 + below(vm, 4) : 1;
	uint32_t sectors = pages * SECTORS, block;

	memset(f, 0, sizeof(*f));
	f->io.is_write = one_in(vm, 3);
	f->io.device = DEVICE;
	block = below(vm, BLOCKS - pages);
	f->io.start = (uint64_t)block * HEC_PAGE_SIZE;
	if (one_in(vm, 6)) {
		f->io.start += below(vm, SECTORS) * SECTOR;
		sectors = 1 + below(vm, sectors);
	}
	if (!one_in(vm, 12))
		choose_memory(vm, f, sectors);
	else
		f->io.is_write = true; /* somebody else's */
	if (f->io.nr_segments && !f->io.is_write && one_in(vm, 8)) {
		f->io.device = HEC_TRACKER_NO_DEVICE; /* somebody else's */
		f->io.start = 0;
	} else {
		f->io.bytes = (uint64_t)sectors * SECTOR;
	}
	f->nr_sectors = sectors;
}

static void submit(struct vm *vm)
{
	struct flight *f = &vm->queue[below(vm, QUEUE)];

	if (f->active)
		return;
	choose_io(vm, f);
	begin(vm, f);
}

/* A read of a whole page: from the cache, else it joins the queue. */
static void read_page(struct vm *vm)
{
	struct flight *f = &vm->queue[below(vm, QUEUE)];
	uint32_t page = below(vm, PAGES), block = below(vm, BLOCKS), i;

	if (f->active)
		return;
	memset(f, 0, sizeof(*f));
	f->segment[0] = (struct hec_tracker_segment){ page, 0, HEC_PAGE_SIZE };
	f->io = (struct hec_tracker_io){
		false,	       DEVICE,	   (uint64_t)block * HEC_PAGE_SIZE,
		HEC_PAGE_SIZE, f->segment, 1
	};
	f->nr_sectors = SECTORS;
	for (i = 0; i < SECTORS; i++)
		f->memory[i] = page * SECTORS + i;
	begin(vm, f);
	vm->counts->reads++;
	if (get(vm, page, block)) {
		vm->counts->hits++;
		report_end(vm, f, true);
		f->active = false;
	}
}

static void progress(struct vm *vm)
{
	struct flight *f = &vm->queue[below(vm, QUEUE)];
	uint32_t n = below(vm, MAX_SECTORS);

	if (!f->active)
		return;
	if (one_in(vm, 2)) {
		finish(vm, f);
		return;
	}
	while (n--)
		move_one(vm, f);
}

static void renew(struct vm *vm, uint32_t page)
{
	uint32_t i;

	for (i = 0; i < SECTORS; i++)
		vm->memory[page * SECTORS + i] = ++vm->version;
}

static void cpu_write(struct vm *vm)
{
	uint32_t page = below(vm, PAGES);

	vm->memory[page * SECTORS + below(vm, SECTORS)] = ++vm->version;
	vm->dirty[page] = true;
}

static void scan(struct vm *vm, uint32_t page)
{
	if (vm->dirty[page] && !has_fault(vm, VM_CPU_WRITE_UNREPORTED))
		hec_tracker_drop_pages(vm->tracker, page, 1);
	vm->dirty[page] = false;
}

/* One to three pages; what they hold next is written by no I/O. */
static void free_pages(struct vm *vm)
{
	uint32_t nr = 1 + below(vm, 3), first = below(vm, PAGES - nr), i;

	if (!has_fault(vm, VM_FREE_UNREPORTED))
		hec_tracker_drop_pages(vm->tracker, first, nr);
	for (i = first; i < first + nr; i++)
		renew(vm, i);
}

static void evict(struct vm *vm)
{
	struct hec_tracker_location location;
	uint32_t page = below(vm, PAGES);

	scan(vm, page);
	if (hec_tracker_evict(vm->tracker, page, &location)) {
		ck_assert_uint_eq(location.device, DEVICE);
		ck_assert_uint_lt(location.block, BLOCKS);
		put(vm, page, (uint32_t)location.block);
	}
	renew(vm, page);
}

static void step(struct vm *vm)
{
	uint32_t what = below(vm, 100);

	if (what < 20)
		submit(vm);
	else if (what < 46)
		read_page(vm);
	else if (what < 76)
		progress(vm);
	else if (what < 80)
		cpu_write(vm);
	else if (what < 83)
		scan(vm, below(vm, PAGES));
	else if (what < 85)
		free_pages(vm);
	else
		evict(vm);
}

static void vm_start(struct vm *vm)
{
	struct hec_config config = fixture_config();
	uint32_t i;

	fixture_start(&vm->f, &config, 6);
	vm->client = fixture_client(&vm->f, 0);
	vm->pool = fixture_pool(&vm->f, vm->client);
	vm->tracker = tracker_make(8);
	for (i = 0; i < BLOCKS * SECTORS; i++)
		vm->disk[i] = ++vm->version;
	for (i = 0; i < PAGES; i++)
		renew(vm, i);
}

static void vm_end(struct vm *vm)
{
	struct hec_tracker_stats stats;

	hec_tracker_stats(vm->tracker, &stats);
	vm->counts->admitted = stats.admitted;
	vm->counts->refused = stats.refused;
	vm->counts->forgotten = stats.forgotten;
	free(vm->tracker);
	fixture_end_client(&vm->f, vm->client);
}

void vm_run(uint64_t seed, uint64_t steps, enum vm_fault fault,
	    struct vm_counts *counts)
{
	struct vm *vm = test_memory(sizeof(*vm));
	uint64_t i;

	memset(counts, 0, sizeof(*counts));
	vm->random.state = seed;
	vm->fault = fault;
	vm->counts = counts;
	vm_start(vm);
	for (i = 0; i < steps; i++) {
		step(vm);
		if (i % 16 == 0)
			ck_assert_int_eq(hec_tracker_audit(vm->tracker), 0);
	}
	vm_end(vm);
	free(vm);
}
