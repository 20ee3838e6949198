/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Caches of any size, and their VMs, see scene.h.
 */
#include "scene.h"

#include <sys/mman.h>

#include "../../libhecache/src/cache/state.h"

#define CHUNK_SHIFT 9
#define AUDITED_FRAMES (1u << 17)

bool bounds_full = true;

/* Memory of zeroes that is not there before it is written to. */
static void *reserve(uint64_t bytes)
{
	void *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	ck_assert_ptr_ne(mem, MAP_FAILED);
	return mem;
}

/* Fresh memory is zero already: the cache of 512 GiB need not be written first. */
static const char *fresh;
static uint64_t fresh_bytes;

void *__wrap_memset(void *to, int byte, size_t bytes);
void *__real_memset(void *to, int byte, size_t bytes);

void *__wrap_memset(void *to, int byte, size_t bytes)
{
	if (!byte && (char *)to >= fresh && bytes <= fresh_bytes &&
	    (char *)to - fresh <= (ptrdiff_t)(fresh_bytes - bytes))
		return to;
	return __real_memset(to, byte, bytes);
}

struct hec_config scene_config(uint32_t frames)
{
	struct hec_config config = {
		.max_chunks = frames >> CHUNK_SHIFT,
		.chunk_shift = CHUNK_SHIFT,
		.max_clients = 8,
		.max_pools = 64,
		.content = HEC_CONTENT_NONE,
		.seed = { 3, 1, 4, 1, 5, 9, 2, 6, [31] = 5 },
	};

	return config;
}

void scene_grow(struct scene *s, uint32_t n)
{
	uint64_t bytes = (uint64_t)HEC_PAGE_SIZE << s->config.chunk_shift;

	ck_assert_int_eq(hec_grow(s->cache, s->frames + n * bytes), 0);
}

/* The records of the largest caches are many, and all are written to. */
static void want_huge_pages(const struct hec_cache *cache)
{
	const uintptr_t mask = (2u << 20) - 1;
	uintptr_t first = ((uintptr_t)cache->records + mask) & ~mask;
	uintptr_t end = (uintptr_t)(cache->records + cache->nr_records) & ~mask;

	if (first < end)
		madvise((void *)first, end - first, MADV_HUGEPAGE);
}

void scene_start(struct scene *s, const struct hec_config *config,
		 uint32_t chunks)
{
	uint32_t i;

	s->config = *config;
	s->mem_bytes = hec_size(config);
	ck_assert_uint_gt(s->mem_bytes, 0);
	s->mem = reserve(s->mem_bytes);
	s->frames_bytes = (uint64_t)config->max_chunks * HEC_PAGE_SIZE
			  << config->chunk_shift;
	s->frames = reserve(s->frames_bytes);
	fresh = s->mem;
	fresh_bytes = s->mem_bytes;
	ck_assert_int_eq(hec_init(s->mem, s->mem_bytes, config, &s->cache), 0);
	fresh_bytes = 0;
	want_huge_pages(s->cache);
	for (i = 0; i < chunks; i++)
		scene_grow(s, i);
}

void scene_end(struct scene *s)
{
	work_against(NULL, NULL);
	ck_assert_uint_eq(work_locks_held(), 0);
	if (s->config.max_chunks << s->config.chunk_shift <= AUDITED_FRAMES)
		ck_assert_int_eq(hec_audit(s->cache), 0);
	munmap(s->mem, s->mem_bytes);
	munmap(s->frames, s->frames_bytes);
}

uint64_t vm_call(struct vm *vm, uint64_t command, uint64_t a1, uint64_t a2,
		 uint64_t a3)
{
	const uint64_t arg[4] = { command, a1, a2, a3 };

	return hec_guest_call(vm->s->cache, vm->client, vm->guest, arg);
}

uint64_t vm_count(struct vm *vm, struct work *work, uint64_t command,
		  uint64_t a1, uint64_t a2, uint64_t a3)
{
	uint64_t result;

	work_begin(work);
	result = vm_call(vm, command, a1, a2, a3);
	work_end(work);
	return result;
}

uint64_t vm_pool_new(struct vm *vm, enum hec_pool_kind kind)
{
	return vm_call(vm, HEC_CMD_POOL_NEW, 0, (uint64_t)kind, 0);
}

struct vm vm_start(struct scene *s, const struct hec_client_config *config,
		   enum hec_pool_kind kind)
{
	struct vm vm = { .s = s, .guest = test_memory(sizeof(struct guest)) };

	ck_assert_int_eq(hec_client_create(s->cache, config, &vm.client), 0);
	ck_assert_uint_eq(vm_call(&vm, HEC_CMD_HELLO, HEC_ABI_VERSION,
				  HEC_FEATURE_BATCH, 0),
			  HEC_FEATURE_BATCH);
	vm.handle = vm_pool_new(&vm, kind);
	ck_assert(!hec_abi_is_err(vm.handle));
	vm.pool = hec_cipher_decrypt(&s->cache->handles, vm.handle);
	page_fill(vm.guest->page[FRAME_OF_DATA], 1);
	page_fill(vm.guest->page[FRAME_OF_RIVAL], 2);
	return vm;
}

void vm_end(struct vm *vm)
{
	free(vm->guest);
}

void vm_put_many(struct vm *vm, uint64_t first, uint64_t nr, uint32_t frame)
{
	uint64_t i;

	for (i = first; i < first + nr; i++)
		hec_put(vm->s->cache, vm->client, vm->pool, 0, i,
			vm->guest->page[frame]);
}

void vm_get_many(struct vm *vm, uint64_t first, uint64_t nr)
{
	uint64_t i;

	for (i = first; i < first + nr; i++)
		hec_get(vm->s->cache, vm->client, vm->pool, 0, i,
			vm->guest->page[0]);
}

void vm_hand_up(struct vm *vm, uint64_t first, uint64_t nr)
{
	uint64_t i;

	for (i = first; i < first + nr; i++) {
		vm_put_many(vm, i, 1, FRAME_OF_DATA);
		vm_get_many(vm, i, 1);
	}
}

void vm_describe(struct vm *vm, uint64_t first, uint64_t gfn)
{
	struct hec_abi_desc *desc =
		(void *)vm->guest->page[FRAME_OF_DESCRIPTORS];
	uint32_t i;

	for (i = 0; i < HEC_ABI_BATCH_MAX; i++)
		desc[i] = (struct hec_abi_desc){ .object = first + i,
						 .index = first + i,
						 .gfn = gfn };
}

void crowd(struct scene *s, uint32_t nr, const struct hec_client_config *terms,
	   uint32_t pages)
{
	struct vm vm = { .s = s, .guest = test_memory(sizeof(struct guest)) };

	page_fill(vm.guest->page[FRAME_OF_DATA], 3);
	while (nr--) {
		ck_assert_int_eq(hec_client_create(s->cache, terms, &vm.client),
				 0);
		ck_assert_int_eq(hec_pool_create(s->cache, vm.client,
						 HEC_POOL_EPHEMERAL, &vm.pool),
				 0);
		vm_put_many(&vm, 0, pages, FRAME_OF_DATA);
	}
	vm_end(&vm);
}

struct hec_stats vm_stats(struct vm *vm)
{
	struct hec_stats stats;

	hec_client_stats(vm->s->cache, vm->client, &stats);
	return stats;
}

/* What a lock protects, by where it is. */
static const char *name_of(const struct hec_cache *cache, const void *lock)
{
	const char *at = lock;

	if (lock == &cache->admin)
		return "admin";
	if (lock == &cache->frames.lock)
		return "frames";
	if (at >= (const char *)cache->clients &&
	    at < (const char *)(cache->clients + cache->config.max_clients))
		return "client";
	if (at >= (const char *)cache->index.shards &&
	    at < (const char *)(cache->index.shards + cache->index.nr_shards))
		return "shard";
	return lock ? "other" : "no";
}

void verdict(const struct scene *s, const char *what, const struct work *work,
	     enum bounded call)
{
	const struct limit *limit = &limits[call];
	uint64_t most = limit->call;

	if (call != BOUND_BULK)
		most += limit->each_client * s->config.max_clients;
	printf("%s: %s: %llu blocks, %llu of them under a lock (%s)\n", what,
	       limit->name, (unsigned long long)work->call,
	       (unsigned long long)work->held, name_of(s->cache, work->lock));
	fflush(stdout);
	ck_assert_msg(work->call <= most, "%s: %s: %llu blocks, more than %llu",
		      what, limit->name, (unsigned long long)work->call,
		      (unsigned long long)most);
	ck_assert_msg(work->held <= limit->held,
		      "%s: %s: %llu blocks under the %s lock, more than %llu",
		      what, limit->name, (unsigned long long)work->held,
		      name_of(s->cache, work->lock),
		      (unsigned long long)limit->held);
}
