/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A command line from a fuzzer's input: each line of the input is an argument.
 */
#ifndef TESTS_FUZZ_ARGV_H
#define TESTS_FUZZ_ARGV_H

#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

#define ARGV_MAX 40

struct command_line {
	int argc;
	char *argv[ARGV_MAX + 1]; /* what parsers may permute */
	char *all[ARGV_MAX + 1]; /* as it was */
};

/* Each argument in memory of its own, so that no reading beyond it goes well. */
static inline void argv_init(struct command_line *line, const char *program,
			     const char *data, size_t size)
{
	line->argc = 0;
	line->all[line->argc++] = strdup(program);
	while (size && line->argc < ARGV_MAX) {
		const char *end = memchr(data, '\n', size);
		size_t length = end ? (size_t)(end - data) : size;

		line->all[line->argc] = strndup(data, length);
		REQUIRE(line->all[line->argc++]);
		data += length + !!end;
		size -= length + !!end;
	}
	line->all[line->argc] = NULL;
	memcpy(line->argv, line->all, sizeof(line->argv));
}

static inline void argv_fini(struct command_line *line)
{
	int i;

	for (i = 0; i < line->argc; i++)
		free(line->all[i]);
}

static inline bool argv_has(const struct command_line *line, const char *word)
{
	int i;

	for (i = 1; i < line->argc; i++)
		if (word == line->all[i])
			return true;
	return false;
}

/* An argument that begins with @text, or NULL. */
static inline const char *argv_find(const struct command_line *line,
				    const char *text)
{
	int i;

	for (i = 1; i < line->argc; i++)
		if (!strncmp(line->all[i], text, strlen(text)))
			return line->all[i];
	return NULL;
}

#endif
