/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cache under test, and what is done to it.
 *
 * Key k of the pool is page k of a guest's memory ("source").  Keys are put in
 * one random order and got in another, so that neither the guest's page nor the
 * frame nor the metadata is where the last operation was.  Thread t of n has the
 * keys t, t + n, t + 2n, ..., in both orders: what it puts it also gets.  Each is
 * a VM of its own; or all are one VM's, and share the client and the pool.
 *
 * Memory that memcpy copies to when it is compared with a put is apart from the
 * frames.  Where the cache is larger than COLD_PAGES, source and target are
 * not: that is far beyond any processor's cache.
 */
#include "bed.h"

#define COLD_PAGES (1u << 18)
#define INDEX_COLD_PAGES (1u << 15) /* with no content: only for memcpy */
#define HOT_PAGES BENCH_BATCH
#define HOT_BYTES (BENCH_MAX_THREADS * HOT_PAGES * HEC_PAGE_SIZE)
#define OBJECT 0

/* The benchmark makes no guest's calls. */
int hec_env_guest_admit(void *vcpu, struct hec_client **client)
{
	(void)vcpu;
	(void)client;
	return HEC_EPERM;
}

static uint32_t chunks_of(const struct bench_setup *setup)
{
	return setup->pages >> BENCH_CHUNK_SHIFT;
}

static struct hec_config config_of(const struct bench_setup *setup)
{
	struct hec_config config = {
		.max_chunks = chunks_of(setup),
		.chunk_shift = BENCH_CHUNK_SHIFT,
		.max_clients = 16,
		.max_pools = 64,
		.content = setup->content,
		.seed = { 3, 1, 4, 1, 5, 9, 2, 6 },
	};

	return config;
}

static uint32_t cold_pages_of(const struct bench_setup *setup)
{
	uint32_t most = setup->content == HEC_CONTENT_NONE ? INDEX_COLD_PAGES
							   : COLD_PAGES;

	return setup->pages < most ? setup->pages : most;
}

static uint64_t frames_bytes(const struct bench_setup *setup)
{
	if (setup->content == HEC_CONTENT_NONE)
		return 0;
	return (uint64_t)chunks_of(setup) * HEC_PAGE_SIZE << BENCH_CHUNK_SHIFT;
}

uint64_t bench_metadata_bytes(const struct bench_setup *setup)
{
	struct hec_config config = config_of(setup);

	return hec_size(&config);
}

uint64_t bench_bed_bytes(const struct bench_setup *setup)
{
	return bench_metadata_bytes(setup) + frames_bytes(setup) + HOT_BYTES +
	       2ull * cold_pages_of(setup) * HEC_PAGE_SIZE +
	       2ull * setup->pages * sizeof(uint32_t) +
	       BENCH_TAKES * BENCH_TAKE_SLACK;
}

static void must(int err, const char *what)
{
	if (err) {
		fprintf(stderr, "hec-bench: %s: error %d\n", what, err);
		exit(1);
	}
}

static void make_cache(struct bench_bed *bed)
{
	uint64_t size = hec_size(&bed->config);
	uint32_t i;

	bed->metadata = bench_take(bed->memory, size);
	must(hec_init(bed->metadata, size, &bed->config, &bed->cache),
	     "hec_init");
	if (frames_bytes(&bed->setup))
		bed->frames =
			bench_take(bed->memory, frames_bytes(&bed->setup));
	for (i = 0; i < bed->config.max_chunks; i++) {
		/* Without content a chunk is a name, never looked into. */
		char *chunk = bed->frames ? bed->frames : (char *)bed->metadata;

		chunk += (size_t)i * HEC_PAGE_SIZE << BENCH_CHUNK_SHIFT;
		must(hec_grow(bed->cache, chunk), "hec_grow");
	}
}

/* The VM that a worker runs in: its own, or the first worker's. */
static void make_client(struct bench_bed *bed, struct bench_worker *worker)
{
	struct hec_client_config config = { .policy = bed->setup.policy };

	if (bed->setup.one_vm && worker->number) {
		worker->client = bed->workers[0].client;
		worker->pool = bed->workers[0].pool;
		return;
	}
	must(hec_client_create(bed->cache, &config, &worker->client),
	     "hec_client_create");
	must(hec_pool_create(bed->cache, worker->client, HEC_POOL_EPHEMERAL,
			     &worker->pool),
	     "hec_pool_create");
	bed->nr_clients++;
}

void bench_bed_init(struct bench_bed *bed, struct bench_memory *memory,
		    const struct bench_setup *setup)
{
	uint64_t cold = (uint64_t)cold_pages_of(setup) * HEC_PAGE_SIZE;
	uint32_t keys, i;

	memset(bed, 0, sizeof(*bed));
	bed->memory = memory;
	bed->setup = *setup;
	bed->config = config_of(setup);
	bed->cold_pages = cold_pages_of(setup);
	bed->source = bench_take(memory, cold);
	memset(bed->source, 1, cold); /* not zero: that takes no frame */
	bed->target = bench_take(memory, cold);
	bed->hot = bench_take(memory, HOT_BYTES);
	keys = setup->pages / setup->threads;
	bed->puts = bench_random_order(memory, keys, 0x243f6a8885a308d3ull);
	bed->gets = bench_random_order(memory, keys, 0x13198a2e03707344ull);
	make_cache(bed);
	for (i = 0; i < setup->threads; i++) {
		bed->workers[i] =
			(struct bench_worker){ .bed = bed, .number = i };
		make_client(bed, &bed->workers[i]);
	}
}

void bench_bed_fini(struct bench_bed *bed)
{
	void *chunk;
	uint32_t i;

	for (i = 0; i < bed->nr_clients; i++)
		must(hec_client_destroy(bed->cache, bed->workers[i].client, 0),
		     "hec_client_destroy");
	while (!hec_shrink(bed->cache, &chunk))
		;
	hec_fini(bed->cache);
	bench_release_all(bed->memory);
}

uint64_t bench_bed_failed(const struct bench_bed *bed)
{
	uint64_t failed = 0;
	uint32_t i;

	for (i = 0; i < bed->setup.threads; i++)
		failed += bed->workers[i].failed;
	return failed;
}

/*
 * The worker's key number @at in @order.  Threads are apart in the order, so
 * that they do not use neighbouring pages at the same time.
 */
static uint32_t key_at(const struct bench_worker *worker, const uint32_t *order,
		       uint32_t at)
{
	const struct bench_setup *setup = &worker->bed->setup;
	uint32_t keys = setup->pages / setup->threads;

	at += keys / setup->threads * worker->number;
	return order[at % keys] * setup->threads + worker->number;
}

static uint32_t next_key(struct bench_worker *worker, const uint32_t *order)
{
	return key_at(worker, order, worker->next++);
}

static void *hot_page(struct bench_worker *worker)
{
	uint32_t page = worker->number * HOT_PAGES + worker->hot;

	worker->hot = (worker->hot + 1) % HOT_PAGES;
	return worker->bed->hot + (size_t)page * HEC_PAGE_SIZE;
}

static void *source_page(const struct bench_bed *bed, uint32_t key)
{
	return bed->source + (size_t)(key % bed->cold_pages) * HEC_PAGE_SIZE;
}

/* The next page of source or target, in the order of @order. */
static void *cold_page(struct bench_worker *worker, char *base,
		       const uint32_t *order)
{
	uint32_t page =
		key_at(worker, order, worker->cold) % worker->bed->cold_pages;

	return base + (size_t)page * HEC_PAGE_SIZE;
}

void bench_copy_cold_cold(struct bench_worker *worker, uint32_t nr)
{
	struct bench_bed *bed = worker->bed;

	for (; nr; nr--, worker->cold++)
		memcpy(cold_page(worker, bed->target, bed->gets),
		       cold_page(worker, bed->source, bed->puts),
		       HEC_PAGE_SIZE);
}

void bench_copy_cold_hot(struct bench_worker *worker, uint32_t nr)
{
	struct bench_bed *bed = worker->bed;

	for (; nr; nr--, worker->cold++)
		memcpy(hot_page(worker),
		       cold_page(worker, bed->target, bed->gets),
		       HEC_PAGE_SIZE);
}

void bench_copy_hot_hot(struct bench_worker *worker, uint32_t nr)
{
	char *hot = hot_page(worker);

	for (; nr; nr--) {
		memcpy(hot, hot_page(worker), HEC_PAGE_SIZE);
		__asm__ volatile("" : : "r"(hot) : "memory");
	}
}

/*
 * Loads from all over the metadata, each of which must wait for the one before:
 * what a get has to do at least twice before it can copy.
 */
void bench_load(struct bench_worker *worker, uint32_t nr)
{
	static const volatile uint64_t nothing;
	const struct bench_bed *bed = worker->bed;
	const uint64_t mask = nothing;

	for (; nr; nr--) {
		size_t key = next_key(worker, bed->gets);
		const volatile uint64_t *line =
			(const volatile uint64_t *)bed->metadata +
			(key - key / 64) * (64 / sizeof(*line));

		worker->next += (uint32_t)(*line & mask);
	}
}

void bench_put(struct bench_worker *worker, uint32_t nr)
{
	struct bench_bed *bed = worker->bed;

	for (; nr; nr--) {
		uint32_t key = next_key(worker, bed->puts);

		worker->failed +=
			!!hec_put(bed->cache, worker->client, worker->pool,
				  OBJECT, bed->first + key,
				  source_page(bed, key));
	}
}

void bench_get(struct bench_worker *worker, uint32_t nr)
{
	struct bench_bed *bed = worker->bed;

	for (; nr; nr--)
		worker->failed +=
			!!hec_get(bed->cache, worker->client, worker->pool,
				  OBJECT,
				  bed->first + next_key(worker, bed->gets),
				  hot_page(worker));
}

/* Keys of another object are never there. */
void bench_get_miss(struct bench_worker *worker, uint32_t nr)
{
	struct bench_bed *bed = worker->bed;

	for (; nr; nr--)
		worker->failed +=
			hec_get(bed->cache, worker->client, worker->pool,
				OBJECT + 1, next_key(worker, bed->gets),
				bed->hot) != HEC_ENOENT;
}

void bench_flush(struct bench_worker *worker, uint32_t nr)
{
	struct bench_bed *bed = worker->bed;

	for (; nr; nr--)
		hec_flush(bed->cache, worker->client, worker->pool, OBJECT,
			  bed->first + next_key(worker, bed->gets));
}

static void count_failures(struct bench_worker *worker, uint32_t nr, int err)
{
	uint32_t i;

	if (err)
		worker->failed += nr;
	for (i = 0; !err && i < nr; i++)
		worker->failed += !!worker->items[i].status;
}

static uint32_t batch_of(uint32_t nr)
{
	return nr < BENCH_BATCH ? nr : BENCH_BATCH;
}

void bench_put_batch(struct bench_worker *worker, uint32_t nr)
{
	struct bench_bed *bed = worker->bed;
	struct hec_batch_item *items = worker->items;
	uint32_t n, i;

	for (; nr; nr -= n) {
		n = batch_of(nr);
		for (i = 0; i < n; i++) {
			uint32_t key = next_key(worker, bed->puts);

			items[i].object = OBJECT;
			items[i].index = bed->first + key;
			items[i].page = source_page(bed, key);
		}
		count_failures(worker, n,
			       hec_put_batch(bed->cache, worker->client,
					     worker->pool, items, n));
	}
}

void bench_get_batch(struct bench_worker *worker, uint32_t nr)
{
	struct bench_bed *bed = worker->bed;
	struct hec_batch_item *items = worker->items;
	uint32_t n, i;

	for (; nr; nr -= n) {
		n = batch_of(nr);
		for (i = 0; i < n; i++) {
			items[i].object = OBJECT;
			items[i].index =
				bed->first + next_key(worker, bed->gets);
			items[i].page = hot_page(worker);
		}
		count_failures(worker, n,
			       hec_get_batch(bed->cache, worker->client,
					     worker->pool, items, n));
	}
}
