/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Dropping one page.
 */
#ifndef HEC_FLUSH_H
#define HEC_FLUSH_H

#include "name.h"

/* Drops the page of that name, if there is one; true if there was. */
bool hec_page_drop(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name);

#endif
