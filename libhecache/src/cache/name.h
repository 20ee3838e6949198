/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names: from a pool, an object and an index to a key and its hash.
 */
#ifndef HEC_NAME_H
#define HEC_NAME_H

#include "state.h"

/* A page's key, its pool and where it lives. */
struct hec_name {
	struct hec_key key;
	uint64_t pool; /* id */
	uint64_t hash;
	enum hec_pool_kind kind; /* of the pool */
};

/*
 * Fills @name for the page (or header) of live pool @pool.  HEC_ESTALE: not a
 * pool of @client; HEC_EINVAL: the index.
 */
int hec_name_init(const struct hec_cache *cache,
		  const struct hec_client *client, uint64_t pool,
		  uint64_t object, uint64_t index, struct hec_name *name);

/*
 * The pool of @client with this id, live or (any) ending too; or NULL.  With
 * the client's lock held the answer lasts.
 */
struct hec_pool *hec_pool_find(const struct hec_cache *cache,
			       const struct hec_client *client, uint64_t id);
struct hec_pool *hec_pool_any(const struct hec_cache *cache,
			      const struct hec_client *client, uint64_t id);

/* The name of the header of the object that @name is in. */
struct hec_name hec_name_of_header(const struct hec_cache *cache,
				   const struct hec_name *name);

/* The hash of linked page @n's key. */
uint64_t hec_name_hash(const struct hec_cache *cache, uint32_t n);

#endif
