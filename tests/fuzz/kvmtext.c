/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes what hecachectl reads from the files of hecache-kvm.ko.
 *
 * The input is max_mb, stats, clients and pools, one after the other, with a line
 * "--" between them.  What is accepted must be within the library's limits, must
 * come out the same when it is written as the module writes it and read again,
 * and must be shown as JSON that is well formed, with all clients.
 */
#define _GNU_SOURCE /* memmem */
#include <inttypes.h>
#include <string.h>

#include "fuzz.h"
#include "json.h"
#include "kvm_text.h"
#include "show.h"

static const struct host host = { .name = "kvm", .client = "pid" };

/* The input up to a line "--", which is eaten, as a file. */
static FILE *next_file(struct bytes *bytes)
{
	const uint8_t *end =
		bytes->size ? memmem(bytes->data, bytes->size, "--\n", 3)
			    : NULL;
	size_t size = end ? (size_t)(end - bytes->data) : bytes->size;
	FILE *file = fmemopen((void *)(uintptr_t)bytes->data, size, "r");

	REQUIRE(file);
	size += end ? 3 : 0;
	bytes->data += size;
	bytes->size -= size;
	return file;
}

/* Reading, as kvm.c does it */

static int read_cache(struct bytes *bytes, struct cache *cache)
{
	FILE *max_mb = next_file(bytes), *stats = next_file(bytes);
	uint64_t max_mib;
	int err = kvm_text_number(max_mb, MAX_MIB, &max_mib);

	if (!err) {
		REQUIRE(max_mib <= MAX_MIB);
		cache->frames_max = max_mib * PAGES_OF_MIB;
		err = kvm_text_cache(stats, cache);
	}
	fclose(stats);
	fclose(max_mb);
	return err;
}

static int read_clients(struct bytes *bytes, struct view *view)
{
	FILE *file = next_file(bytes);
	int err = kvm_text_clients(file, &view->clients, &view->nr_clients);

	fclose(file);
	return err;
}

static int read_pools(struct bytes *bytes, struct view *view)
{
	FILE *file = next_file(bytes);
	int err = kvm_text_pools(file, &view->pools, &view->nr_pools);

	fclose(file);
	return err;
}

/* Writing, as the module does it */

static void write_client(FILE *file, const struct client *client)
{
	const struct terms *terms = &client->terms;
	unsigned int i;

	fprintf(file, "%" PRIu32 " %" PRIu64, client->id, client->frames);
	for (i = 0; i < NR_COUNTS; i++)
		fprintf(file, " %" PRIu64, client->count[i]);
	fprintf(file, " %u %u %u %s %d\n",
		terms->guaranteed_pages / PAGES_OF_MIB,
		terms->max_pages / PAGES_OF_MIB, terms->weight,
		policy_name[terms->policy], terms->frozen);
}

static void write_clients(FILE *file, const struct view *view)
{
	unsigned int i;

	fprintf(file, "pid frames");
	for (i = 0; i < NR_COUNTS; i++)
		fprintf(file, " %s", count_name[i]);
	fprintf(file, " guaranteed_mb max_mb weight policy frozen\n");
	for (i = 0; i < view->nr_clients; i++)
		write_client(file, &view->clients[i]);
}

static void write_pools(FILE *file, const struct view *view)
{
	size_t i;

	fprintf(file, "pid pool kind pages\n");
	for (i = 0; i < view->nr_pools; i++) {
		const struct pool *pool = &view->pools[i];

		fprintf(file, "%" PRIu32 " %" PRIu64 " %s %" PRIu64 "\n",
			pool->client, pool->id, pool_kind_name[pool->kind],
			pool->pages);
	}
}

static void write_cache(FILE *file, const struct cache *cache)
{
	unsigned int i;

	fprintf(file, "%" PRIu64 "\n--\n", cache->frames_max / PAGES_OF_MIB);
	for (i = 0; i < NR_COUNTS; i++)
		fprintf(file, "%s %" PRIu64 "\n", count_name[i],
			cache->count[i]);
	fprintf(file, "frames %" PRIu64 "\nframes_free %" PRIu64 "\n",
		cache->frames, cache->frames_free);
	fprintf(file, "metadata_bytes %" PRIu64 "\nidle_tax %" PRIu32 "\n",
		cache->metadata_bytes, cache->idle_tax);
}

static void write_view(FILE *file, const struct view *view)
{
	write_cache(file, &view->cache);
	fprintf(file, "--\n");
	write_clients(file, view);
	fprintf(file, "--\n");
	write_pools(file, view);
}

/* Checks */

static void check_limits(const struct view *view)
{
	size_t i;

	REQUIRE(view->cache.idle_tax <= MAX_TAX);
	for (i = 0; i < view->nr_clients; i++) {
		const struct client *client = &view->clients[i];
		const struct terms *terms = &client->terms;

		REQUIRE(client->id <= INT32_MAX);
		REQUIRE(terms->guaranteed_pages <= MAX_MIB * PAGES_OF_MIB);
		REQUIRE(terms->max_pages <= MAX_MIB * PAGES_OF_MIB);
		REQUIRE(terms->weight <= MAX_WEIGHT);
		REQUIRE(terms->policy < NR_POLICIES);
	}
	for (i = 0; i < view->nr_pools; i++) {
		REQUIRE(view->pools[i].client <= INT32_MAX);
		REQUIRE(view->pools[i].kind < NR_POOL_KINDS);
	}
}

static bool is_same(const void *a, const void *b, size_t bytes)
{
	return !bytes || !memcmp(a, b, bytes);
}

/* Written and read again it must be the same. */
static void check_again(const struct view *view)
{
	struct view again = { .host = &host };
	struct bytes bytes;
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	REQUIRE(file);
	write_view(file, view);
	fclose(file);
	bytes = (struct bytes){ (const uint8_t *)text, size };
	REQUIRE(!read_cache(&bytes, &again.cache));
	REQUIRE(!read_clients(&bytes, &again));
	REQUIRE(!read_pools(&bytes, &again));
	REQUIRE(is_same(&view->cache, &again.cache, sizeof(again.cache)));
	REQUIRE(view->nr_clients == again.nr_clients);
	REQUIRE(is_same(view->clients, again.clients,
			again.nr_clients * sizeof(*again.clients)));
	REQUIRE(view->nr_pools == again.nr_pools);
	REQUIRE(is_same(view->pools, again.pools,
			again.nr_pools * sizeof(*again.pools)));
	free(again.clients);
	free(again.pools);
	free(text);
}

/* What @show prints on standard output, to be freed. */
static char *shown(void (*show)(const struct view *view),
		   const struct view *view)
{
	FILE *before = stdout;
	char *text;
	size_t size;

	stdout = open_memstream(&text, &size);
	REQUIRE(stdout);
	show(view);
	fclose(stdout);
	stdout = before;
	return text;
}

static size_t count_of(const char *text, const char *what)
{
	size_t length = strlen(what), nr = 0;

	/* Not strstr(): the sanitizer has it look at the whole text each time. */
	for (; *text; text++)
		nr += !strncmp(text, what, length);
	return nr;
}

static void check_shown(const struct view *view)
{
	char *table = shown(show_table, view), *json = shown(show_json, view);

	REQUIRE(json_is_valid(json));
	REQUIRE(count_of(json, "\"id\":") == view->nr_clients);
	REQUIRE(count_of(table, "\n") >= view->nr_clients);
	free(table);
	free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	struct view view = { .host = &host };

	if (!read_cache(&bytes, &view.cache) && !read_clients(&bytes, &view) &&
	    !read_pools(&bytes, &view)) {
		check_limits(&view);
		check_again(&view);
		check_shown(&view);
	}
	free(view.clients);
	free(view.pools);
	return 0;
}
