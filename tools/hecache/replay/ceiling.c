/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The offline ceiling: Belady's MIN and its exclusive form, E-MIN.
 *
 * What the VMs get and put does not depend on what the cache answers, so their
 * gets are recorded first, and numbered; the time of a get is its number.  A
 * page in the cache is an interval that ends with its next get: one hit, if a
 * slot holds it until then.  Of all intervals that are open, the one that ends
 * last is dropped when there are more than slots: nothing else would free a slot
 * earlier, so no choice yields more hits.  A page with no next get never counts.
 *
 *   exclusive   E-MIN: an interval begins when its VM evicts the page; it may be
 *               dropped then and there
 *   inclusive   Belady's MIN: it begins with any get of the page, which comes in
 *               even if it will be useless: it takes its slot before others
 *
 * Every end is the time of one get, so the open intervals are a set of times,
 * kept as a tree of bit words: the page is cached exactly if the time of its
 * get is in the set, and the last to end is the largest member.
 */
#include "ceiling.h"

#include <stdlib.h>

#define LEVELS 6 /* 64^6 times: more than 32 bits */
#define NEVER UINT32_MAX

struct ends {
	uint64_t *level[LEVELS]; /* a bit for each word of the level below */
	uint32_t nr;
};

struct recorder {
	uint32_t *next; /* by get: first its page, then the page's next get */
	uint32_t *first_page; /* by VM: where its pages' numbers begin */
	uint32_t *next_get; /* by page: when it is got next */
	uint32_t now; /* gets so far */
	uint32_t slots;
	struct ends ends;
	enum replay_mode mode;
};

/* The set of ends. */

static bool ends_init(struct ends *ends, uint64_t times)
{
	int i;

	for (i = 0; i < LEVELS; i++) {
		times = times / 64 + 1;
		ends->level[i] = calloc(times, sizeof(uint64_t));
		if (!ends->level[i])
			return false;
	}
	return true;
}

static void ends_fini(struct ends *ends)
{
	int i;

	for (i = 0; i < LEVELS; i++)
		free(ends->level[i]);
}

static bool ends_has(const struct ends *ends, uint32_t end)
{
	return ends->level[0][end / 64] >> end % 64 & 1;
}

static void ends_add(struct ends *ends, uint32_t end)
{
	int i;

	for (i = 0; i < LEVELS; i++, end /= 64)
		ends->level[i][end / 64] |= 1ull << end % 64;
	ends->nr++;
}

static void ends_del(struct ends *ends, uint32_t end)
{
	int i;

	for (i = 0; i < LEVELS; i++, end /= 64) {
		ends->level[i][end / 64] &= ~(1ull << end % 64);
		if (ends->level[i][end / 64])
			break;
	}
	ends->nr--;
}

/* The largest of a set that is not empty. */
static uint32_t ends_last(const struct ends *ends)
{
	uint32_t n = 0;
	int i;

	for (i = LEVELS - 1; i >= 0; i--)
		n = n * 64 + 63 - (uint32_t)__builtin_clzll(ends->level[i][n]);
	return n;
}

/* Recording the gets. */

static bool record_get(void *context, uint32_t vm, uint32_t page)
{
	struct recorder *recorder = context;

	recorder->next[recorder->now++] = recorder->first_page[vm] + page;
	return false;
}

static void record_put(void *context, uint32_t vm, uint32_t page)
{
	(void)context;
	(void)vm;
	(void)page;
}

/* Turns the page of each get into the time of that page's next get. */
static void look_ahead(struct recorder *recorder, uint32_t nr_pages)
{
	uint32_t i, page;

	for (i = 0; i < nr_pages; i++)
		recorder->next_get[i] = NEVER;
	for (i = recorder->now; i > 0; i--) {
		page = recorder->next[i - 1];
		recorder->next[i - 1] = recorder->next_get[page];
		recorder->next_get[page] = i - 1;
	}
}

/* The best cache. */

/* An interval to @end begins. */
static void open_interval(struct recorder *recorder, uint32_t end)
{
	if (end != NEVER)
		ends_add(&recorder->ends, end);
}

/* Drops intervals until there are @slots at the most. */
static void drop_to(struct recorder *recorder, uint32_t slots)
{
	while (recorder->ends.nr > slots)
		ends_del(&recorder->ends, ends_last(&recorder->ends));
}

static bool best_get(void *context, uint32_t vm, uint32_t page)
{
	struct recorder *recorder = context;
	uint32_t now = recorder->now++;
	bool hit = ends_has(&recorder->ends, now);

	if (hit)
		ends_del(&recorder->ends, now);
	recorder->next_get[recorder->first_page[vm] + page] =
		recorder->next[now];
	if (hit && recorder->mode == REPLAY_INCLUSIVE)
		open_interval(recorder, recorder->next[now]);
	return hit;
}

static void best_put(void *context, uint32_t vm, uint32_t page)
{
	struct recorder *recorder = context;

	if (!recorder->slots)
		return;
	if (recorder->mode == REPLAY_INCLUSIVE)
		drop_to(recorder, recorder->slots - 1);
	open_interval(recorder,
		      recorder->next_get[recorder->first_page[vm] + page]);
	drop_to(recorder, recorder->slots);
}

static bool recorder_init(struct recorder *recorder,
			  const struct replay *replay, uint32_t *nr_pages)
{
	uint64_t requests = replay_requests(replay), pages = 0;
	uint32_t i;

	if (requests >= NEVER)
		return false;
	recorder->mode = replay->mode;
	recorder->slots = replay->cache_pages;
	recorder->next = malloc((requests + 1) * sizeof(*recorder->next));
	recorder->first_page =
		malloc(replay->nr_vms * sizeof(*recorder->first_page));
	if (!recorder->next || !recorder->first_page)
		return false;
	for (i = 0; i < replay->nr_vms; i++) {
		recorder->first_page[i] = (uint32_t)pages;
		pages += replay_volume(replay, i)->nr_pages;
	}
	*nr_pages = (uint32_t)pages;
	recorder->next_get = malloc((pages + 1) * sizeof(*recorder->next_get));
	return recorder->next_get && ends_init(&recorder->ends, requests);
}

static void recorder_fini(struct recorder *recorder)
{
	free(recorder->next);
	free(recorder->first_page);
	free(recorder->next_get);
	ends_fini(&recorder->ends);
}

bool ceiling_run(const struct replay *replay, struct progress *progress,
		 struct replay_counts *counts)
{
	struct recorder recorder = { 0 };
	struct second record = { &recorder, record_get, record_put };
	struct second best = { &recorder, best_get, best_put };
	uint32_t nr_pages;
	bool ok;

	ok = recorder_init(&recorder, replay, &nr_pages) &&
	     replay_run(replay, &record, NULL, counts);
	if (ok) {
		look_ahead(&recorder, nr_pages);
		recorder.now = 0;
		ok = replay_run(replay, &best, progress, counts);
	}
	recorder_fini(&recorder);
	return ok;
}
