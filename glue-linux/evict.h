/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's tracepoints: pages that it evicts or dirties.
 */
#ifndef HEC_EVICT_H
#define HEC_EVICT_H

struct folio;

void hec_evict(struct folio *folio);
int hec_evict_register(void);
void hec_evict_unregister(void);

#endif
