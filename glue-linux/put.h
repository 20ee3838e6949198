/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Puts: evicted pages go to the hypervisor, many with one call.
 */
#ifndef HEC_PUT_H
#define HEC_PUT_H

#include "guest.h"

int hec_put_init(void);
void hec_put_fini(void);
void hec_put(unsigned long pfn, unsigned long nr);
void hec_put_skip(unsigned long pfn, unsigned long nr);

#endif
