/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All formats, by name.
 */
#ifndef HECACHE_FORMATS_H
#define HECACHE_FORMATS_H

#include "format.h"

/* The format called @name, or NULL. */
const struct format *format_named(const char *name);

/* Writes all names, with commas between them. */
void formats_list(char *text, size_t bytes);

#endif
