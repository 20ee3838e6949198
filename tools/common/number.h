/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers as words, for the programs that take some as arguments or read some in
 * files: decimal digits, and nothing before or behind them.
 *
 * Functions return true if the whole word is such a number and not above @most.
 */
#ifndef TOOLS_NUMBER_H
#define TOOLS_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

bool number_parse(const char *word, uint64_t most, uint64_t *number);
bool number_parse32(const char *word, uint32_t most, uint32_t *number);

/*
 * The same, and one of @units may follow.  Each is 1024 of the one before; the
 * first is that of a number without any, and of the result.
 */
bool number_parse_size(const char *word, const char *units, uint64_t most,
		       uint64_t *size);

#endif
