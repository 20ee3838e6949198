/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The tracker: which pages of a VM's memory provably equal a block of a disk.
 *
 * A cache may take evicted pages straight from a VM's memory.  Then it must know
 * what they are: a page may go in only if it equals its block on disk.  A hypervisor
 * that emulates or forwards the VM's I/O tells the tracker of it, and asks at each
 * eviction (Lu and Shen, Virtual Machine Memory Access Tracing with Hypervisor
 * Exclusive Cache, USENIX ATC 2007):
 *
 *     the VM reads or writes      hec_tracker_start(), then hec_tracker_end()
 *     other DMA into its memory   the same, with HEC_TRACKER_NO_DEVICE
 *     others write to the disk    the same, with no segments
 *     a page may have been        hec_tracker_drop_pages()
 *       written, freed, ballooned
 *     a page is evicted           hec_tracker_evict(): which block it is of
 *
 * Pages are numbers of the VM's frames of HEC_PAGE_SIZE bytes; a location is a
 * device and a block of that size.  Devices are numbered as the caller likes.
 *
 * The answer "yes" is never wrong, if the caller keeps to the rules below.  The answer
 * may be "no" where "yes" would have been right: for I/O that overlaps other I/O in
 * time and place, and after more than max_pairs pages.
 *
 *  - Start is called before any of the I/O may have happened.  End is called after all
 *    of it has happened, and before the VM learns of that.  Each is called once, with
 *    the same description, whatever becomes of the I/O.
 *  - A write by a CPU is reported before the next eviction of that page, at the
 *    latest (the caller may find it by the dirty bit then).  This holds for pages with
 *    I/O in flight, too.
 *  - A write makes cached pages of its blocks wrong.  These are dropped after start
 *    and before end; hec_tracker_blocks() tells which blocks they are.  So the
 *    cache equals the disk at every moment.
 *  - A hit counts as a read: start, hec_get(), end.
 *
 * CONTEXT.  Nothing sleeps or takes a lock.  The caller serialises the calls of one
 * tracker.  It *holds that exclusion from hec_tracker_evict() to the end of the put*:
 * if a write started in between, the put would be wrong.
 */
#ifndef HECACHE_TRACKER_H
#define HECACHE_TRACKER_H

#include <hec_env.h>

#include <hecache/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hec_tracker;

#define HEC_TRACKER_NO_DEVICE 0xffffffffu
#define HEC_TRACKER_MAX_PAIRS (1u << 30)

struct hec_tracker_config {
	uint32_t max_pairs; /* remembered at the most; 1 to MAX_PAIRS */
	uint8_t seed[16]; /* secret, so that a VM cannot aim pages at one bucket */
};

/* Contiguous memory; it may cover any number of pages, or parts of them. */
struct hec_tracker_segment {
	uint64_t page; /* the first */
	uint64_t offset; /* bytes from the start of that page */
	uint64_t bytes;
};

/* An I/O: one range of a device, and the memory for it, in order. */
struct hec_tracker_io {
	bool is_write; /* memory to device; otherwise device to memory */
	uint32_t device;
	uint64_t start; /* byte on the device; need not be where a block begins */
	uint64_t bytes;
	const struct hec_tracker_segment *segments; /* borrowed for the call */
	uint32_t nr_segments; /* their bytes may be fewer or more than .bytes */
};

struct hec_tracker_location {
	uint32_t device;
	uint64_t block;
};

struct hec_tracker_stats {
	uint64_t made; /* pairs */
	uint64_t admitted; /* evictions answered with a location */
	uint64_t refused; /* evictions answered with no */
	uint64_t forgotten; /* pairs dropped because there was no room */
	uint32_t pairs; /* remembered now, with those of I/O in flight */
};

/*
 * Bytes of memory that hec_tracker_init() needs, or 0 if @config is not valid:
 * 52 to 64 bytes a pair and 16 KiB.
 */
uint64_t hec_tracker_size(const struct hec_tracker_config *config);

/*
 * Makes a tracker with no pairs in @mem (@len bytes, of any content, aligned to 8).
 * It borrows @mem as long as it is used; there is no function to end it.
 * HEC_EINVAL: @config is not valid.  HEC_ENOMEM: @len is too small.
 */
int hec_tracker_init(void *mem, uint64_t len,
		     const struct hec_tracker_config *config,
		     struct hec_tracker **tracker);

/*
 * I/O will happen now.  Pages or blocks that it will write to equal nothing any more.
 * Time: proportional to the pages of @io or, if they are fewer, to the pairs.
 */
void hec_tracker_start(struct hec_tracker *tracker,
		       const struct hec_tracker_io *io);

/*
 * The I/O is over.  @done: all of it was done, with success.  Then a whole page that
 * was read into, or written from, equals its block, if nothing else happened to
 * either.
 */
void hec_tracker_end(struct hec_tracker *tracker,
		     const struct hec_tracker_io *io, bool done);

/*
 * @nr pages from @first on may have been written, or were freed or ballooned.  They
 * equal nothing any more.  Time: as above.
 */
void hec_tracker_drop_pages(struct hec_tracker *tracker, uint64_t first,
			    uint64_t nr);

/*
 * Page @page is being evicted.  True: its content is that of @location, and may be
 * put.  False: it must not be put, and *@location is as it was.  Pages that are cached
 * already stay right.  In both cases the tracker knows nothing of the page any more.
 */
bool hec_tracker_evict(struct hec_tracker *tracker, uint64_t page,
		       struct hec_tracker_location *location);

/* How many blocks @io touches, whole or in part, from *@first on. */
uint64_t hec_tracker_blocks(const struct hec_tracker_io *io, uint64_t *first);

/* The counts since hec_tracker_init(), and the number of pairs now. */
void hec_tracker_stats(const struct hec_tracker *tracker,
		       struct hec_tracker_stats *stats);

/*
 * Walks everything.  0: every invariant holds.  Else the number of the line in
 * tracker.c that found one broken.
 */
int hec_tracker_audit(const struct hec_tracker *tracker);

#ifdef __cplusplus
}
#endif

#endif
