/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading bytes and lines through a codec, see input.h.
 *
 *     file --fread--> raw --codec--> data --> lines, records
 */
#include "input.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "codec/codecs.h"

#define RAW_BUFFER (1u << 16)

/* What a file holds must not steer the terminal. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if (!isprint((unsigned char)*text))
			*text = '?';
}

bool input_fail(struct input *input, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(input->error, sizeof(input->error), format, args);
	va_end(args);
	make_printable(input->error);
	return false;
}

bool input_fail_memory(struct input *input)
{
	input->no_memory = true;
	return input_fail(input, "out of memory");
}

/* Appends what the file has to raw, which has room. */
static bool read_raw(struct input *input)
{
	size_t got;

	memmove(input->raw, input->raw + input->raw_start,
		input->raw_end - input->raw_start);
	input->raw_end -= input->raw_start;
	input->raw_start = 0;
	got = fread(input->raw + input->raw_end, 1, RAW_BUFFER - input->raw_end,
		    input->file);
	input->raw_end += got;
	progress_add(input->progress, got);
	if (ferror(input->file))
		return input_fail(input, "cannot read: %s", strerror(errno));
	input->raw_eof = feof(input->file);
	return true;
}

static bool copy_plain(struct input *input)
{
	size_t bytes = input->raw_end - input->raw_start;
	size_t room = INPUT_BUFFER - input->end;

	if (bytes > room)
		bytes = room;
	memcpy(input->data + input->end, input->raw + input->raw_start, bytes);
	input->raw_start += bytes;
	input->end += bytes;
	return true;
}

/* What was decoded so far, and what the step took and gave. */
static bool decode_step(struct input *input)
{
	struct codec_step step = {
		.in = input->raw + input->raw_start,
		.in_bytes = input->raw_end - input->raw_start,
		.in_ends = input->raw_eof,
		.out = input->data + input->end,
		.out_bytes = INPUT_BUFFER - input->end,
		.whole = input->whole,
	};
	enum codec_result result = input->codec->decode(input->decoder, &step);

	input->raw_start = input->raw_end - step.in_bytes;
	input->end = INPUT_BUFFER - step.out_bytes;
	input->whole = step.whole;
	if (result == CODEC_NO_MEMORY)
		return input_fail_memory(input);
	if (result == CODEC_BAD)
		return input_fail(input, "corrupt %s data: %s",
				  input->codec->name, step.error);
	return true;
}

/* Zeroes behind the end of a stream fill a tape's or a disk's last block. */
static void skip_padding(struct input *input)
{
	while (input->raw_start < input->raw_end &&
	       !input->raw[input->raw_start])
		input->raw_start++;
}

static bool decode(struct input *input)
{
	if (!input->codec)
		return copy_plain(input);
	if (input->whole)
		skip_padding(input);
	return decode_step(input);
}

/* Decodes more, into room that is there, or finds that there is no more. */
static bool fill(struct input *input)
{
	size_t start = input->end;

	while (input->end == start) {
		size_t left = input->raw_end - input->raw_start;

		if (!decode(input))
			return false;
		if (input->end != start ||
		    input->raw_end - input->raw_start != left)
			continue;
		if (input->raw_eof)
			break;
		if (left == RAW_BUFFER)
			return input_fail(input, "corrupt %s data",
					  input->codec->name);
		if (!read_raw(input))
			return false;
	}
	input->eof = input->end == start;
	if (input->eof && !input->whole)
		return input_fail(input, "truncated %s data",
				  input->codec->name);
	return true;
}

bool input_need(struct input *input, size_t bytes, size_t *available)
{
	while (input->end - input->start < bytes && !input->eof) {
		if (INPUT_BUFFER - input->start < bytes ||
		    input->end == INPUT_BUFFER) {
			memmove(input->data, input->data + input->start,
				input->end - input->start);
			input->end -= input->start;
			input->start = 0;
		}
		if (!fill(input))
			return false;
	}
	*available = input->end - input->start;
	if (*available > bytes)
		*available = bytes;
	return true;
}

/* Finds the end of the line at data + start: *@length bytes, and its LF. */
static bool find_end(struct input *input, size_t *length, bool *terminated)
{
	size_t have = input->end - input->start;
	uint8_t *lf = memchr(input->data + input->start, '\n', have);

	if (!lf && have <= INPUT_LINE_MAX) {
		if (!input_need(input, INPUT_LINE_MAX + 1, &have))
			return false;
		lf = memchr(input->data + input->start, '\n', have);
	}
	*terminated = lf;
	*length = lf ? (size_t)(lf - (input->data + input->start)) : have;
	if (*length > INPUT_LINE_MAX)
		return input_fail(input, "the line is too long");
	return true;
}

bool input_line(struct input *input, char **line)
{
	size_t length;
	bool terminated;
	char *text;

	*line = NULL;
	input->line++;
	if (!find_end(input, &length, &terminated))
		return false;
	if (!length && !terminated)
		return true;
	text = (char *)input->data + input->start;
	if (memchr(text, '\0', length))
		return input_fail(input, "not text");
	input->start += length + terminated;
	text[length] = '\0';
	if (length && text[length - 1] == '\r')
		text[length - 1] = '\0';
	*line = text;
	return true;
}

bool input_init(struct input *input, FILE *file, struct progress *progress)
{
	memset(input, 0, sizeof(*input));
	input->file = file;
	input->progress = progress;
	input->whole = true;
	input->raw = malloc(RAW_BUFFER);
	/* A byte more: for the NUL of a last line that has no LF. */
	input->data = malloc(INPUT_BUFFER + 1);
	if (!input->raw || !input->data)
		return input_fail_memory(input);
	if (!read_raw(input))
		return false;
	input->codec = codec_of(input->raw, input->raw_end);
	if (!input->codec)
		return true;
	input->decoder = input->codec->open();
	return input->decoder || input_fail_memory(input);
}

void input_fini(struct input *input)
{
	if (input->decoder)
		input->codec->close(input->decoder);
	free(input->raw);
	free(input->data);
}
