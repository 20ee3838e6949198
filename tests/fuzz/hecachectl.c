/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes the command line of hecachectl.
 *
 * Each line of the input is an argument.  The host is made up here, with two
 * clients.  What it is asked must be what a host can do and what an argument
 * says; it may be asked to change nothing when the arguments are wrong.
 */
#include <errno.h>

#include "arguments.h"
#include "argv.h"
#include "command_line.h"
#include "commands.h"

static const uint32_t ids[] = { 1234, 77 };

#define NR_CLIENTS (sizeof(ids) / sizeof(ids[0]))

static const struct command_line *line;
static unsigned int nr_changes; /* that the host was asked for */

/* Arguments that say a thing */

/* True if @word is @wanted, but for zeroes before it. */
static bool is_number(const char *word, const char *wanted)
{
	while (word[0] == '0' && word[1] >= '0' && word[1] <= '9')
		word++;
	return !strcmp(word, wanted);
}

/* True if an argument is @key with @number, which is in @unit, behind it. */
static bool is_said(const char *key, uint32_t number, const char *unit)
{
	size_t length = strlen(key);
	char wanted[16];
	int i;

	snprintf(wanted, sizeof(wanted), "%u%s", number, unit);
	for (i = 1; i < line->argc; i++)
		if (!strncmp(line->all[i], key, length) &&
		    is_number(line->all[i] + length, wanted))
			return true;
	return false;
}

static bool is_said_size(const char *key, uint32_t mib)
{
	return is_said(key, mib, "") || is_said(key, mib, "M") ||
	       (!(mib % 1024) && is_said(key, mib >> 10, "G")) ||
	       (!(mib % (1 << 20)) && is_said(key, mib >> 20, "T"));
}

/* The host */

static int get_cache(struct cache *cache)
{
	*cache = (struct cache){ .frames = 65536, .frames_max = 131072 };
	return 0;
}

static int get_clients(struct client **clients, size_t *nr)
{
	*clients = calloc(NR_CLIENTS, sizeof(**clients));
	REQUIRE(*clients);
	for (*nr = 0; *nr < NR_CLIENTS; ++*nr)
		(*clients)[*nr].id = ids[*nr];
	return 0;
}

static int get_pools(struct pool **pools, size_t *nr)
{
	*pools = calloc(1, sizeof(**pools));
	REQUIRE(*pools);
	(*pools)->client = ids[0];
	*nr = 1;
	return 0;
}

static int answer(uint32_t id)
{
	nr_changes++;
	REQUIRE(is_said("", id, "") || argv_find(line, "all"));
	return id == ids[0] || id == ids[1] ? 0 : -ESRCH;
}

static void check_size(const char *key, uint32_t pages)
{
	REQUIRE(!(pages % PAGES_OF_MIB));
	REQUIRE(pages / PAGES_OF_MIB <= MAX_MIB);
	REQUIRE(is_said_size(key, pages / PAGES_OF_MIB));
}

static void check_terms(const struct terms *terms, unsigned int which)
{
	char policy[32];

	if (which & TERM_GUARANTEED)
		check_size("guaranteed=", terms->guaranteed_pages);
	if (which & TERM_MAX && terms->max_pages)
		check_size("max=", terms->max_pages);
	else if (which & TERM_MAX)
		REQUIRE(argv_find(line, "max=none"));
	if (which & TERM_WEIGHT) {
		REQUIRE(terms->weight >= 1 && terms->weight <= MAX_WEIGHT);
		REQUIRE(is_said("weight=", terms->weight, ""));
	}
	if (which & TERM_POLICY) {
		REQUIRE(terms->policy < HEC_NR_POLICIES);
		snprintf(policy, sizeof(policy), "policy=%s",
			 hec_policy_name(terms->policy));
		REQUIRE(argv_find(line, policy));
	}
	if (which & TERM_POOLS) {
		REQUIRE(terms->max_pools >= 1 && terms->max_pools <= MAX_POOLS);
		REQUIRE(is_said("pools=", terms->max_pools, ""));
	}
	if (which & TERM_FROZEN)
		REQUIRE(argv_find(line, terms->frozen ? "freeze" : "thaw"));
}

static int set(uint32_t id, const struct terms *terms, unsigned int which)
{
	REQUIRE(which);
	check_terms(terms, which);
	return answer(id);
}

static int flush(uint32_t id)
{
	REQUIRE(argv_find(line, "flush"));
	return answer(id);
}

static int reset(uint32_t id)
{
	REQUIRE(argv_find(line, "reset"));
	return answer(id);
}

static int resize(uint32_t mib)
{
	nr_changes++;
	REQUIRE(mib <= MAX_MIB);
	REQUIRE(is_said_size("", mib));
	return 0;
}

static int tax(uint32_t percent)
{
	nr_changes++;
	REQUIRE(percent <= MAX_TAX);
	REQUIRE(is_said("", percent, ""));
	return 0;
}

/* Subjects: the clients, and everything else is a control group. */
static int find_subject(const char *word, struct subject *subject)
{
	uint32_t id;

	*subject = (struct subject){ .kind = SUBJECT_CGROUP, .id = 7 };
	if (argument_client(word, &id))
		*subject = (struct subject){ .id = id };
	return 0;
}

static void name_subject(const struct subject *subject, char *word, size_t size)
{
	snprintf(word, size, "%u\"\\\t", (unsigned int)subject->id);
}

static int get_rules(struct rule **rules, size_t *nr)
{
	*rules = calloc(1, sizeof(**rules));
	REQUIRE(*rules);
	(*rules)->which = ~0u;
	*nr = 1;
	return 0;
}

static int admit(const struct rule *rule)
{
	nr_changes++;
	REQUIRE(argv_find(line, "admit"));
	REQUIRE(!(rule->which & TERM_FROZEN));
	check_terms(&rule->terms, rule->which);
	return 0;
}

static int dismiss(const struct subject *subject)
{
	REQUIRE(argv_find(line, "dismiss"));
	return subject->kind == SUBJECT_CGROUP ? 0 : answer(subject->id);
}

static int admission(bool by_name)
{
	nr_changes++;
	REQUIRE(argv_find(line, by_name ? "named" : "open"));
	return 0;
}

static int abandon(bool yes)
{
	nr_changes++;
	REQUIRE(argv_find(line, yes ? "yes" : "no"));
	return 0;
}

static int monitor(bool (*tell)(const struct event *event, void *arg),
		   void *arg)
{
	struct event event = { .client = ids[0], .value = 3 };

	REQUIRE(argv_find(line, "monitor"));
	for (; event.kind < NR_EVENTS; event.kind++)
		tell(&event, arg);
	return 0;
}

static const struct host host = {
	.name = "made up",
	.client = "client",
	.get_cache = get_cache,
	.get_clients = get_clients,
	.get_pools = get_pools,
	.set = set,
	.flush = flush,
	.reset = reset,
	.resize = resize,
	.tax = tax,
	.find_subject = find_subject,
	.name_subject = name_subject,
	.get_rules = get_rules,
	.admit = admit,
	.dismiss = dismiss,
	.admission = admission,
	.abandon = abandon,
	.monitor = monitor,
};

static const struct host *find_host(const char *root)
{
	return *root ? NULL : &host;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct command_line words;
	int status;

	argv_init(&words, "hecachectl", (const char *)data, size);
	line = &words;
	nr_changes = 0;
	status = command_line_run(words.argc, words.argv, find_host);
	REQUIRE(status == EXIT_DONE || status == EXIT_USAGE ||
		status == EXIT_NO_CACHE || status == EXIT_NO_CLIENT);
	REQUIRE(!nr_changes || status == EXIT_DONE || status == EXIT_NO_CLIENT);
	argv_fini(&words);
	return 0;
}
