/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the scenes are played on: a hecache target whose disk lets go when it is
 * told to.
 *
 * The target `hc` lies over `disk` (guest-races.l2), which is of groups of four
 * blocks:
 *
 *     0  READS   a read is held before it reaches the disk
 *     1  FREE    nothing is held
 *     2  WRITES  a write or a discard is held before it reaches the disk
 *     3  FAILS   what the device `failing` is told to do
 *
 * A bio over two blocks is complete when both are.  So a read of READS and FREE
 * is one that has FREE's content and goes on; a write of FREE and WRITES is one
 * that has changed FREE and goes on.
 *
 * Far behind each block lies its twin, whose writes are held, and which shares
 * a bucket with it (glue-linux/block.c).  A scene may be played among twins, where all
 * writes are held.
 *
 * `top` is another path to the same blocks, with a page cache of its own: what
 * is written there makes hc's pages out of date and takes none of them away.
 *
 * Each scene has a group of its own.  It says by how much the target's counters
 * grow: an overlap that did not come about, or was not seen, counts otherwise.
 * Whatever goes wrong ends the program with a line "FAIL".
 */
#ifndef RACES_BED_H
#define RACES_BED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PAGE 4096
#define SECTOR 512
#define TWIN 16384u /* a target has that many buckets */
#define WIDE (257u * PAGE) /* a discard that enters no bucket */

enum place {
	READS,
	FREE,
	WRITES,
	FAILS,
	GROUP
};

/*
 * The ways of changing a block on the other path.  A discard of one block may
 * leave its content as it was.
 */
enum way {
	WRITE_PAGE,
	WRITE_SECTOR,
	DISCARD,
	ZERO,
	NR_WAYS
};
extern const char *const way_names[NR_WAYS];

extern int hc, top, top_direct;
extern unsigned char *got; /* what was read last; room for two pages */

void bed_open(void);
void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void check(bool good, const char *what);

/* A scene begins, in the next group.  Its counters count from here. */
void begin(const char *what, const char *which);
void among_twins(void);
off_t at(enum place place);

/* By how much a counter has grown since it was looked at last. */
void grew(const char *counter, uint64_t by);

/* The device mapper. */
void suspend(const char *device);
void resume(const char *device);
void failing(const char *target); /* `failing` gets another table */
void message(const char *text);
void until_caching(void); /* a minute at most */

/* Reads and writes.  What is written was never written before. */
unsigned char *fresh(void); /* two pages */
void write_pages(int fd, enum place place, uint32_t nr);
void read_pages(int fd, enum place place, uint32_t nr);
void change(enum way way, enum place place);
unsigned char *map(int fd, enum place place);

/* Begins to write back what is dirty of a page; does not wait for the end. */
void write_back(int fd, enum place place);
int written_back(int fd, enum place place);

/*
 * I/O that is held has a process of its own, which sleeps in it.  held() waits
 * until it is held and the disk has done @nr requests; finish() lets go and
 * waits for the process to end.  let_go() waits for something to let go.
 */
pid_t forked(void);
void let_go(enum place place); /* READS or WRITES */
void held(pid_t pid, uint32_t nr);
void finish(pid_t pid, enum place place);
bool change_at(enum way way, uint64_t offset);

/* Reads READS and FREE through the page cache, until READS is let go. */
pid_t start_read(void);
/* Reads READS directly into memory of the caller's, until it is let go. */
pid_t start_direct_read(void *to);
/* Writes memory of the caller's directly, to where writes are held. */
pid_t start_direct_write(const void *from, uint64_t offset);
/* Changes a block whose writes are held, until it is let go. */
pid_t start_change(enum way way, uint64_t offset);
/* Discards WIDE bytes where writes are held, until they are let go. */
pid_t start_wide_discard(uint64_t offset);
/* Writes FREE and WRITES, until WRITES is let go. */
pid_t start_write(void);

/* What became of it. */
void evict(int fd, enum place place);
void truth(enum place place); /* hc answers with what the disk has */
void not_put(enum place place); /* its page is evicted, and hc has the truth */
void cache(enum place place); /* gives the cache a block */

/*
 * A page of a block in WRITES that was dirtied while it was written back: the
 * held write makes no link, and the one that follows does.
 */
void settle(int fd, enum place place);

/* The scenes. */
void overlaps(void); /* overlaps.c */
void steps(void); /* steps.c */

#endif
