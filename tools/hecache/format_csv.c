/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Comma-separated values under a line of names, as the CloudPhysics traces:
 *
 *     version,time,op,size,lbn
 *     1,5633898,2a,512,42932745
 *
 * The column of the block is found by its name.  A line is a request for one
 * block, whatever its size, and has as many fields as there are names.
 */
#include <string.h>
#include <strings.h>

#include "input.h"
#include "trace.h"

#define MAX_COLUMNS 64u

struct columns {
	unsigned int nr;
	unsigned int block; /* the column of the block; nr: there is none */
};

static bool names_a_block(const char *name)
{
	static const char *const names[] = { "lbn",  "lba",    "block",
					     "page", "obj_id", "object",
					     "id",   "key" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcasecmp(name, names[i]))
			return true;
	return false;
}

/* Cuts the next field off *@text; blanks around it do not count. */
static char *next_field(char **text)
{
	char *field, *end;

	field = strsep(text, ",");
	if (!field)
		return NULL;
	field += strspn(field, " \t");
	end = field + strlen(field);
	while (end > field && strchr(" \t", end[-1]))
		*--end = '\0';
	return field;
}

static bool read_names(struct input *input, struct columns *columns)
{
	char *line, *name;

	if (!input_line(input, &line))
		return false;
	if (!line)
		return input_fail(input, "empty");
	columns->nr = 0;
	columns->block = MAX_COLUMNS;
	while ((name = next_field(&line))) {
		if (columns->nr == MAX_COLUMNS)
			return input_fail(input, "more than %u columns",
					  MAX_COLUMNS);
		if (columns->block == MAX_COLUMNS && names_a_block(name))
			columns->block = columns->nr;
		columns->nr++;
	}
	if (columns->block == MAX_COLUMNS)
		return input_fail(input, "no column named lbn, lba, block, "
					 "page, obj_id, object, id or key");
	return true;
}

static bool read_request(struct input *input, const struct columns *columns,
			 char *line, uint64_t *block)
{
	unsigned int column = 0;
	char *field;

	for (; (field = next_field(&line)); column++) {
		if (column != columns->block)
			continue;
		if (!trace_number(input, &field, "the block", block))
			return false;
		if (*field)
			return input_fail(input, "the block is not a number");
	}
	if (column != columns->nr)
		return input_fail(input, "%u fields, not %u", column,
				  columns->nr);
	return true;
}

bool trace_read_csv(struct trace *trace, struct input *input)
{
	struct columns columns = { 0 };
	uint64_t block = 0;
	char *line;

	if (!read_names(input, &columns))
		return false;
	for (;;) {
		if (!input_line(input, &line))
			return false;
		if (!line)
			return true;
		if (!line[strspn(line, " \t")])
			continue;
		if (!read_request(input, &columns, line, &block) ||
		    !trace_add(trace, input, block, 1))
			return false;
	}
}
