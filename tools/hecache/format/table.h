/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables: a request a line, in columns.
 *
 * Of csv, the columns are told by a line of names or by --columns; of the
 * others, which people publish, they are known:
 *
 *     msr      MSR Cambridge's
 *     alibaba  Alibaba's cloud disks (2020)
 *     tencent  Tencent's cloud block storage (2018)
 *     spc      the Storage Performance Council's format; UMass' traces
 */
#ifndef HECACHE_TABLE_H
#define HECACHE_TABLE_H

#include "format.h"

extern const struct format format_csv, format_msr, format_alibaba,
	format_tencent, format_spc;

/* The one of them whose columns are known that has such a @line, or NULL. */
const struct format *table_format_of(const char *line);

/* No field of @line begins with a digit: it is no request. */
bool table_is_names(const char *line, char delimiter);

#endif
