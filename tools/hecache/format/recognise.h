/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which format a file is in, by what it is: never by its name, and never by what
 * it is not.
 */
#ifndef HECACHE_RECOGNISE_H
#define HECACHE_RECOGNISE_H

#include "format.h"

/*
 * Finds the format of @input, of which nothing has been read.  @wanted is it, if
 * not NULL; then only what can be no such thing is refused.  A byte-order mark
 * is passed over.  false: input->error says what the file looks like and what
 * to do.
 */
bool recognise(struct input *input, const struct format *wanted,
	       const struct format **format);

#endif
