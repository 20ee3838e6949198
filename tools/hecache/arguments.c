/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of hecache replay, see arguments.h.
 */
#include "arguments.h"

#include <ctype.h>
#include <getopt.h>
#include <string.h>

#include "format/columns.h"
#include "format/formats.h"
#include "format/table.h"
#include "number.h"

#define MAX_BLOCK_BYTES (1u << 20)

const char arguments_help[] =
	"Usage: hecache replay [OPTION]... --cache-pages=M TRACE...\n"
	"\n"
	"Replays traces of page requests through the cache's own library and\n"
	"counts what hits.  Each TRACE is a VM, or several: each volume (disk) that\n"
	"it tells apart is one.  Traces share the cache and take turns, a request\n"
	"each.  A file compressed with gzip, zstd, xz, bzip2 or lz4 is decompressed;\n"
	"\"-\" is standard input.\n"
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
	"        csv             a table; a line of names, or --columns, tells its\n"
	"                        columns\n"
	"        msr, alibaba, tencent, spc\n"
	"                        tables that people publish: MSR Cambridge, Alibaba,\n"
	"                        Tencent, and the SPC's format (UMass)\n"
	"        blktrace, blkparse\n"
	"                        of Linux: merged (blkparse -d), and as text\n"
	"        vscsi           VMware's, binary, version 1 or 2\n"
	"        oracle          libCacheSim's oracleGeneral, binary\n"
	"  -b, --block-size=N    bytes of a block, where the format does not tell:\n"
	"                        requests are then cut into pages of 4096 bytes.\n"
	"                        Without it, a block is a page\n"
	"  -C, --columns=LIST    what the columns of a table are, with commas: time,\n"
	"                        volume, rw (R, W, Read, Write), write (0 or 1);\n"
	"                        block, sector (512 bytes) or offset (bytes); blocks,\n"
	"                        sectors or size (bytes); - is ignored, ... any more\n"
	"  -d, --delimiter=C     of a table, in place of a comma: a character, or\n"
	"                        space (any number of blanks), tab, semicolon\n"
	"  -V, --volumes=HOW     each (the default): each volume of a trace is a VM;\n"
	"                        one: all of them together\n"
	"  -l, --lenient         accept times that go backwards and requests of size 0,\n"
	"                        which are left out, and tell how many there were\n"
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
	{ "block-size", required_argument, NULL, 'b' },
	{ "columns", required_argument, NULL, 'C' },
	{ "delimiter", required_argument, NULL, 'd' },
	{ "volumes", required_argument, NULL, 'V' },
	{ "lenient", no_argument, NULL, 'l' },
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
	unsigned int kind = hec_policy_find(text, strlen(text));

	arguments->ceiling = !strcmp(text, "min");
	if (arguments->ceiling)
		return true;
	if (kind < HEC_NR_POLICIES) {
		arguments->policy = (enum hec_policy_kind)kind;
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
	char wanted[160] = "auto, ";
	size_t used = strlen(wanted);

	arguments->reading.format = format_named(text);
	if (arguments->reading.format || !strcmp(text, "auto"))
		return true;
	formats_list(wanted + used, sizeof(wanted) - used);
	return bad("format", text, wanted);
}

static bool parse_block_size(struct arguments *arguments, const char *text)
{
	uint32_t *bytes = &arguments->reading.block_bytes;

	if (number_parse32(text, MAX_BLOCK_BYTES, bytes) && *bytes &&
	    !(*bytes & (*bytes - 1)))
		return true;
	return bad("block-size", text, "a power of two up to 1048576");
}

static bool parse_columns(struct arguments *arguments, const char *text)
{
	struct input scratch;
	struct columns columns;

	arguments->reading.columns = text;
	if (columns_parse(&scratch, text, &columns))
		return true;
	fprintf(stderr, "hecache replay: %s\n", scratch.error);
	return false;
}

/* What no number, no quote and no end of a line could be. */
static bool can_delimit(char c)
{
	return c == '\t' || (isprint((unsigned char)c) &&
			     !isalnum((unsigned char)c) && c != '"');
}

static bool parse_delimiter(struct arguments *arguments, const char *text)
{
	static const struct {
		const char *name;
		char delimiter;
	} named[] = { { "space", ' ' },
		      { "tab", '\t' },
		      { "comma", ',' },
		      { "semicolon", ';' } };
	char *delimiter = &arguments->reading.delimiter;
	size_t i;

	*delimiter = *text;
	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (!strcmp(text, named[i].name)) {
			*delimiter = named[i].delimiter;
			return true;
		}
	if (*text && !text[1] && can_delimit(*text))
		return true;
	return bad("delimiter", text,
		   "a character, no letter and no digit, or space, tab, comma "
		   "or semicolon");
}

static bool parse_volumes(struct arguments *arguments, const char *text)
{
	arguments->reading.one_volume = !strcmp(text, "one");
	return arguments->reading.one_volume || !strcmp(text, "each") ||
	       bad("volumes", text, "each or one");
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

/* Options about what is read */
static bool parse_reading_option(struct arguments *arguments, int option)
{
	switch (option) {
	case 'f':
		return parse_format(arguments, optarg);
	case 'b':
		return parse_block_size(arguments, optarg);
	case 'C':
		return parse_columns(arguments, optarg);
	case 'd':
		return parse_delimiter(arguments, optarg);
	case 'V':
		return parse_volumes(arguments, optarg);
	case 'l':
		arguments->reading.lenient = true;
		return true;
	default:
		return false;
	}
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
	case 's':
		return parse_shards(arguments, optarg);
	case 'j':
		arguments->json = true;
		return true;
	case 'h':
		arguments->help = true;
		return true;
	default:
		return parse_reading_option(arguments, option);
	}
}

/* Who tells the columns or what stands between them means a table. */
static bool choose_table(struct reading_options *reading)
{
	if (!reading->columns && !reading->delimiter)
		return true;
	if (!reading->format)
		reading->format = &format_csv;
	if (reading->format == &format_csv)
		return true;
	fprintf(stderr,
		"hecache replay: --columns and --delimiter are for the format "
		"csv, not for %s\n",
		reading->format->name);
	return false;
}

static bool are_complete(struct arguments *arguments)
{
	const char *lacking = NULL;

	if (arguments->help)
		return true;
	if (!choose_table(&arguments->reading))
		return false;
	if (!arguments->has_cache_pages)
		lacking = "--cache-pages is missing";
	else if (!arguments->replay.nr_traces)
		lacking = "no trace is named";
	else if (arguments->replay.nr_traces > HEC_MAX_CLIENTS)
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
	while ((option = getopt_long(argc, argv, "p:m:v:c:f:b:C:d:V:ls:jh",
				     options, NULL)) != -1)
		if (!parse_option(arguments, option))
			return false;
	arguments->paths = argv + optind;
	arguments->replay.nr_traces = (uint32_t)(argc - optind);
	return are_complete(arguments);
}
