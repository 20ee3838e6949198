/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of hecache replay, see arguments.h.
 */
#include "arguments.h"

#include <getopt.h>
#include <string.h>

#include "number.h"

const char arguments_help[] =
	"Usage: hecache replay [OPTION]... --cache-pages=M TRACE...\n"
	"\n"
	"Replays traces of page requests through the cache's own library and\n"
	"counts what hits.  Each TRACE is a VM; several share the cache and take\n"
	"turns, a request each.  A file compressed with gzip, zstd or xz is\n"
	"decompressed; \"-\" is standard input.\n"
	"\n"
	"  -p, --policy=POLICY   lru, arc or s3fifo (the default); or min: the most\n"
	"                        hits that any policy could have, knowing the future\n"
	"  -m, --mode=MODE       exclusive (the default): a get removes, and what a\n"
	"                        VM evicts is put; inclusive: a get keeps, and what\n"
	"                        the cache misses is put\n"
	"  -v, --vm-pages=N      each VM's own memory: an LRU of N pages; 0, the\n"
	"                        default: it has none\n"
	"  -c, --cache-pages=M   pages of the cache\n"
	"  -f, --format=FORMAT   of all traces; auto, the default, looks at each\n"
	"        lis             lines \"start count ignored sequence\"\n"
	"        blocks          a block number a line; a line \"*\" does not count\n"
	"        oracle          libCacheSim's oracleGeneral, binary\n"
	"        csv             a line of names, of which lbn, lba, block, page,\n"
	"                        obj_id, object, id or key tells the block's column\n"
	"  -s, --shards=N        the cache's shards, a power of two up to 1024; 0, the\n"
	"                        default: chosen by size.  The result does not change\n"
	"  -j, --json            a JSON object in place of the table\n"
	"  -h, --help            this\n"
	"\n"
	"Exit status: 0; 1: out of memory; 2: bad arguments, or a bad trace, of\n"
	"which the file and the line are named.\n";

static const struct option options[] = {
	{ "policy", required_argument, NULL, 'p' },
	{ "mode", required_argument, NULL, 'm' },
	{ "vm-pages", required_argument, NULL, 'v' },
	{ "cache-pages", required_argument, NULL, 'c' },
	{ "format", required_argument, NULL, 'f' },
	{ "shards", required_argument, NULL, 's' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static bool bad(const char *option, const char *value, const char *wanted)
{
	fprintf(stderr, "hecache replay: --%s=%s: want %s\n", option, value,
		wanted);
	return false;
}

static bool parse_policy(struct arguments *arguments, const char *text)
{
	static const char *const names[] = { [HEC_POLICY_LRU] = "lru",
					     [HEC_POLICY_ARC] = "arc",
					     [HEC_POLICY_S3FIFO] = "s3fifo" };
	size_t i;

	arguments->ceiling = !strcmp(text, "min");
	if (arguments->ceiling)
		return true;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]))
			continue;
		arguments->policy = (enum hec_policy_kind)i;
		return true;
	}
	return bad("policy", text, "lru, arc, s3fifo or min");
}

static bool parse_mode(struct arguments *arguments, const char *text)
{
	if (!strcmp(text, "exclusive"))
		arguments->replay.mode = REPLAY_EXCLUSIVE;
	else if (!strcmp(text, "inclusive"))
		arguments->replay.mode = REPLAY_INCLUSIVE;
	else
		return bad("mode", text, "exclusive or inclusive");
	return true;
}

static bool parse_format(struct arguments *arguments, const char *text)
{
	arguments->format = NULL;
	if (!strcmp(text, "auto"))
		return true;
	arguments->format = trace_format_named(text);
	return arguments->format ||
	       bad("format", text, "auto, lis, blocks, oracle or csv");
}

static bool parse_number(const char *option, const char *text, uint32_t most,
			 uint32_t *number)
{
	char wanted[40];

	if (number_parse32(text, most, number))
		return true;
	snprintf(wanted, sizeof(wanted), "a number from 0 to %u", most);
	return bad(option, text, wanted);
}

static bool parse_shards(struct arguments *arguments, const char *text)
{
	uint32_t shards;

	if (!parse_number("shards", text, HEC_MAX_SHARDS, &shards))
		return false;
	if (shards & (shards - 1))
		return bad("shards", text, "a power of two, or 0");
	arguments->shards = shards;
	return true;
}

static bool parse_option(struct arguments *arguments, int option)
{
	struct replay *replay = &arguments->replay;

	switch (option) {
	case 'p':
		return parse_policy(arguments, optarg);
	case 'm':
		return parse_mode(arguments, optarg);
	case 'v':
		return parse_number("vm-pages", optarg, UINT32_MAX - 1,
				    &replay->vm_pages);
	case 'c':
		arguments->has_cache_pages = true;
		return parse_number("cache-pages", optarg, HEC_MAX_FRAMES,
				    &replay->cache_pages);
	case 'f':
		return parse_format(arguments, optarg);
	case 's':
		return parse_shards(arguments, optarg);
	case 'j':
		arguments->json = true;
		return true;
	case 'h':
		arguments->help = true;
		return true;
	default:
		return false;
	}
}

static bool are_complete(const struct arguments *arguments)
{
	const char *lacking = NULL;

	if (arguments->help)
		return true;
	if (!arguments->has_cache_pages)
		lacking = "--cache-pages is missing";
	else if (!arguments->replay.nr_vms)
		lacking = "no trace is named";
	else if (arguments->replay.nr_vms > HEC_MAX_CLIENTS)
		lacking = "too many traces";
	if (lacking)
		fprintf(stderr, "hecache replay: %s\n", lacking);
	return !lacking;
}

bool arguments_parse(struct arguments *arguments, int argc, char **argv)
{
	int option;

	memset(arguments, 0, sizeof(*arguments));
	arguments->policy = HEC_POLICY_S3FIFO;
	optind = 0; /* forgets what an earlier call left undone */
	while ((option = getopt_long(argc, argv, "p:m:v:c:f:s:jh", options,
				     NULL)) != -1)
		if (!parse_option(arguments, option))
			return false;
	arguments->paths = argv + optind;
	arguments->replay.nr_vms = (uint32_t)(argc - optind);
	return are_complete(arguments);
}
