/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations of others on targets' disks that have begun and not ended.
 */
#ifndef HEC_PENDING_H
#define HEC_PENDING_H

#include "block.h"

#define HEC_PENDING_WHOLE U64_MAX /* sectors: the target, and the pool goes */

struct hec_pending {
	struct hlist_node node; /* [chain lock] */
	const void *key; /* the bio, or request */
	struct hec_target *t;
	struct hec_range range; /* what it changes of the target */
	u64 nr; /* its sectors: none, some, or HEC_PENDING_WHOLE */
	u64 left; /* [chain lock] bytes that are not done */
};

typedef void hec_pending_fn(struct hec_pending *op);

int hec_pending_init(void);
void hec_pending_fini(void);
struct hec_pending *hec_pending_new(const void *key, struct hec_target *t);
void hec_pending_free(struct hec_pending *op);
void hec_pending_add(struct hec_pending *op);
bool hec_pending_any(void);
bool hec_pending_has(const void *key, const struct hec_target *t);
void hec_pending_done(const void *key, u64 bytes, hec_pending_fn *end);
void hec_pending_end(const struct hec_target *t, hec_pending_fn *end);

#endif
