/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that are no traces but may be taken for such: what they are, and what to
 * do with them.
 */
#ifndef HECACHE_FOREIGN_H
#define HECACHE_FOREIGN_H

#include <stddef.h>
#include <stdint.h>

/* What a file that begins so is, and what to do; NULL: nothing known. */
const char *foreign_kind(const uint8_t *start, size_t bytes);

#endif
