/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's tracepoints: folios that it evicts, frees or dirties.
 */
#ifndef HEC_EVICT_H
#define HEC_EVICT_H

struct folio;

void hec_evict_swapped(struct folio *folio);
int hec_evict_register(void);
void hec_evict_unregister(void);

#endif
