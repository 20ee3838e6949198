// SPDX-License-Identifier: GPL-2.0-only
/* Numbers as words, see number.h. */
#include "number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What the word begins with; *@rest is what follows. */
static bool parse_digits(const char *word, uint64_t *number, const char **rest)
{
	char *end;

	if (*word < '0' || *word > '9')
		return false;
	errno = 0;
	*number = strtoull(word, &end, 10);
	*rest = end;
	return !errno;
}

bool number_parse(const char *word, uint64_t most, uint64_t *number)
{
	const char *rest;

	return parse_digits(word, number, &rest) && !*rest && *number <= most;
}

bool number_parse32(const char *word, uint32_t most, uint32_t *number)
{
	uint64_t value;

	if (!number_parse(word, most, &value))
		return false;
	*number = (uint32_t)value;
	return true;
}

bool number_parse_size(const char *word, const char *units, uint64_t most,
		       uint64_t *size)
{
	const char *rest, *unit = units;
	unsigned int shift;

	if (!parse_digits(word, size, &rest))
		return false;
	if (*rest) {
		unit = strchr(units, *rest);
		if (!unit || rest[1])
			return false;
	}
	shift = 10 * (unsigned int)(unit - units);
	if (*size > most >> shift)
		return false;
	*size <<= shift;
	return true;
}
