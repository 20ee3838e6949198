/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hecache replay: its files and its result.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arguments.h"
#include "ceiling.h"
#include "command.h"
#include "library.h"
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

static enum command_exit read_trace(struct trace *trace, const char *path,
				    const struct trace_format *format)
{
	static const enum command_exit exit_of[] = {
		[TRACE_READ] = COMMAND_OK,
		[TRACE_BAD] = COMMAND_BAD_INPUT,
		[TRACE_NO_MEMORY] = COMMAND_FAILED,
	};
	bool is_stdin = !strcmp(path, "-");
	FILE *file = is_stdin ? stdin : fopen(path, "rb");
	struct progress progress;
	enum trace_result result;
	char error[200];

	if (!file) {
		bool no_memory = errno == ENOMEM;

		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return no_memory ? COMMAND_FAILED : COMMAND_BAD_INPUT;
	}
	progress_start(&progress, "reading", size_of(file));
	result = trace_read(trace, file, format, TRACE_MAX_REQUESTS, &progress,
			    error, sizeof(error));
	progress_end(&progress);
	if (result != TRACE_READ)
		fprintf(stderr, "%s:%s\n", path, error);
	if (!is_stdin)
		fclose(file);
	return exit_of[result];
}

static enum command_exit read_traces(const struct arguments *arguments,
				     struct trace *traces)
{
	enum command_exit status = COMMAND_OK;
	uint32_t i;

	for (i = 0; i < arguments->replay.nr_vms && !status; i++)
		status = read_trace(&traces[i], arguments->paths[i],
				    arguments->format);
	return status;
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

	if (!run(arguments, counts))
		return out_of_memory();
	if (arguments->json)
		report_json(counts, nr_vms);
	else
		report_table(counts, nr_vms, arguments->paths);
	return COMMAND_OK;
}

enum command_exit command_replay(int argc, char **argv)
{
	enum command_exit status;
	struct replay_counts *counts;
	struct arguments arguments;
	struct trace *traces;
	uint32_t i;

	if (!arguments_parse(&arguments, argc, argv)) {
		fprintf(stderr, "hecache replay --help tells more.\n");
		return COMMAND_BAD_INPUT;
	}
	if (arguments.help) {
		fputs(arguments_help, stdout);
		return COMMAND_OK;
	}
	traces = calloc(arguments.replay.nr_vms, sizeof(*traces));
	counts = calloc(arguments.replay.nr_vms, sizeof(*counts));
	arguments.replay.traces = traces;
	if (!traces || !counts)
		status = out_of_memory();
	else
		status = read_traces(&arguments, traces);
	if (!status)
		status = replay_and_report(&arguments, counts);
	for (i = 0; traces && i < arguments.replay.nr_vms; i++)
		trace_fini(&traces[i]);
	free(traces);
	free(counts);
	return status;
}
