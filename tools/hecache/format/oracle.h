/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libCacheSim's oracleGeneral.
 */
#ifndef HECACHE_ORACLE_H
#define HECACHE_ORACLE_H

#include "format.h"

extern const struct format format_oracle;

/*
 * Are these the first bytes of such a file?  It has no mark of its own: all
 * records that are there must make sense.
 */
bool oracle_begins(const uint8_t *start, size_t bytes);

#endif
