/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hecache replay: its options, its files, its result.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ceiling.h"
#include "command.h"
#include "library.h"
#include "report.h"

static const char help[] =
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

struct arguments {
	struct replay replay;
	enum hec_policy_kind policy;
	bool ceiling; /* --policy=min, in place of policy */
	bool has_cache_pages, json, help;
	const struct trace_format *format;
	uint32_t shards;
	char **paths; /* nr_vms of them */
};

/* Options */

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
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (isdigit((unsigned char)*text) && !*end && !errno && value <= most) {
		*number = (uint32_t)value;
		return true;
	}
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

static bool parse(struct arguments *arguments, int argc, char **argv)
{
	int option;

	memset(arguments, 0, sizeof(*arguments));
	arguments->policy = HEC_POLICY_S3FIFO;
	optind = 1;
	while ((option = getopt_long(argc, argv, "p:m:v:c:f:s:jh", options,
				     NULL)) != -1)
		if (!parse_option(arguments, option))
			return false;
	arguments->paths = argv + optind;
	arguments->replay.nr_vms = (uint32_t)(argc - optind);
	return are_complete(arguments);
}

/* Traces */

static uint64_t size_of(FILE *file)
{
	struct stat status;

	if (fstat(fileno(file), &status) || !S_ISREG(status.st_mode))
		return 0;
	return (uint64_t)status.st_size;
}

static bool read_trace(struct trace *trace, const char *path,
		       const struct trace_format *format)
{
	bool is_stdin = !strcmp(path, "-");
	FILE *file = is_stdin ? stdin : fopen(path, "rb");
	struct progress progress;
	char error[200];
	bool ok;

	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	progress_start(&progress, "reading", size_of(file));
	ok = trace_read(trace, file, format, TRACE_MAX_REQUESTS, &progress,
			error, sizeof(error));
	progress_end(&progress);
	if (!ok)
		fprintf(stderr, "%s:%s\n", path, error);
	if (!is_stdin)
		fclose(file);
	return ok;
}

static bool read_traces(const struct arguments *arguments, struct trace *traces)
{
	uint32_t i;

	for (i = 0; i < arguments->replay.nr_vms; i++)
		if (!read_trace(&traces[i], arguments->paths[i],
				arguments->format))
			return false;
	return true;
}

/* The replay */

static bool run(const struct arguments *arguments, struct replay_counts *counts)
{
	const struct replay *replay = &arguments->replay;
	struct progress progress;
	bool ok;

	progress_start(&progress, "replaying", replay_requests(replay));
	if (arguments->ceiling)
		ok = ceiling_run(replay, &progress, counts);
	else
		ok = library_run(replay, arguments->policy, arguments->shards,
				 &progress, counts);
	progress_end(&progress);
	return ok;
}

static enum command_exit replay_and_report(const struct arguments *arguments,
					   struct replay_counts *counts)
{
	uint32_t nr_vms = arguments->replay.nr_vms;

	if (!run(arguments, counts)) {
		fprintf(stderr, "hecache replay: out of memory\n");
		return COMMAND_FAILED;
	}
	if (arguments->json)
		report_json(counts, nr_vms);
	else
		report_table(counts, nr_vms, arguments->paths);
	return COMMAND_OK;
}

enum command_exit command_replay(int argc, char **argv)
{
	enum command_exit status = COMMAND_BAD_INPUT;
	struct replay_counts *counts;
	struct arguments arguments;
	struct trace *traces;
	uint32_t i;

	if (!parse(&arguments, argc, argv)) {
		fprintf(stderr, "hecache replay --help tells more.\n");
		return COMMAND_BAD_INPUT;
	}
	if (arguments.help) {
		fputs(help, stdout);
		return COMMAND_OK;
	}
	traces = calloc(arguments.replay.nr_vms, sizeof(*traces));
	counts = calloc(arguments.replay.nr_vms, sizeof(*counts));
	arguments.replay.traces = traces;
	if (!traces || !counts)
		status = COMMAND_FAILED;
	else if (read_traces(&arguments, traces))
		status = replay_and_report(&arguments, counts);
	for (i = 0; traces && i < arguments.replay.nr_vms; i++)
		trace_fini(&traces[i]);
	free(traces);
	free(counts);
	return status;
}
