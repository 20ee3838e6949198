/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replaying over libhecache, see library.h.
 *
 * Pages have no content, so chunks need no memory: any address describes one.
 * The number of frames is exact, as chunks are as large as the largest power of
 * two that divides it.
 */
#include "library.h"

#include <stdlib.h>
#include <unistd.h>

#define MAX_CHUNK_SHIFT 16u

struct library {
	struct hec_cache *cache;
	void *memory;
	struct hec_client **clients; /* by VM, as the next one */
	uint64_t *pools;
};

static void must(int err, const char *what)
{
	if (!err)
		return;
	fprintf(stderr, "hecache: %s: the library answers %d\n", what, err);
	abort();
}

static bool library_get(void *context, uint32_t vm, uint32_t page)
{
	struct library *library = context;
	int err = hec_get(library->cache, library->clients[vm],
			  library->pools[vm], 0, page, NULL);

	if (err != HEC_ENOENT)
		must(err, "get");
	return !err;
}

/* A cache may refuse what it has no room for. */
static void library_put(void *context, uint32_t vm, uint32_t page)
{
	struct library *library = context;
	int err = hec_put(library->cache, library->clients[vm],
			  library->pools[vm], 0, page, NULL);

	if (err != HEC_ENOSPC)
		must(err, "put");
}

/*
 * hec_init() writes all of its memory; a kernel that overcommits would rather
 * kill than refuse.
 */
static bool fits(uint64_t bytes)
{
	uint64_t pages = (uint64_t)sysconf(_SC_PHYS_PAGES);
	uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);

	return bytes && bytes / page_bytes < pages;
}

static bool make_cache(struct library *library, const struct replay *replay,
		       uint32_t shards)
{
	struct hec_config config = {
		.max_clients = replay->nr_vms,
		.max_pools = replay->nr_vms,
		.nr_shards = shards,
		.content = HEC_CONTENT_NONE,
	};
	uint32_t pages = replay->cache_pages;
	uint64_t size;

	while (config.chunk_shift < MAX_CHUNK_SHIFT && pages &&
	       pages % 2 == 0) {
		config.chunk_shift++;
		pages /= 2;
	}
	config.max_chunks = pages ? pages : 1;
	size = hec_size(&config);
	library->memory = fits(size) ? aligned_alloc(64, size) : NULL;
	if (!library->memory)
		return false;
	must(hec_init(library->memory, size, &config, &library->cache), "init");
	while (pages--)
		must(hec_grow(library->cache, library), "grow");
	return true;
}

static void make_client(struct library *library, uint32_t vm,
			enum hec_policy_kind policy, enum replay_mode mode)
{
	struct hec_client_config config = { .label = vm,
					    .max_pools = 1,
					    .policy = policy };
	enum hec_pool_kind kind = mode == REPLAY_INCLUSIVE ? HEC_POOL_INCLUSIVE
							   : HEC_POOL_EPHEMERAL;

	must(hec_client_create(library->cache, &config, &library->clients[vm]),
	     "client");
	must(hec_pool_create(library->cache, library->clients[vm], kind,
			     &library->pools[vm]),
	     "pool");
}

static bool library_init(struct library *library, const struct replay *replay,
			 enum hec_policy_kind policy, uint32_t shards)
{
	uint32_t i;

	library->clients = calloc(replay->nr_vms, sizeof(*library->clients));
	library->pools = calloc(replay->nr_vms, sizeof(*library->pools));
	if (!library->clients || !library->pools ||
	    !make_cache(library, replay, shards))
		return false;
	for (i = 0; i < replay->nr_vms; i++)
		make_client(library, i, policy, replay->mode);
	return true;
}

/* The cache goes with its memory: nothing of it lies elsewhere. */
static void library_fini(struct library *library)
{
	free(library->memory);
	free(library->clients);
	free(library->pools);
}

bool library_run(const struct replay *replay, enum hec_policy_kind policy,
		 uint32_t shards, struct progress *progress,
		 struct replay_counts *counts)
{
	struct library library = { 0 };
	struct second second = { &library, library_get, library_put };
	bool ok;

	ok = library_init(&library, replay, policy, shards) &&
	     replay_run(replay, &second, progress, counts);
	library_fini(&library);
	return ok;
}
