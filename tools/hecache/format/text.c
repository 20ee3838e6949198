/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers and fields, see text.h.
 */
#include "text.h"

#include <ctype.h>
#include <string.h>

#define DECIMALS 9

static bool is_digit(char c)
{
	return isdigit((unsigned char)c);
}

bool text_number(struct input *input, char **text, const char *what,
		 uint64_t *number)
{
	char *digit = *text;
	uint64_t n = 0;

	if (!is_digit(*digit))
		return input_fail(input, "%s is not a number", what);
	for (; is_digit(*digit); digit++) {
		unsigned int value = (unsigned int)(*digit - '0');

		if (n > (UINT64_MAX - value) / 10)
			return input_fail(input, "%s is too large", what);
		n = n * 10 + value;
	}
	*text = digit;
	*number = n;
	return true;
}

bool text_number_alone(struct input *input, char *text, const char *what,
		       uint64_t *number)
{
	if (!text_number(input, &text, what, number))
		return false;
	return !*text || input_fail(input, "%s is not a number", what);
}

bool text_time(struct input *input, char *text, uint64_t *seconds,
	       uint32_t *fraction)
{
	int i;

	*fraction = 0;
	if (!text_number(input, &text, "the time", seconds))
		return false;
	if (*text == '.') {
		text++;
		for (i = 0; i < DECIMALS; i++)
			*fraction = *fraction * 10 +
				    (is_digit(*text) ? (uint32_t)(*text++ - '0')
						     : 0);
		while (is_digit(*text))
			text++;
	}
	return !*text || input_fail(input, "the time is not a number");
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool ends_field(char c, char delimiter)
{
	return !c || c == delimiter || (delimiter == ' ' && is_blank(c));
}

/* The closing quote of what begins with one; NULL: it has none. */
static char *closing_quote(char *text)
{
	if (*text != '"')
		return NULL;
	for (text = strchr(text + 1, '"'); text && text[1] == '"';)
		text = strchr(text + 2, '"');
	return text;
}

/* Takes off the quotes around @text, and one of each two within. */
static char *unquote(char *text)
{
	char *from, *to = text;

	for (from = text + 1; from[1]; from++) {
		*to++ = *from;
		from += *from == '"';
	}
	*to = '\0';
	return text;
}

/* What is not quoted from end to end keeps its quotes: it will be no number. */
char *text_field(char **text, char delimiter)
{
	char *field = *text, *quote, *end;

	if (!field)
		return NULL;
	while (is_blank(*field) && (*field != delimiter || delimiter == ' '))
		field++;
	quote = closing_quote(field);
	end = quote ? quote : field;
	while (!ends_field(*end, delimiter))
		end++;
	*text = *end ? end + 1 : NULL;
	if (delimiter == ' ' && end == field)
		return NULL;
	*end = '\0';
	while (end > field && is_blank(end[-1]))
		*--end = '\0';
	return quote && quote + 1 == end ? unquote(field) : field;
}

unsigned int text_count_numbers(const char *line)
{
	unsigned int numbers = 0;
	bool inside = false;

	for (; *line; line++) {
		if (!is_digit(*line) && !is_blank(*line))
			return 0;
		numbers += is_digit(*line) && !inside;
		inside = is_digit(*line);
	}
	return numbers;
}
