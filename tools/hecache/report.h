/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a replay counted, for people and for programs.
 */
#ifndef HECACHE_REPORT_H
#define HECACHE_REPORT_H

#include <stdint.h>

#include "replay.h"

/* @counts of @nr_vms VMs, as one JSON object on standard output. */
void report_json(const struct replay_counts *counts, uint32_t nr_vms);

/* The same as a table; @names has a name for each VM. */
void report_table(const struct replay_counts *counts, uint32_t nr_vms,
		  char *const *names);

#endif
