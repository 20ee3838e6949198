/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes the reading of traces: formats, their detection, decompression.
 *
 * The first byte of the input chooses the format and the options, the rest is
 * the file.  What is read must be consistent; what is refused must be said to be
 * at a line, in printable characters.
 */
#include <ctype.h>

#include "format/formats.h"
#include "format/read.h"
#include "fuzz.h"

#define MAX_REQUESTS (1u << 16) /* a few bytes may ask for many */

static struct reading_options choose(uint8_t byte)
{
	static const char *const names[] = {
		"auto",	   "lis",     "blocks", "oracle",   "csv",   "msr",
		"alibaba", "tencent", "spc",	"blkparse", "vscsi", "blktrace"
	};
	struct reading_options options = {
		.format = format_named(
			names[byte % 16 % (sizeof(names) / sizeof(names[0]))]),
		.lenient = byte & 16,
		.block_bytes = byte & 32 ? SECTOR_BYTES : 0,
		.one_volume = byte & 64,
	};

	if (byte & 128) {
		options.format = format_named("csv");
		options.columns = "time,volume,block,size,...";
		options.delimiter = ' ';
	}
	return options;
}

/* Pages are numbered in the order in which they come, in each volume. */
static void check(const struct trace *trace,
		  const struct reading_options *options)
{
	uint32_t *most = calloc(trace->nr_volumes, sizeof(*most)), i, volume;
	uint64_t requests = 0;

	REQUIRE(trace->nr_requests && trace->nr_requests <= MAX_REQUESTS);
	REQUIRE(most && trace->nr_volumes <= TRACE_MAX_VOLUMES);
	REQUIRE(trace->nr_volumes == 1 || !options->one_volume);
	for (i = 0; i < trace->nr_requests; i++) {
		volume = trace_volume_of(trace, i);
		REQUIRE(volume < trace->nr_volumes);
		REQUIRE(trace->pages[i] <= most[volume]);
		most[volume] += trace->pages[i] == most[volume];
	}
	for (i = 0; i < trace->nr_volumes; i++) {
		REQUIRE(trace->volumes[i].nr_requests);
		REQUIRE(most[i] == trace->volumes[i].nr_pages);
		requests += trace->volumes[i].nr_requests;
	}
	REQUIRE(requests == trace->nr_requests);
	free(most);
}

static void check_error(const char *error)
{
	REQUIRE(isdigit((unsigned char)*error));
	for (; *error; error++)
		REQUIRE(isprint((unsigned char)*error));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading_options options;
	struct read_report report;
	struct trace trace;
	FILE *file;

	if (size < 2)
		return 0;
	options = choose(data[0]);
	file = fmemopen((void *)(uintptr_t)(data + 1), size - 1, "rb");
	REQUIRE(file);
	trace_init(&trace, MAX_REQUESTS);
	if (read_trace(&trace, file, &options, NULL, &report))
		check(&trace, &options);
	else
		check_error(report.error);
	REQUIRE(!report.no_memory);
	REQUIRE(options.lenient || !(report.nr_backward || report.nr_empty));
	trace_fini(&trace);
	fclose(file);
	return 0;
}
