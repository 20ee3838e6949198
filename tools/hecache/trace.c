/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading a trace: what all formats share, and telling them apart.
 */
#include "trace.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

#define FIRST_ROOM 4096u
#define MAX_COUNT (1u << 20) /* blocks of one request: 4 GiB of pages */
#define LOOK_BYTES 4096u /* by which a format is told */

static const struct trace_format formats[] = {
	{ "lis", trace_read_lis },
	{ "blocks", trace_read_blocks },
	{ "oracle", trace_read_oracle },
	{ "csv", trace_read_csv },
};

const struct trace_format *trace_format_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

/* A first line of numbers and blanks alone: how many numbers? */
static unsigned int count_numbers(const char *text)
{
	unsigned int numbers = 0;
	bool inside = false;

	for (; *text && *text != '\n'; text++) {
		bool digit = isdigit((unsigned char)*text);

		if (!digit && *text != ' ' && *text != '\t' && *text != '\r')
			return 0;
		numbers += digit && !inside;
		inside = digit;
	}
	return numbers;
}

static const struct trace_format *format_of_text(const char *text)
{
	text += strspn(text, " \t\r\n");
	if (memchr(text, ',', strcspn(text, "\n")))
		return trace_format_named("csv");
	if (*text == '*' || count_numbers(text) == 1)
		return trace_format_named("blocks");
	if (count_numbers(text) > 1)
		return trace_format_named("lis");
	return NULL;
}

static bool is_text(const uint8_t *data, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		if (!isprint(data[i]) && !isspace(data[i]))
			return false;
	return true;
}

/* Text is told by its first line; the one binary format is what is no text. */
static bool detect(struct input *input, const struct trace_format **format)
{
	char text[LOOK_BYTES + 1];
	size_t bytes;

	if (!input_need(input, LOOK_BYTES, &bytes))
		return false;
	if (!bytes)
		return input_fail(input, "empty");
	if (!is_text(input->data + input->start, bytes)) {
		*format = trace_format_named("oracle");
		return true;
	}
	memcpy(text, input->data + input->start, bytes);
	text[bytes] = '\0';
	*format = format_of_text(text);
	if (!*format)
		return input_fail(input, "no format that is known");
	return true;
}

static bool make_room(struct trace *trace)
{
	uint32_t room = trace->room ? trace->room * 2 : FIRST_ROOM;
	uint32_t *pages = realloc(trace->pages, room * sizeof(*pages));

	if (!pages)
		return false;
	trace->pages = pages;
	trace->room = room;
	return true;
}

static bool add_one(struct trace *trace, struct input *input, uint64_t block)
{
	if (trace->nr_requests == trace->max_requests)
		return input_fail(input, "more than %u requests",
				  trace->max_requests);
	if (trace->nr_requests == trace->room && !make_room(trace))
		return input_fail_memory(input);
	if (!dense_number(&trace->dense, block,
			  &trace->pages[trace->nr_requests]))
		return input_fail_memory(input);
	trace->nr_requests++;
	return true;
}

bool trace_add(struct trace *trace, struct input *input, uint64_t block,
	       uint64_t count)
{
	uint64_t i;

	if (count > MAX_COUNT)
		return input_fail(input, "a request of more than %u blocks",
				  MAX_COUNT);
	if (count && block > UINT64_MAX - (count - 1))
		return input_fail(input, "the block number is too large");
	for (i = 0; i < count; i++)
		if (!add_one(trace, input, block + i))
			return false;
	return true;
}

bool trace_number(struct input *input, char **text, const char *what,
		  uint64_t *number)
{
	const char *digit = *text;
	uint64_t n = 0;

	if (!isdigit((unsigned char)*digit))
		return input_fail(input, "%s is not a number", what);
	for (; isdigit((unsigned char)*digit); digit++) {
		unsigned int value = (unsigned int)(*digit - '0');

		if (n > (UINT64_MAX - value) / 10)
			return input_fail(input, "%s is too large", what);
		n = n * 10 + value;
	}
	*text += digit - *text;
	*number = n;
	return true;
}

static bool read_all(struct trace *trace, struct input *input,
		     const struct trace_format *format)
{
	if (!format && !detect(input, &format))
		return false;
	if (!format->read(trace, input))
		return false;
	if (!trace->nr_requests)
		return input_fail(input, "no requests");
	trace->nr_pages = trace->dense.nr;
	return true;
}

enum trace_result trace_read(struct trace *trace, FILE *file,
			     const struct trace_format *format,
			     uint32_t max_requests, struct progress *progress,
			     char *error, size_t error_bytes)
{
	struct input input;
	bool ok;

	memset(trace, 0, sizeof(*trace));
	trace->max_requests = max_requests;
	ok = input_init(&input, file, progress) &&
	     read_all(trace, &input, format);
	if (!ok)
		snprintf(error, error_bytes, "%llu: %s",
			 (unsigned long long)(input.line ? input.line : 1),
			 input.error);
	input_fini(&input);
	dense_fini(&trace->dense);
	if (ok)
		return TRACE_READ;
	return input.no_memory ? TRACE_NO_MEMORY : TRACE_BAD;
}

void trace_fini(struct trace *trace)
{
	free(trace->pages);
}
