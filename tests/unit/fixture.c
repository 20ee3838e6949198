/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The unit tests' cache, guest and page contents; see fixture.h.
 */
#include "fixture.h"

#include <time.h>

void *test_memory(size_t bytes)
{
	size_t lines = (bytes + 63) / 64;
	void *memory = aligned_alloc(64, lines * 64);

	ck_assert_ptr_nonnull(memory);
	return memset(memory, 0, lines * 64);
}

struct hec_config fixture_config(void)
{
	struct hec_config config = {
		.max_chunks = FIXTURE_CHUNKS,
		.chunk_shift = FIXTURE_CHUNK_SHIFT,
		.max_clients = 4,
		.max_pools = FIXTURE_POOLS,
		.nr_shards = 2,
		.seed = { 1, 2, 3, 4, 5, 6, 7, 8, [31] = 9 },
	};

	return config;
}

void fixture_start(struct fixture *f, const struct hec_config *config,
		   uint32_t chunks)
{
	uint64_t size = hec_size(config);

	f->config = *config;
	f->chunks_lent = 0;
	ck_assert_uint_gt(size, 0);
	f->mem = test_memory(size);
	memset(f->mem, 0xa5, size); /* it need not be zero */
	ck_assert_int_eq(hec_init(f->mem, size, config, &f->cache), 0);
	while (chunks--)
		fixture_grow(f);
}

void fixture_grow(struct fixture *f)
{
	size_t bytes = (size_t)HEC_PAGE_SIZE << f->config.chunk_shift;
	void *chunk = aligned_alloc(HEC_PAGE_SIZE, bytes);

	ck_assert_ptr_nonnull(chunk);
	ck_assert_int_eq(hec_grow(f->cache, chunk), 0);
	f->chunks_lent++;
}

int fixture_shrink(struct fixture *f)
{
	void *chunk = NULL;
	int err = hec_shrink(f->cache, &chunk);

	if (!err) {
		ck_assert_ptr_nonnull(chunk);
		free(chunk);
		f->chunks_lent--;
	}
	return err;
}

static void end_clients(struct fixture *f)
{
	struct hec_cache_info info;

	hec_cache_info(f->cache, &info);
	ck_assert_uint_eq(info.clients, 0);
	ck_assert_uint_eq(info.frames, info.frames_free);
}

void fixture_end(struct fixture *f)
{
	ck_assert_int_eq(hec_audit(f->cache), 0);
	end_clients(f);
	while (f->chunks_lent)
		ck_assert_int_eq(fixture_shrink(f), 0);
	ck_assert_int_eq(fixture_shrink(f), HEC_ENOENT);
	ck_assert_int_eq(hec_audit(f->cache), 0);
	hec_fini(f->cache);
	free(f->mem);
}

void fixture_end_client(struct fixture *f, struct hec_client *client)
{
	ck_assert_int_eq(hec_audit(f->cache), 0);
	ck_assert_int_eq(hec_client_destroy(f->cache, client, 0), 0);
	fixture_end(f);
}

struct hec_client *fixture_client_on(struct fixture *f,
				     const struct hec_client_config *terms)
{
	struct hec_client *client = NULL;

	ck_assert_int_eq(hec_client_create(f->cache, terms, &client), 0);
	return client;
}

struct hec_client *fixture_client(struct fixture *f, uint32_t max_pages)
{
	struct hec_client_config terms = { .max_pages = max_pages,
					   .policy = HEC_POLICY_LRU };

	return fixture_client_on(f, &terms);
}

uint64_t fixture_pool_of(struct fixture *f, struct hec_client *client,
			 enum hec_pool_kind kind)
{
	uint64_t pool = 0;

	ck_assert_int_eq(hec_pool_create(f->cache, client, kind, &pool), 0);
	return pool;
}

uint64_t fixture_pool(struct fixture *f, struct hec_client *client)
{
	return fixture_pool_of(f, client, HEC_POOL_EPHEMERAL);
}

struct hec_stats fixture_stats(struct fixture *f, struct hec_client *client)
{
	struct hec_stats stats;

	hec_client_stats(f->cache, client, &stats);
	return stats;
}

static uint64_t word(uint64_t seed, size_t i)
{
	uint64_t x = seed * 0x9e3779b97f4a7c15ull + i;

	if (seed == SEED_ZEROES)
		return 0;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	return x ^ x >> 27;
}

void page_fill(void *page, uint64_t seed)
{
	uint64_t *words = page;
	size_t i;

	for (i = 0; i < HEC_PAGE_SIZE / sizeof(*words); i++)
		words[i] = word(seed, i);
}

bool page_holds(const void *page, uint64_t seed)
{
	const uint64_t *words = page;
	size_t i;

	for (i = 0; i < HEC_PAGE_SIZE / sizeof(*words); i++)
		if (words[i] != word(seed, i))
			return false;
	return true;
}

int put_seed(struct fixture *f, struct hec_client *client, uint64_t pool,
	     uint64_t object, uint64_t index, uint64_t seed)
{
	_Alignas(64) uint8_t page[HEC_PAGE_SIZE];

	page_fill(page, seed);
	return hec_put(f->cache, client, pool, object, index, page);
}

int get_seed(struct fixture *f, struct hec_client *client, uint64_t pool,
	     uint64_t object, uint64_t index, uint64_t seed)
{
	_Alignas(64) uint8_t page[HEC_PAGE_SIZE];
	int err;

	memset(page, 0xa5, sizeof(page));
	err = hec_get(f->cache, client, pool, object, index, page);
	if (!err)
		ck_assert_msg(page_holds(page, seed),
			      "object %llu index %llu: not what was put",
			      (unsigned long long)object,
			      (unsigned long long)index);
	return err;
}

void put_range(struct fixture *f, struct hec_client *client, uint64_t pool,
	       uint64_t from, uint64_t nr)
{
	uint64_t i;

	for (i = from; i < from + nr; i++)
		ck_assert_int_eq(put_seed(f, client, pool, 0, i, i), 0);
}

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *page)
{
	struct guest *guest = vcpu;

	if (gfn >= GUEST_FRAMES || guest->kind[gfn] == GUEST_HOLE)
		return HEC_EFAULT;
	if (write && guest->kind[gfn] == GUEST_READ_ONLY)
		return HEC_EFAULT;
	if (!write && guest->kind[gfn] == GUEST_ABSENT)
		return HEC_EAGAIN;
	guest->kind[gfn] =
		guest->kind[gfn] == GUEST_ABSENT ? GUEST_RAM : guest->kind[gfn];
	ck_assert_uint_lt(guest->nr_mapped, HEC_GUEST_MAPS);
	page->va = guest->page[gfn];
	guest->mapped[guest->nr_mapped++] = page->va;
	return HEC_OK;
}

int hec_env_guest_admit(void *vcpu, struct hec_client **client)
{
	struct guest *guest = vcpu;

	guest->nr_admissions++;
	*client = guest->admitted;
	return guest->admitted ? HEC_OK : HEC_EPERM;
}

void hec_env_guest_unmap(void *vcpu, struct hec_env_guest_page *page)
{
	struct guest *guest = vcpu;

	ck_assert_uint_gt(guest->nr_mapped, 0);
	ck_assert_ptr_eq(page->va, guest->mapped[--guest->nr_mapped]);
	page->va = NULL;
}

uint64_t random_next(struct xorshift *random)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 7;
	random->state ^= random->state << 17;
	return random->state * 0x2545f4914f6cdd1dull;
}

uint64_t random_below(struct xorshift *random, uint64_t limit)
{
	return (random_next(random) >> 16) % limit;
}

uint64_t test_seed(const char *test)
{
	const char *given = getenv("HEC_TEST_SEED");
	struct timespec now;
	uint64_t seed;

	clock_gettime(CLOCK_REALTIME, &now);
	seed = given ? strtoull(given, NULL, 0)
		     : (uint64_t)now.tv_nsec * 2654435761u +
			       (uint64_t)now.tv_sec;
	seed |= 1;
	printf("%s: HEC_TEST_SEED=%llu\n", test, (unsigned long long)seed);
	fflush(stdout);
	return seed;
}

uint64_t test_scale(void)
{
	const char *given = getenv("HEC_TEST_SCALE");

	return given ? strtoull(given, NULL, 0) : 1;
}
