/* SPDX-License-Identifier: GPL-2.0-only */
/* Control groups (v2) by path and by number. */
#ifndef HECACHECTL_CGROUP_H
#define HECACHECTL_CGROUP_H

#include <stddef.h>
#include <stdint.h>

/*
 * The number of the group that @word names: a path below the hierarchy, as
 * /proc/PID/cgroup has it, or "cgroup:NUMBER".  @root goes before the system's files.
 * A negative errno, with host_because().
 */
int cgroup_find(const char *root, const char *word, uint64_t *id);

/* The word for it; "cgroup:NUMBER" where its path cannot be found. */
void cgroup_name(const char *root, uint64_t id, char *word, size_t size);

#endif
