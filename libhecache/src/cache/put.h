/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A put of one page, for single puts and batches.
 */
#ifndef HEC_PUT_H
#define HEC_PUT_H

#include "name.h"

/*
 * A put of @src, whose first lines should have been fetched.  @next is the page that
 * will be put next (or @src, if there is none): this fetches its first lines.
 */
int hec_put_named(struct hec_cache *cache, struct hec_client *client,
		  const struct hec_name *name, const void *src,
		  const void *next);

#endif
