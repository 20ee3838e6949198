/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bio's end that came where interrupts are off goes on where they are on.
 */
#ifndef HEC_LATER_H
#define HEC_LATER_H

#include "guest.h"

void hec_later_init(void);
void hec_later_fini(void);
bool hec_later(struct bio *bio);

#endif
