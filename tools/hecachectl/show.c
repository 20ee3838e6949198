// SPDX-License-Identifier: GPL-2.0-only
/* Tables and JSON, see show.h. */
#include "show.h"

#include <inttypes.h>
#include <stdio.h>

#define WORD_SIZE 1024 /* of a subject's name */

/* Rounded up: a little is not nothing. */
static uint64_t mib_of(uint64_t pages)
{
	return pages / PAGES_OF_MIB + !!(pages % PAGES_OF_MIB);
}

/* Hits among so many misses, in percent. */
static double hit_percent(const uint64_t count[NR_COUNTS], uint64_t misses)
{
	double hits = (double)count[COUNT_HITS];
	double gets = hits + (double)misses;

	return gets > 0 ? 100 * hits / gets : 0;
}

/* As the VM feels it: with what it knew to miss. */
static double felt_percent(const uint64_t count[NR_COUNTS])
{
	return hit_percent(count, count[COUNT_MISSES] + count[COUNT_UNASKED]);
}

static void cache_lines(const struct view *view)
{
	const struct cache *cache = &view->cache;
	const uint64_t *count = cache->count;

	printf("memory  %" PRIu64 " MiB, %" PRIu64 " free, %" PRIu64
	       " at the most; tables %.1f MiB; idle tax %" PRIu32 " %%\n",
	       mib_of(cache->frames), mib_of(cache->frames_free),
	       mib_of(cache->frames_max),
	       (double)cache->metadata_bytes / (1 << 20), cache->idle_tax);
	printf("pages   %" PRIu64 ", %" PRIu64 " of zeroes, %" PRIu64
	       " persistent; clients: %zu, pools: %" PRIu64 "\n",
	       count[COUNT_PAGES], count[COUNT_ZERO_PAGES],
	       count[COUNT_PERSISTENT_PAGES], view->nr_clients,
	       count[COUNT_POOLS]);
	printf("gets    %" PRIu64 " hits, %" PRIu64 " misses: %.1f %% hits; "
	       "%" PRIu64 " more misses that VMs knew of: %.1f %%\n",
	       count[COUNT_HITS], count[COUNT_MISSES],
	       hit_percent(count, count[COUNT_MISSES]), count[COUNT_UNASKED],
	       felt_percent(count));
	printf("puts    %" PRIu64 ", %" PRIu64 " refused; evictions %" PRIu64
	       ", flushes %" PRIu64 ", corrupt %" PRIu64 ", rollbacks %" PRIu64
	       "\n",
	       count[COUNT_PUTS], count[COUNT_PUTS_REFUSED],
	       count[COUNT_EVICTIONS], count[COUNT_FLUSHES],
	       count[COUNT_CORRUPT], count[COUNT_ROLLBACKS]);
	printf("who     %s\n",
	       cache->by_name ? "only VMs that are admitted" : "all VMs");
	if (cache->is_kept)
		puts("module  stays for its persistent pages, until "
		     "`hecachectl abandon yes'");
}

static void client_terms(const struct client *client)
{
	const struct terms *terms = &client->terms;

	printf("%8" PRIu32 " %6" PRIu64 " %6" PRIu64, client->id,
	       mib_of(client->frames), mib_of(terms->guaranteed_pages));
	if (terms->max_pages)
		printf(" %6" PRIu64, mib_of(terms->max_pages));
	else
		printf(" %6s", "-");
	printf(" %6" PRIu32 " %-6s %-6s", terms->weight,
	       hec_policy_name(terms->policy), terms->frozen ? "yes" : "-");
}

static void client_row(const struct client *client)
{
	const uint64_t *count = client->count;

	client_terms(client);
	printf(" %5" PRIu64 " %9" PRIu64 " %7" PRIu64 " %9" PRIu64 " %9" PRIu64
	       " %9" PRIu64 " %5.1f %8" PRIu64 " %9" PRIu64 " %7" PRIu64
	       " %9" PRIu64 "\n",
	       count[COUNT_POOLS], count[COUNT_PUTS], count[COUNT_PUTS_REFUSED],
	       count[COUNT_HITS], count[COUNT_MISSES], count[COUNT_UNASKED],
	       felt_percent(count), count[COUNT_FLUSHES],
	       count[COUNT_EVICTIONS], count[COUNT_CORRUPT],
	       count[COUNT_ROLLBACKS]);
}

static void client_rows(const struct view *view)
{
	size_t i;

	printf("\n%8s %6s %6s %6s %6s %-6s %-6s %5s %9s %7s %9s %9s %9s %5s %8s %9s "
	       "%7s %9s\n",
	       view->host->client, "MiB", "guar.", "max", "weight", "policy",
	       "frozen", "pools", "puts", "refused", "hits", "misses",
	       "unasked", "%", "flushes", "evictions", "corrupt", "rollbacks");
	for (i = 0; i < view->nr_clients; i++)
		client_row(&view->clients[i]);
}

/* A client's next pool after *@i, which is then behind it; or NULL. */
static const struct pool *next_pool(const struct view *view,
				    const struct client *client, size_t *i)
{
	while (*i < view->nr_pools) {
		const struct pool *pool = &view->pools[(*i)++];

		if (pool->client == client->id)
			return pool;
	}
	return NULL;
}

static void pool_rows(const struct view *view)
{
	const struct pool *pool;
	size_t i, j;

	printf("\n%8s %12s %-10s %10s\n", view->host->client, "pool", "kind",
	       "pages");
	for (i = 0; i < view->nr_clients; i++)
		for (j = 0; (pool = next_pool(view, &view->clients[i], &j));)
			printf("%8" PRIu32 " %12" PRIu64 " %-10s %10" PRIu64
			       "\n",
			       pool->client, pool->id,
			       pool_kind_name[pool->kind], pool->pages);
}

static void name_cgroup(const struct view *view, uint64_t id, char *word)
{
	const struct subject subject = { SUBJECT_CGROUP, id };

	view->host->name_subject(&subject, word, WORD_SIZE);
}

/* What all clients of the control group of client @first have together. */
static void cgroup_row(const struct view *view, size_t first)
{
	uint64_t id = view->clients[first].cgroup, frames = 0;
	char word[WORD_SIZE];
	size_t i, nr = 0;

	for (i = first; i < view->nr_clients; i++)
		if (view->clients[i].cgroup == id) {
			frames += view->clients[i].frames;
			nr++;
		}
	name_cgroup(view, id, word);
	printf("%8zu %6" PRIu64 " %s\n", nr, mib_of(frames), word);
}

static bool is_first_of_cgroup(const struct view *view, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (view->clients[i].cgroup == view->clients[n].cgroup)
			return false;
	return view->clients[n].cgroup;
}

static void cgroup_rows(const struct view *view)
{
	bool titled = false;
	size_t i;

	for (i = 0; i < view->nr_clients; i++) {
		if (!is_first_of_cgroup(view, i))
			continue;
		if (!titled)
			printf("\n%8s %6s control group\n", "VMs", "MiB");
		titled = true;
		cgroup_row(view, i);
	}
}

/* A rule's terms, as they are said to `admit'. */
static void rule_terms(const struct rule *rule)
{
	const struct terms *terms = &rule->terms;

	if (rule->which & TERM_GUARANTEED)
		printf(" guaranteed=%" PRIu64, mib_of(terms->guaranteed_pages));
	if (rule->which & TERM_MAX && terms->max_pages)
		printf(" max=%" PRIu64, mib_of(terms->max_pages));
	else if (rule->which & TERM_MAX)
		printf(" max=none");
	if (rule->which & TERM_WEIGHT)
		printf(" weight=%" PRIu32, terms->weight);
	if (rule->which & TERM_POLICY)
		printf(" policy=%s", hec_policy_name(terms->policy));
	if (rule->which & TERM_POOLS)
		printf(" pools=%" PRIu32, terms->max_pools);
}

static void rule_rows(const struct view *view)
{
	char word[WORD_SIZE];
	size_t i;

	puts("\nadmitted");
	for (i = 0; i < view->nr_rules; i++) {
		view->host->name_subject(&view->rules[i].subject, word,
					 sizeof(word));
		printf("%8s", word);
		rule_terms(&view->rules[i]);
		putchar('\n');
	}
}

void show_table(const struct view *view)
{
	cache_lines(view);
	if (view->nr_clients)
		client_rows(view);
	if (view->nr_pools)
		pool_rows(view);
	cgroup_rows(view);
	if (view->nr_rules)
		rule_rows(view);
}

static void json_counts(const uint64_t count[NR_COUNTS])
{
	unsigned int i;

	for (i = 0; i < NR_COUNTS; i++)
		printf(",\"%s\":%" PRIu64, count_name[i], count[i]);
}

static void json_pools(const struct view *view, const struct client *client)
{
	const struct pool *pool;
	const char *comma = "";
	size_t i = 0;

	printf(",\"pool_list\":[");
	while ((pool = next_pool(view, client, &i))) {
		printf("%s{\"pool\":%" PRIu64
		       ",\"kind\":\"%s\",\"pages\":%" PRIu64 "}",
		       comma, pool->id, pool_kind_name[pool->kind],
		       pool->pages);
		comma = ",";
	}
	printf("]");
}

/* As a JSON string: a path may have any byte but NUL in it. */
static void json_string(const char *text)
{
	putchar('"');
	for (; *text; text++)
		if (*text == '"' || *text == '\\' || *text < ' ' || *text > '~')
			printf("\\u%04x", (unsigned int)(unsigned char)*text);
		else
			putchar(*text);
	putchar('"');
}

/* The name of a client's control group, where it has one. */
static void json_cgroup(const struct view *view, const struct client *client)
{
	char word[WORD_SIZE];

	if (!client->cgroup)
		return;
	name_cgroup(view, client->cgroup, word);
	printf(",\"cgroup\":");
	json_string(word);
}

static void json_client(const struct view *view, const struct client *client)
{
	const struct terms *terms = &client->terms;

	printf("{\"id\":%" PRIu32 ",\"frames\":%" PRIu64, client->id,
	       client->frames);
	json_cgroup(view, client);
	printf(",\"guaranteed_pages\":%" PRIu32 ",\"max_pages\":%" PRIu32
	       ",\"weight\":%" PRIu32
	       ",\"policy\":\"%s\",\"max_pools\":%" PRIu32 ",\"frozen\":%s",
	       terms->guaranteed_pages, terms->max_pages, terms->weight,
	       hec_policy_name(terms->policy), terms->max_pools,
	       terms->frozen ? "true" : "false");
	json_counts(client->count);
	json_pools(view, client);
	printf("}");
}

static void json_rule(const struct view *view, const struct rule *rule)
{
	const struct terms *terms = &rule->terms;
	char word[WORD_SIZE];

	view->host->name_subject(&rule->subject, word, sizeof(word));
	printf("{\"whom\":");
	json_string(word);
	if (rule->which & TERM_GUARANTEED)
		printf(",\"guaranteed_pages\":%" PRIu32,
		       terms->guaranteed_pages);
	if (rule->which & TERM_MAX)
		printf(",\"max_pages\":%" PRIu32, terms->max_pages);
	if (rule->which & TERM_WEIGHT)
		printf(",\"weight\":%" PRIu32, terms->weight);
	if (rule->which & TERM_POLICY)
		printf(",\"policy\":\"%s\"", hec_policy_name(terms->policy));
	if (rule->which & TERM_POOLS)
		printf(",\"max_pools\":%" PRIu32, terms->max_pools);
	printf("}");
}

static void json_rules(const struct view *view)
{
	size_t i;

	printf(",\"admission\":\"%s\",\"rules\":[",
	       view->cache.by_name ? "named" : "open");
	for (i = 0; i < view->nr_rules; i++) {
		printf(i ? "," : "");
		json_rule(view, &view->rules[i]);
	}
	printf("]");
}

void show_json(const struct view *view)
{
	const struct cache *cache = &view->cache;
	size_t i;

	printf("{\"host\":\"%s\",\"frames\":%" PRIu64
	       ",\"frames_free\":%" PRIu64 ",\"frames_max\":%" PRIu64
	       ",\"metadata_bytes\":%" PRIu64 ",\"idle_tax\":%" PRIu32,
	       view->host->name, cache->frames, cache->frames_free,
	       cache->frames_max, cache->metadata_bytes, cache->idle_tax);
	json_counts(cache->count);
	json_rules(view);
	printf(",\"clients\":[");
	for (i = 0; i < view->nr_clients; i++) {
		printf(i ? "," : "");
		json_client(view, &view->clients[i]);
	}
	printf("]}\n");
}
