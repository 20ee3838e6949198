/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hecache replay: its files and its result.
 */
#include "command_replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arguments.h"
#include "format/blktrace.h"
#include "format/read.h"
#include "part.h"
#include "replay/ceiling.h"
#include "replay/library.h"
#include "report.h"

static enum command_exit out_of_memory(void)
{
	fprintf(stderr, "hecache replay: out of memory\n");
	return COMMAND_FAILED;
}

/* Traces */

static uint64_t size_of(FILE *file)
{
	struct stat status;

	if (fstat(fileno(file), &status) || !S_ISREG(status.st_mode))
		return 0;
	return (uint64_t)status.st_size;
}

/* What --lenient let pass is not passed over in silence. */
static void say_odd(const char *path, const struct read_report *report)
{
	if (report->nr_backward)
		fprintf(stderr, "%s: times that go backwards: %llu\n", path,
			(unsigned long long)report->nr_backward);
	if (report->nr_empty)
		fprintf(stderr, "%s: requests for nothing, left out: %llu\n",
			path, (unsigned long long)report->nr_empty);
}

static enum command_exit read_file(struct trace *trace, const char *path,
				   FILE *file,
				   const struct reading_options *options)
{
	struct read_report report;
	struct progress progress;
	bool ok;

	progress_start(&progress, "reading", size_of(file));
	ok = read_trace(trace, file, options, &progress, &report);
	progress_end(&progress);
	if (!ok) {
		fprintf(stderr, "%s:%s\n", path, report.error);
		return report.no_memory ? COMMAND_FAILED : COMMAND_BAD_INPUT;
	}
	if (report.format == &format_blktrace && part_is_one_of_several(path)) {
		fprintf(stderr,
			"%s: one processor's part of a trace: merge the parts, "
			"blkparse -i DISK -d FILE\n",
			path);
		return COMMAND_BAD_INPUT;
	}
	say_odd(path, &report);
	return COMMAND_OK;
}

static enum command_exit read_path(struct trace *trace, const char *path,
				   const struct reading_options *options)
{
	bool is_stdin = !strcmp(path, "-");
	FILE *file = is_stdin ? stdin : fopen(path, "rb");
	enum command_exit status;

	trace_init(trace, TRACE_MAX_REQUESTS);
	if (!file) {
		bool no_memory = errno == ENOMEM;

		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return no_memory ? COMMAND_FAILED : COMMAND_BAD_INPUT;
	}
	status = read_file(trace, path, file, options);
	if (!is_stdin)
		fclose(file);
	return status;
}

/* Reads all traces and counts the VMs that they make. */
static enum command_exit read_traces(struct arguments *arguments,
				     struct trace *traces)
{
	struct replay *replay = &arguments->replay;
	enum command_exit status = COMMAND_OK;
	uint32_t i;

	for (i = 0; i < replay->nr_traces && !status; i++) {
		status = read_path(&traces[i], arguments->paths[i],
				   &arguments->reading);
		replay->nr_vms += traces[i].nr_volumes;
	}
	if (status || replay->nr_vms <= HEC_MAX_CLIENTS)
		return status;
	fprintf(stderr,
		"hecache replay: the traces have %u volumes; a cache has at "
		"most %u VMs (--volumes=one makes a trace one VM)\n",
		replay->nr_vms, HEC_MAX_CLIENTS);
	return COMMAND_BAD_INPUT;
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

static enum command_exit report(const struct arguments *arguments,
				const struct replay_counts *counts)
{
	if (arguments->json)
		report_json(&arguments->replay, counts);
	else
		report_table(&arguments->replay, counts, arguments->paths);
	return COMMAND_OK;
}

static enum command_exit replay_and_report(const struct arguments *arguments)
{
	struct replay_counts *counts =
		calloc(arguments->replay.nr_vms, sizeof(*counts));
	enum command_exit status;

	if (counts && run(arguments, counts))
		status = report(arguments, counts);
	else
		status = out_of_memory();
	free(counts);
	return status;
}

static enum command_exit read_and_replay(struct arguments *arguments)
{
	uint32_t nr_traces = arguments->replay.nr_traces, i;
	struct trace *traces = calloc(nr_traces, sizeof(*traces));
	enum command_exit status;

	if (!traces)
		return out_of_memory();
	arguments->replay.traces = traces;
	status = read_traces(arguments, traces);
	if (!status)
		status = replay_and_report(arguments);
	for (i = 0; i < nr_traces; i++)
		trace_fini(&traces[i]);
	free(traces);
	return status;
}

enum command_exit command_replay(int argc, char **argv)
{
	struct arguments arguments;

	if (!arguments_parse(&arguments, argc, argv)) {
		fprintf(stderr, "hecache replay --help tells more.\n");
		return COMMAND_BAD_INPUT;
	}
	if (!arguments.help)
		return read_and_replay(&arguments);
	fputs(arguments_help, stdout);
	return COMMAND_OK;
}
