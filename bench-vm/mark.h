/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How work.c and off/off.c, in a guest, tell count.c, in the emulator, what it is at: by
 * instructions that do nothing, `nopl`, with a number that no compiler would give them.
 * They cost one instruction, no exit and no call.
 */
#ifndef HEC_BENCH_MARK_H
#define HEC_BENCH_MARK_H

#define HEC_MARK_ROW 0x48454301 /* samples of another kind follow */
#define HEC_MARK_BEGIN 0x48454302 /* a sample begins */
#define HEC_MARK_END 0x48454303 /* it ends */

/* A function that has interrupts off begins; it ends, which tells which one it is. */
#define HEC_MARK_OFF_BEGIN 0x48454310
#define HEC_MARK_OFF_NOTHING 0x48454311 /* a function that does nothing */
#define HEC_MARK_OFF_EVICTED 0x48454312 /* a folio leaves the page cache */
#define HEC_MARK_OFF_DIRTIED 0x48454313 /* a folio becomes dirty */
#define HEC_MARK_OFF_ENDED 0x48454314 /* a read or write ends */
#define HEC_MARK_OFF_PUT_BEGUN 0x48454315 /* a page's put begins */
#define HEC_MARK_OFF_PUT_ENDED 0x48454316 /* and ends */
#define HEC_MARK_OFF_LAST HEC_MARK_OFF_PUT_ENDED

#endif
