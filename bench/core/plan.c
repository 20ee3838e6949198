/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is measured: the arguments, and the caches that they ask for.
 */
#include "plan.h"

#include <getopt.h>

#include "number.h"

const char bench_plan_help[] =
	"Usage: hec-bench [OPTION]...\n"
	"What operations of libhecache cost, beside memcpy in the same run.\n\n"
	"  -q, --quick         fewer sizes and samples\n"
	"  -f, --full          16 GiB, 10 and 100 million entries too\n"
	"  -s, --size=SIZE     only caches of SIZE (B, K, M, G, T; may be "
	"repeated)\n"
	"  -e, --entries=N     only an index of N entries, no content (may be "
	"repeated)\n"
	"  -t, --threads=N     on 1 to N threads, doubling (default 2); with no "
	"such size,\n                      several only at 1 GiB\n"
	"  -j, --json=FILE     write the results to FILE too\n"
	"  -h, --help          this text\n\n"
	"A figure is the median over slices of about 0.2 ms; slices in which the "
	"thread\nlost the processor are dropped.  A ratio is the median of the "
	"ratios of a slice\nto the slice of memcpy before it, so that it stands "
	"on a busy machine too.\n";

static const struct bench_list whole_sizes = {
	.nr = 4,
	.pages = { 4 * BENCH_MIB_PAGES, 64 * BENCH_MIB_PAGES, BENCH_GIB_PAGES,
		   4 * BENCH_GIB_PAGES },
};
static const struct bench_list whole_entries = {
	.nr = 2,
	.pages = { 1000000, 4000000 },
};
static const struct bench_list quick_sizes = {
	.nr = 2,
	.pages = { 4 * BENCH_MIB_PAGES, BENCH_GIB_PAGES },
};
static const struct bench_list quick_entries = {
	.nr = 1,
	.pages = { 1000000 },
};
static const struct bench_list full_sizes = {
	.nr = 1,
	.pages = { 16 * BENCH_GIB_PAGES },
};
static const struct bench_list full_entries = {
	.nr = 2,
	.pages = { 10000000, 100000000 },
};

static bool wrong(const char *what, const char *word)
{
	fprintf(stderr, "hec-bench: %s: %s (--help)\n", word, what);
	return false;
}

/* In whole chunks, or 0: less than one. */
static uint32_t whole_chunks(uint64_t pages)
{
	return (uint32_t)pages >> BENCH_CHUNK_SHIFT << BENCH_CHUNK_SHIFT;
}

/* Only what is asked for, from the first such option on. */
static bool add(struct bench_plan *plan, struct bench_list *list,
		uint32_t pages, const char *word)
{
	if (list->nr == BENCH_MAX_ASKED)
		return wrong("one too many", word);
	plan->is_asked = true;
	list->pages[list->nr++] = pages;
	return true;
}

static bool add_size(struct bench_plan *plan, const char *word)
{
	uint64_t most = (uint64_t)HEC_MAX_FRAMES * HEC_PAGE_SIZE, bytes;
	uint32_t pages = 0;

	if (number_parse_size(word, "BKMGT", most, &bytes))
		pages = whole_chunks(bytes / HEC_PAGE_SIZE);
	if (!pages)
		return wrong("not a size of 2M to 4T", word);
	return add(plan, &plan->sizes, pages, word);
}

static bool add_entries(struct bench_plan *plan, const char *word)
{
	uint32_t entries = 0;

	if (!number_parse32(word, HEC_MAX_FRAMES, &entries) ||
	    !whole_chunks(entries))
		return wrong("not a number of entries, 512 or more", word);
	return add(plan, &plan->entries, entries, word);
}

static bool set_threads(struct bench_plan *plan, const char *word)
{
	if (!number_parse32(word, BENCH_MAX_THREADS, &plan->threads) ||
	    !plan->threads)
		return wrong("not a number of threads, 1 to 16", word);
	return true;
}

static bool parse_option(struct bench_plan *plan, int option)
{
	switch (option) {
	case 'q':
		plan->quick = true;
		return true;
	case 'f':
		plan->full = true;
		return true;
	case 's':
		return add_size(plan, optarg);
	case 'e':
		return add_entries(plan, optarg);
	case 't':
		return set_threads(plan, optarg);
	case 'j':
		plan->json = optarg;
		return true;
	case 'h':
		plan->help = true;
		return true;
	default:
		return false;
	}
}

static void append(struct bench_list *list, const struct bench_list *more)
{
	memcpy(list->pages + list->nr, more->pages,
	       more->nr * sizeof(*list->pages));
	list->nr += more->nr;
}

/* Whatever the options' order. */
static void complete(struct bench_plan *plan)
{
	plan->samples = plan->quick ? 50 : 200;
	plan->policies = !plan->quick && !plan->is_asked;
	if (!plan->is_asked) {
		append(&plan->sizes, plan->quick ? &quick_sizes : &whole_sizes);
		append(&plan->entries,
		       plan->quick ? &quick_entries : &whole_entries);
	}
	if (plan->full) {
		append(&plan->sizes, &full_sizes);
		append(&plan->entries, &full_entries);
	}
}

bool bench_plan_parse(struct bench_plan *plan, int argc, char **argv)
{
	static const struct option options[] = {
		{ "quick", no_argument, NULL, 'q' },
		{ "full", no_argument, NULL, 'f' },
		{ "size", required_argument, NULL, 's' },
		{ "entries", required_argument, NULL, 'e' },
		{ "threads", required_argument, NULL, 't' },
		{ "json", required_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	*plan = (struct bench_plan){ .threads = 2 };
	optind = 0; /* forgets what an earlier call left undone */
	while ((option = getopt_long(argc, argv, "qfs:e:t:j:h", options,
				     NULL)) >= 0)
		if (!parse_option(plan, option))
			return false;
	if (optind < argc)
		return wrong("not an option", argv[optind]);
	complete(plan);
	return true;
}

static uint32_t list_policies(struct bench_setup *setup)
{
	static const struct bench_setup others[BENCH_NR_POLICY_SETUPS] = {
		{ .content = HEC_CONTENT_PLAIN },
		{ .policy = HEC_POLICY_LRU },
		{ .policy = HEC_POLICY_ARC },
	};
	uint32_t i;

	for (i = 0; i < BENCH_NR_POLICY_SETUPS; i++) {
		setup[i] = others[i];
		setup[i].pages = BENCH_GIB_PAGES;
		setup[i].threads = 1;
	}
	return i;
}

uint32_t bench_plan_setups(const struct bench_plan *plan,
			   struct bench_setup setup[BENCH_MAX_SETUPS])
{
	const struct bench_list *sizes = &plan->sizes;
	const struct bench_list *entries = &plan->entries;
	uint32_t nr = 0, i;

	for (i = 0; i < sizes->nr; i++) {
		bool all = plan->is_asked || sizes->pages[i] == BENCH_GIB_PAGES;

		setup[nr++] = (struct bench_setup){
			.pages = sizes->pages[i],
			.threads = all ? plan->threads : 1,
		};
	}
	if (plan->policies)
		nr += list_policies(setup + nr);
	for (i = 0; i < entries->nr; i++)
		setup[nr++] = (struct bench_setup){
			.pages = whole_chunks(entries->pages[i]),
			.threads = 1,
			.content = HEC_CONTENT_NONE,
		};
	return nr;
}
