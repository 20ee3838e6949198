/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes the reading of traces: formats, their detection, decompression.
 *
 * The first byte of the input chooses the format, the rest is the file.  What
 * is read must be consistent; what is refused must be said to be at a line.
 */
#include <ctype.h>

#include "fuzz.h"
#include "trace.h"

#define MAX_REQUESTS (1u << 16) /* a few bytes may ask for many */

static const struct trace_format *choose(uint8_t byte)
{
	static const char *const names[] = { "auto", "lis", "blocks", "oracle",
					     "csv" };

	return trace_format_named(
		names[byte % (sizeof(names) / sizeof(names[0]))]);
}

static void check(const struct trace *trace)
{
	uint32_t i, most = 0;

	REQUIRE(trace->nr_requests && trace->nr_requests <= MAX_REQUESTS);
	for (i = 0; i < trace->nr_requests; i++) {
		REQUIRE(trace->pages[i] <= most);
		most += trace->pages[i] == most;
	}
	REQUIRE(most == trace->nr_pages);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trace trace;
	enum trace_result result;
	char error[200] = "";
	FILE *file;

	if (size < 2)
		return 0;
	file = fmemopen((void *)(uintptr_t)(data + 1), size - 1, "rb");
	REQUIRE(file);
	result = trace_read(&trace, file, choose(data[0]), MAX_REQUESTS, NULL,
			    error, sizeof(error));
	REQUIRE(result != TRACE_NO_MEMORY);
	if (result == TRACE_READ)
		check(&trace);
	else
		REQUIRE(isdigit((unsigned char)error[0]));
	trace_fini(&trace);
	fclose(file);
	return 0;
}
