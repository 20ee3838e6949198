/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recognising formats, see recognise.h.
 *
 * Text is told by its first line that is not blank, binary data by all records
 * at their beginning.  What is neither is told by its marks, and refused.
 */
#include "recognise.h"

#include <ctype.h>
#include <string.h>

#include "blkparse.h"
#include "blktrace.h"
#include "blocks.h"
#include "codec/codecs.h"
#include "foreign.h"
#include "lis.h"
#include "oracle.h"
#include "table.h"
#include "text.h"
#include "vscsi.h"

#define LOOK_BYTES 4096u
#define LIS_FIELDS 4u

struct start {
	const uint8_t *data;
	size_t bytes;
};

/* Data that were compressed twice, or only look as if they were. */
static bool refuse_compressed(struct input *input, const struct codec *codec)
{
	if (input->codec)
		return input_fail(input,
				  "%s data within %s data: unpack it once",
				  codec->name, input->codec->name);
	return input_fail(input, "skippable frames of zstd or lz4, and behind "
				 "them data of neither");
}

/* What is known, but as no trace. */
static bool refuse_foreign(struct input *input, const struct start *start)
{
	const struct codec *codec = codec_of(start->data, start->bytes);
	const char *kind = foreign_kind(start->data, start->bytes);

	if (codec)
		return refuse_compressed(input, codec);
	return !kind || input_fail(input, "%s", kind);
}

/* ASCII, UTF-8 or another encoding that has ASCII below 128, and uses it. */
static bool is_text(const struct start *start)
{
	size_t plain = 0, i;

	for (i = 0; i < start->bytes; i++) {
		if (start->data[i] >= 0x80)
			continue;
		if (!isprint(start->data[i]) && !isspace(start->data[i]))
			return false;
		plain++;
	}
	return plain;
}

static void skip_byte_order_mark(struct input *input, struct start *start)
{
	if (start->bytes < 3 || memcmp(start->data, "\xef\xbb\xbf", 3))
		return;
	input->start += 3;
	start->data += 3;
	start->bytes -= 3;
}

/* Text */

/* Lines of blanks and numbers alone */
static bool recognise_numbers(struct input *input, unsigned int numbers,
			      const struct format **format)
{
	*format = numbers == 1 ? &format_blocks : &format_lis;
	if (numbers == 1 || numbers == LIS_FIELDS)
		return true;
	return input_fail(
		input,
		"lines of %u numbers, of no format that is known: say "
		"what they are, --delimiter=space --columns=...",
		numbers);
}

static bool recognise_commas(struct input *input, const char *line,
			     const struct format **format)
{
	*format = table_format_of(line);
	if (*format)
		return true;
	*format = &format_csv;
	return table_is_names(line, ',') ||
	       input_fail(input, "a table with no line of names, and of no "
				 "format that is known: say what its columns "
				 "are, --columns=...");
}

static bool refuse_text(struct input *input, const char *line)
{
	static const char delimiters[] = ";\t|";
	const char *delimiter = strpbrk(line, delimiters);

	if (*line == '{' || *line == '[')
		return input_fail(input,
				  "JSON, which is no format that is "
				  "known: write the requests as a table, "
				  "with --columns");
	if (*line == '<')
		return input_fail(input, "XML or HTML, which is no format that "
					 "is known: write the requests as a "
					 "table, with --columns");
	if (delimiter)
		return input_fail(input,
				  "text of no format that is known; if "
				  "it is a table: --delimiter='%c'",
				  *delimiter);
	return input_fail(input, "text of no format that is known; if it is a "
				 "table: --delimiter=space --columns=...");
}

static bool recognise_text(struct input *input, const struct start *start,
			   const struct format **format)
{
	char line[LOOK_BYTES + 1], *text;
	unsigned int numbers;

	memcpy(line, start->data, start->bytes);
	line[start->bytes] = '\0';
	text = line + strspn(line, " \t\r\n");
	text[strcspn(text, "\r\n")] = '\0';
	numbers = text_count_numbers(text);
	if (!*text)
		return input_fail(input, "it begins with blank lines alone");
	if (*text == '*') {
		*format = &format_blocks;
		return true;
	}
	if (numbers)
		return recognise_numbers(input, numbers, format);
	if (blkparse_has(text)) {
		*format = &format_blkparse;
		return true;
	}
	if (strchr(text, ',') && *text != '{' && *text != '[' && *text != '<')
		return recognise_commas(input, text, format);
	return refuse_text(input, text);
}

/* Binary data */

static const struct format *recognise_binary(const struct start *start)
{
	if (blktrace_begins(start->data, start->bytes))
		return &format_blktrace;
	if (vscsi_begins(start->data, start->bytes))
		return &format_vscsi;
	if (oracle_begins(start->data, start->bytes))
		return &format_oracle;
	return NULL;
}

static bool refuse_binary(struct input *input)
{
	return input_fail(input, "binary data of no format that is known "
				 "(blktrace, vscsi, oracle): convert them, or "
				 "say --format=...");
}

/* Some marks have but two bytes, so what makes sense as a trace comes first. */
bool recognise(struct input *input, const struct format *wanted,
	       const struct format **format)
{
	struct start start;
	bool text;

	if (!input_need(input, LOOK_BYTES, &start.bytes))
		return false;
	start.data = input->data + input->start;
	if (!start.bytes)
		return input_fail(input, "empty");
	text = is_text(&start);
	*format = wanted || text ? wanted : recognise_binary(&start);
	if (*format && !(*format)->is_text)
		return true;
	if (!refuse_foreign(input, &start))
		return false;
	skip_byte_order_mark(input, &start);
	if (wanted)
		return true;
	return text ? recognise_text(input, &start, format)
		    : refuse_binary(input);
}
