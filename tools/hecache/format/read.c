/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading a file into a trace, see read.h.
 */
#include "read.h"

#include <string.h>

#include "format.h"
#include "recognise.h"

static bool choose_units(struct reading *reading)
{
	uint32_t told = reading->options->block_bytes;
	const struct format *format = reading->format;

	if (told && !format->counts_blocks)
		return input_fail(reading->input,
				  "the format %s does not count blocks, so "
				  "--block-size means nothing",
				  format->name);
	reading->block_bytes = told ? told : format->block_bytes;
	return true;
}

static bool read_all(struct reading *reading)
{
	struct input *input = reading->input;

	if (!recognise(input, reading->options->format, &reading->format) ||
	    !choose_units(reading) || !reading->format->read(reading))
		return false;
	return reading->trace->nr_requests || input_fail(input, "no requests");
}

static void write_report(const struct reading *reading, bool ok,
			 struct read_report *report)
{
	const struct input *input = reading->input;

	memset(report, 0, sizeof(*report));
	report->nr_backward = reading->nr_backward;
	report->nr_empty = reading->nr_empty;
	report->no_memory = input->no_memory;
	report->format = reading->format;
	if (!ok)
		snprintf(report->error, sizeof(report->error), "%llu: %s",
			 (unsigned long long)(input->line ? input->line : 1),
			 input->error);
}

bool read_trace(struct trace *trace, FILE *file,
		const struct reading_options *options,
		struct progress *progress, struct read_report *report)
{
	struct input input;
	struct reading reading = { .trace = trace,
				   .input = &input,
				   .options = options };
	bool ok;

	ok = input_init(&input, file, progress) && read_all(&reading);
	write_report(&reading, ok, report);
	input_fini(&input);
	trace_end(trace);
	return ok;
}
