/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What blkparse prints of a blktrace.
 */
#ifndef HECACHE_BLKPARSE_H
#define HECACHE_BLKPARSE_H

#include "format.h"

extern const struct format format_blkparse;

/* Is this one of its lines that stand for an event, or its very first one? */
bool blkparse_has(const char *line);

#endif
