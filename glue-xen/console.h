/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The console key 'k': statistics of the cache and of each client.
 */
#ifndef HECACHE_CONSOLE_H
#define HECACHE_CONSOLE_H

/* Context: boot, when there is a cache. */
void hecache_console_init(void);

#endif /* HECACHE_CONSOLE_H */
