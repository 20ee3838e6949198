/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The meaning of columns, see columns.h.
 *
 * A list of --columns must be wholly understood.  Of a trace's own names only
 * those count that tell something; but what is told twice, or in a name that
 * may mean something else, is not guessed.
 */
#include "columns.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text.h"

#define LIST_BYTES 1024u

struct meaning {
	const char *name;
	enum column kind;
};

static const struct meaning of_list[] = {
	{ "-", COLUMN_IGNORED },      { "time", COLUMN_TIME },
	{ "volume", COLUMN_VOLUME },  { "rw", COLUMN_READ_WRITE },
	{ "write", COLUMN_IS_WRITE }, { "block", COLUMN_BLOCK },
	{ "sector", COLUMN_SECTOR },  { "offset", COLUMN_OFFSET },
	{ "blocks", COLUMN_BLOCKS },  { "sectors", COLUMN_SECTORS },
	{ "size", COLUMN_SIZE },      { NULL, 0 },
};

static const struct meaning of_names[] = {
	{ "lbn", COLUMN_BLOCK },
	{ "lba", COLUMN_BLOCK },
	{ "block", COLUMN_BLOCK },
	{ "page", COLUMN_BLOCK },
	{ "obj_id", COLUMN_BLOCK },
	{ "object", COLUMN_BLOCK },
	{ "key", COLUMN_BLOCK },
	{ "sector", COLUMN_SECTOR },
	{ "offset", COLUMN_OFFSET },
	{ "blocks", COLUMN_BLOCKS },
	{ "sectors", COLUMN_SECTORS },
	{ "size", COLUMN_SIZE },
	{ "obj_size", COLUMN_SIZE },
	{ "length", COLUMN_SIZE },
	{ "len", COLUMN_SIZE },
	{ "bytes", COLUMN_SIZE },
	{ "time", COLUMN_TIME },
	{ "timestamp", COLUMN_TIME },
	{ "volume", COLUMN_VOLUME },
	{ "volume_id", COLUMN_VOLUME },
	{ "volumeid", COLUMN_VOLUME },
	{ "device", COLUMN_VOLUME },
	{ "device_id", COLUMN_VOLUME },
	{ "hostname", COLUMN_VOLUME },
	{ "disknumber", COLUMN_VOLUME },
	{ "asu", COLUMN_VOLUME },
	{ NULL, 0 },
};

static const struct meaning *meaning_of(const struct meaning *known,
					const char *name)
{
	while (known->name && strcasecmp(known->name, name))
		known++;
	return known->name ? known : NULL;
}

/* The one place where columns->position or length goes; NULL: it is neither. */
static enum column *place_of(struct columns *columns, enum column kind)
{
	if (kind >= COLUMN_BLOCKS)
		return &columns->length;
	return kind >= COLUMN_BLOCK ? &columns->position : NULL;
}

static bool has(const struct columns *columns, enum column kind)
{
	return memchr(columns->kind, kind, columns->nr);
}

/* Appends a column; only one may tell the place, one the length, one the time. */
static bool add(struct input *input, struct columns *columns, const char *name,
		enum column kind)
{
	enum column *place = place_of(columns, kind);

	if (columns->nr == COLUMNS_MAX)
		return input_fail(input, "more than %u columns", COLUMNS_MAX);
	if (place && *place != COLUMN_IGNORED)
		return input_fail(input,
				  "the column %.20s and another tell the same: "
				  "say which is meant, --columns=...",
				  name);
	if (place)
		*place = kind;
	if (kind == COLUMN_TIME && has(columns, kind))
		kind = COLUMN_IGNORED;
	columns->kind[columns->nr++] = (uint8_t)kind;
	return true;
}

bool columns_parse(struct input *input, const char *list,
		   struct columns *columns)
{
	char copy[LIST_BYTES], *rest = copy, *name;

	memset(columns, 0, sizeof(*columns));
	if (strlen(list) >= sizeof(copy))
		return input_fail(input, "--columns is too long");
	strcpy(copy, list);
	while ((name = text_field(&rest, ','))) {
		const struct meaning *meaning = meaning_of(of_list, name);

		columns->or_more = !rest && !strcmp(name, "...");
		if (columns->or_more)
			break;
		if (!meaning)
			return input_fail(input,
					  "--columns: what is \"%.20s\"? Known "
					  "are time, volume, rw, write, block, "
					  "sector, offset, blocks, sectors, "
					  "size, - and ...",
					  name);
		if (!add(input, columns, name, meaning->kind))
			return false;
	}
	return columns->position != COLUMN_IGNORED ||
	       input_fail(input, "--columns: none is block, sector or offset");
}

/* None of the names tells where: what to do depends on whether one may. */
static bool fail_position(struct input *input, bool has_id)
{
	if (has_id)
		return input_fail(input, "the column id may be a block or just "
					 "a number of the line: say which "
					 "column is the block, --columns=...");
	return input_fail(input, "no column named lbn, lba, block, page, "
				 "obj_id, object, key, sector or offset: say "
				 "what the columns are, --columns=...");
}

bool columns_of_names(struct input *input, char *names, char delimiter,
		      struct columns *columns)
{
	bool has_id = false;
	char *name;

	memset(columns, 0, sizeof(*columns));
	names += strspn(names, "# ");
	while ((name = text_field(&names, delimiter))) {
		const struct meaning *meaning = meaning_of(of_names, name);

		has_id |= !strcasecmp(name, "id");
		if (!add(input, columns, name,
			 meaning ? meaning->kind : COLUMN_IGNORED))
			return false;
	}
	return columns->position != COLUMN_IGNORED ||
	       fail_position(input, has_id);
}
