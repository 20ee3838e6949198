/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How work.c, in a guest, tells count.c, in the emulator, what it is at: by instructions
 * that do nothing, `nopl`, with a number that no compiler would give them.  They cost one
 * instruction, no exit and no call.
 */
#ifndef HEC_BENCH_MARK_H
#define HEC_BENCH_MARK_H

#define HEC_MARK_ROW 0x48454301 /* samples of another kind follow */
#define HEC_MARK_BEGIN 0x48454302 /* a sample begins */
#define HEC_MARK_END 0x48454303 /* it ends */

#endif
