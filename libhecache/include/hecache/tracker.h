/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The tracker: which pages of a VM's memory provably equal a block of a disk.
 *
 * A cache that takes evicted pages straight from a VM's memory must know what
 * they are: a page may go in only if it equals its block on disk.  Whoever sees
 * a VM's I/O (a hypervisor that emulates or forwards it) tells the tracker of
 * it and asks at each eviction (Lu and Shen, Virtual Machine Memory Access
 * Tracing with Hypervisor Exclusive Cache, USENIX ATC 2007):
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
 * The answer is never wrong, if the caller keeps to these rules; it may be "no"
 * where "yes" would have been right: for I/O that overlaps other I/O in time
 * and place, and after more than max_pairs pages.
 *
 *  - Start is called before any of the I/O may have happened, and end after all
 *    of it has, before the VM learns of it; both with the same description,
 *    once each, whatever becomes of the I/O.
 *  - A write by a CPU is reported at the latest before the next eviction of
 *    that page (a dirty bit is found then): pages whose I/O is in flight too.
 *  - What is cached of the blocks that a write touches is dropped after start
 *    and before end (hec_tracker_blocks() tells which these are).  The cache is
 *    then at no time other than the disk.
 *  - A hit counts as a read: start, hec_get(), end.
 *
 * CONTEXT.  Nothing sleeps or takes a lock.  The caller serialises the calls of
 * one tracker, *and keeps that exclusion from hec_tracker_evict() to the end of
 * the put*: a write that started in between would make the put a wrong one.
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
	uint8_t seed[16]; /* secret: a VM cannot aim pages at one bucket */
};

/* Contiguous memory; it may cover any number of pages, or parts of them. */
struct hec_tracker_segment {
	uint64_t page; /* the first */
	uint64_t offset; /* bytes from the start of that page */
	uint64_t bytes;
};

/* The I/O: one range of a device, and the memory that goes with it in order. */
struct hec_tracker_io {
	bool is_write; /* memory to device; otherwise device to memory */
	uint32_t device;
	uint64_t start; /* byte on the device: any, not only whole blocks */
	uint64_t bytes;
	const struct hec_tracker_segment *segments; /* borrowed for the call */
	uint32_t nr_segments; /* fewer bytes or more than .bytes are allowed */
};

struct hec_tracker_location {
	uint32_t device;
	uint64_t block;
};

struct hec_tracker_stats {
	uint64_t made; /* pairs */
	uint64_t admitted; /* evictions answered with a location */
	uint64_t refused; /* evictions answered with no */
	uint64_t forgotten; /* pairs that went for want of room */
	uint32_t pairs; /* now remembered, those of I/O in flight too */
};

/*
 * Bytes of memory that hec_tracker_init() needs, or 0 if @config is not valid:
 * 52 to 64 bytes a pair and 16 KiB.
 */
uint64_t hec_tracker_size(const struct hec_tracker_config *config);

/*
 * Makes a tracker of no pairs in @mem (@len bytes, zero or not, aligned to 8),
 * which it borrows for as long as it is used; there is nothing to end.
 * HEC_EINVAL: @config is not valid; HEC_ENOMEM: @len is too small.
 */
int hec_tracker_init(void *mem, uint64_t len,
		     const struct hec_tracker_config *config,
		     struct hec_tracker **tracker);

/*
 * I/O is about to happen: what it will write to, memory or disk, equals nothing
 * any more.  Time: proportional to the pages of @io, or to the pairs if fewer.
 */
void hec_tracker_start(struct hec_tracker *tracker,
		       const struct hec_tracker_io *io);

/*
 * The I/O is over; @done: completely and with success.  Then whole pages that
 * were read into, or written from, and that nothing else happened to, equal
 * their blocks.
 */
void hec_tracker_end(struct hec_tracker *tracker,
		     const struct hec_tracker_io *io, bool done);

/*
 * @nr pages from @first on may have been written, or were freed or ballooned:
 * they equal nothing.  Time: as above.
 */
void hec_tracker_drop_pages(struct hec_tracker *tracker, uint64_t first,
			    uint64_t nr);

/*
 * Page @page is being evicted.  True: its content is that of @location, which
 * may be put; the pair is gone then, and the page's next content unknown.
 * False: @location is as it was; what is cached of wherever the page came from
 * still stands.
 */
bool hec_tracker_evict(struct hec_tracker *tracker, uint64_t page,
		       struct hec_tracker_location *location);

/* The blocks that @io touches, entirely or not: their number, from @first on. */
uint64_t hec_tracker_blocks(const struct hec_tracker_io *io, uint64_t *first);

/* Counts since hec_tracker_init(), and the pairs that there are now. */
void hec_tracker_stats(const struct hec_tracker *tracker,
		       struct hec_tracker_stats *stats);

/*
 * Walks everything; 0 if every invariant holds, else the number of the line in
 * tracker.c that found the first breach.
 */
int hec_tracker_audit(const struct hec_tracker *tracker);

#ifdef __cplusplus
}
#endif

#endif
