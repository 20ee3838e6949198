/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Linux' blktrace, binary.
 */
#ifndef HECACHE_BLKTRACE_H
#define HECACHE_BLKTRACE_H

#include "format.h"

extern const struct format format_blktrace;

/* Are these the first bytes of such a file, of any version? */
bool blktrace_begins(const uint8_t *start, size_t bytes);

#endif
