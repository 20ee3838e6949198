/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is written to a target's disk beside the target.
 */
#ifndef HEC_BESIDE_H
#define HEC_BESIDE_H

#include "guest.h"

int hec_beside_register(void);
void hec_beside_unregister(void);
void hec_beside_doubt(const struct gendisk *disk);
void hec_beside_hold(const struct gendisk *disk, const void *key);
void hec_beside_let_go(const void *key);
void hec_beside_settle(struct hec_target *t);
bool hec_beside_is_stacked(const struct hec_target *t);
void hec_beside_watch(struct hec_target *t);
void hec_beside_unwatch(struct hec_target *t);
void hec_beside_forget(struct hec_target *t);

#endif
