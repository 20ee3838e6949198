/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a host shows of itself, for people and for programs; on standard output.
 */
#ifndef HECACHECTL_SHOW_H
#define HECACHECTL_SHOW_H

#include "host.h"

struct view {
	const struct host *host;
	struct cache cache;
	struct client *clients; /* those to be shown */
	size_t nr_clients;
	struct pool *pools; /* of any client */
	size_t nr_pools;
	struct rule *rules; /* of admission */
	size_t nr_rules;
};

void show_table(const struct view *view);

/* One JSON object; the manual page has its members. */
void show_json(const struct view *view);

#endif
