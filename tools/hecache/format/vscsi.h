/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMware's vscsiStats traces, versions 1 and 2; CloudPhysics' are such.
 */
#ifndef HECACHE_VSCSI_H
#define HECACHE_VSCSI_H

#include "format.h"

extern const struct format format_vscsi;

/*
 * Are these the first bytes of such a file?  It has no mark of its own: all
 * records that are there must make sense.
 */
bool vscsi_begins(const uint8_t *start, size_t bytes);

#endif
