/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether text is JSON, as far as programs here write it: objects, arrays,
 * strings without escapes, numbers that are whole, true, false; no space.
 */
#ifndef TESTS_FUZZ_JSON_H
#define TESTS_FUZZ_JSON_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Each eats what it is called after from *@text; false: it is not there. */

static inline bool json_value(const char **text);

static inline bool json_text(const char **text, const char *wanted)
{
	size_t length = strlen(wanted);

	if (strncmp(*text, wanted, length) != 0)
		return false;
	*text += length;
	return true;
}

static inline bool json_string(const char **text)
{
	if (!json_text(text, "\""))
		return false;
	while (isprint((unsigned char)**text) && **text != '"' &&
	       **text != '\\')
		++*text;
	return json_text(text, "\"");
}

static inline bool json_digits(const char **text)
{
	const char *begin = *text;

	while (isdigit((unsigned char)**text))
		++*text;
	return *text > begin;
}

static inline bool json_number(const char **text)
{
	return json_text(text, "0") || json_digits(text);
}

static inline bool json_member(const char **text)
{
	return json_string(text) && json_text(text, ":") && json_value(text);
}

/* What is behind an opening bracket, with the closing one. */
static inline bool json_list(const char **text, bool (*item)(const char **text),
			     const char *end)
{
	if (json_text(text, end))
		return true;
	do {
		if (!item(text))
			return false;
	} while (json_text(text, ","));
	return json_text(text, end);
}

static inline bool json_value(const char **text)
{
	if (json_text(text, "{"))
		return json_list(text, json_member, "}");
	if (json_text(text, "["))
		return json_list(text, json_value, "]");
	return **text == '"'
		       ? json_string(text)
		       : json_text(text, "true") || json_text(text, "false") ||
				 json_number(text);
}

/* One value and the end of its line. */
static inline bool json_is_valid(const char *text)
{
	return json_value(&text) && !strcmp(text, "\n");
}

#endif
