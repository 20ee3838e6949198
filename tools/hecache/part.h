/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * blktrace writes a file for each processor, DISK.blktrace.NUMBER.  Each is a
 * whole trace by its contents; only its name and its neighbours tell that it is
 * a part of one.
 */
#ifndef HECACHE_PART_H
#define HECACHE_PART_H

#include <stdbool.h>

/* Is the file at @path called so, and is there another processor's beside it? */
bool part_is_one_of_several(const char *path);

#endif
