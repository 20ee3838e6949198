/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names: from a pool, an object and an index to a key and its hash.
 */
#ifndef HEC_NAME_H
#define HEC_NAME_H

#include "state.h"

/* A page's key, its pool and its hash, which tells where it is found. */
struct hec_name {
	struct hec_key key;
	uint64_t pool; /* id */
	uint64_t hash;
	enum hec_pool_kind kind; /* of the pool */
};

/*
 * Fills @name for a page of live pool @pool.  HEC_ESTALE: @pool is not a pool of
 * @client.  HEC_EINVAL: @index is too large.
 */
int hec_name_init(const struct hec_cache *cache,
		  const struct hec_client *client, uint64_t pool,
		  uint64_t object, uint64_t index, struct hec_name *name);

/*
 * The pool of @client with this id, or NULL.  hec_pool_find() knows live pools only,
 * hec_pool_any() also those that are ending.  The answer stays right as long as the
 * client's lock is held.
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
