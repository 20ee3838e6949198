/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What changes a disk without a bio.
 */
#ifndef HEC_CHANGE_H
#define HEC_CHANGE_H

int hec_change_register(void);
void hec_change_unregister(void);

#endif
