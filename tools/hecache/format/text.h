/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers and fields of a line of text.
 */
#ifndef HECACHE_TEXT_H
#define HECACHE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "input/input.h"

/*
 * Reads a decimal number at *@text and moves *@text behind it; @what it is, is
 * for the error.
 */
bool text_number(struct input *input, char **text, const char *what,
		 uint64_t *number);

/* The same, where @text is to be the number and nothing else. */
bool text_number_alone(struct input *input, char *text, const char *what,
		       uint64_t *number);

/* A time: @text is seconds, or any unit, with up to 9 decimals that count. */
bool text_time(struct input *input, char *text, uint64_t *seconds,
	       uint32_t *fraction);

/*
 * Cuts the next field off *@text, which becomes NULL behind the last one; NULL:
 * there was none.  Blanks around a field and quotes do not count.  With a blank
 * as the @delimiter, any number of blanks and tabs is one.
 */
char *text_field(char **text, char delimiter);

/* How many numbers a line has, if it has numbers and blanks alone; or 0. */
unsigned int text_count_numbers(const char *line);

#endif
