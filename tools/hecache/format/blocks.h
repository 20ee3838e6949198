/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LIRS authors' traces.
 */
#ifndef HECACHE_BLOCKS_H
#define HECACHE_BLOCKS_H

#include "format.h"

extern const struct format format_blocks;

#endif
