/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the fuzzers share: the input, eaten from the front, and a check that
 * ends the run.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define REQUIRE(condition)                                         \
	do {                                                       \
		if (!(condition)) {                                \
			fprintf(stderr, "line %d: %s\n", __LINE__, \
				#condition);                       \
			abort();                                   \
		}                                                  \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
	const uint8_t *data;
	size_t size;
};

/* Behind the end there are zeroes. */
static inline uint8_t next_byte(struct bytes *bytes)
{
	if (!bytes->size)
		return 0;
	bytes->size--;
	return *bytes->data++;
}

static inline uint64_t next_word(struct bytes *bytes)
{
	uint64_t word = 0;
	int i;

	for (i = 0; i < 8; i++)
		word = word << 8 | next_byte(bytes);
	return word;
}

/* A number below @limit as a rule, any word now and then. */
static inline uint64_t choose_word(struct bytes *bytes, uint32_t limit)
{
	uint8_t byte = next_byte(bytes);

	return byte >= 250 ? next_word(bytes) : byte % limit;
}

#endif
