/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a host shows of itself, for people and for programs; on standard output.
 */
#ifndef HECACHECTL_SHOW_H
#define HECACHECTL_SHOW_H

#include "host.h"

void show_table(const struct host *host, const struct cache *cache,
		const struct client *clients, size_t nr);

/* One JSON object; the manual page has its members. */
void show_json(const struct host *host, const struct cache *cache,
	       const struct client *clients, size_t nr);

#endif
