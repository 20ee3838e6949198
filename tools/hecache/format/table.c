/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading tables, see table.h.
 *
 * A line of names in front of a table whose columns are known anyway, because
 * of its format or because of --columns, is passed over.
 */
#include "table.h"

#include <string.h>
#include <strings.h>

#include "columns.h"
#include "text.h"

#define FIRST_SECONDS 1000000000u /* of Unix, with ten digits: from 2001 on */
#define FIRST_FILETIME 100000000000000000u /* of Windows: from 1917 on */

struct row {
	uint64_t seconds, position, length;
	uint32_t fraction;
	char volume[TRACE_NAME_BYTES];
};

static bool starts_with_digit(const char *text)
{
	return *text >= '0' && *text <= '9';
}

bool table_is_names(const char *line, char delimiter)
{
	char copy[INPUT_LINE_MAX + 1], *rest = copy, *field;

	strcpy(copy, line);
	while ((field = text_field(&rest, delimiter)))
		if (starts_with_digit(field))
			return false;
	return true;
}

/* Rows */

/* A name of several fields is HOST_DISK. */
static bool append_volume(struct input *input, struct row *row,
			  const char *field)
{
	size_t bytes = strlen(row->volume);

	if (bytes + strlen(field) + 2 > sizeof(row->volume))
		return input_fail(input,
				  "a volume's name of more than %zu bytes",
				  sizeof(row->volume) - 2);
	if (bytes)
		row->volume[bytes++] = '_';
	strcpy(row->volume + bytes, field);
	return true;
}

static bool check_read_write(struct input *input, const char *field)
{
	static const char *const words[] = { "R", "W", "Read", "Write" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcasecmp(field, words[i]))
			return true;
	return input_fail(input, "neither a read nor a write: \"%.20s\"",
			  field);
}

static bool check_is_write(struct input *input, const char *field)
{
	return !strcmp(field, "0") || !strcmp(field, "1") ||
	       input_fail(input,
			  "neither 0 (a read) nor 1 (a write): "
			  "\"%.20s\"",
			  field);
}

static bool parse_field(struct input *input, enum column kind, char *field,
			struct row *row)
{
	switch (kind) {
	case COLUMN_TIME:
		return text_time(input, field, &row->seconds, &row->fraction) ||
		       input_fail(input, "the time is not a number; --columns "
					 "with - in its place ignores it");
	case COLUMN_VOLUME:
		return append_volume(input, row, field);
	case COLUMN_READ_WRITE:
		return check_read_write(input, field);
	case COLUMN_IS_WRITE:
		return check_is_write(input, field);
	case COLUMN_BLOCK:
	case COLUMN_SECTOR:
	case COLUMN_OFFSET:
		return text_number_alone(input, field, "the block",
					 &row->position);
	case COLUMN_BLOCKS:
	case COLUMN_SECTORS:
	case COLUMN_SIZE:
		return text_number_alone(input, field, "the size",
					 &row->length);
	case COLUMN_IGNORED:
		break;
	}
	return true;
}

/*
 * Cuts a line into fields, which must be as many as the columns: by this a record
 * that was cut short is found.
 */
static bool cut(struct input *input, const struct columns *columns,
		char delimiter, char *line, char *fields[COLUMNS_MAX])
{
	unsigned int nr = 0;
	char *field;

	for (; (field = text_field(&line, delimiter)); nr++)
		if (nr < columns->nr)
			fields[nr] = field;
	if (nr == columns->nr || (nr > columns->nr && columns->or_more))
		return true;
	return input_fail(input, "%u fields, not %u", nr, columns->nr);
}

static bool parse_row(struct input *input, const struct columns *columns,
		      char delimiter, char *line, struct row *row)
{
	char *fields[COLUMNS_MAX];
	unsigned int i;

	memset(row, 0, sizeof(*row));
	if (!cut(input, columns, delimiter, line, fields))
		return false;
	for (i = 0; i < columns->nr; i++)
		if (!parse_field(input, columns->kind[i], fields[i], row))
			return false;
	return true;
}

/* Requests */

/* How many bytes a number in a column of @kind counts; 0: not known. */
static uint32_t unit_of(const struct reading *reading, enum column kind)
{
	switch (kind) {
	case COLUMN_BLOCK:
	case COLUMN_BLOCKS:
		return reading->block_bytes;
	case COLUMN_SECTOR:
	case COLUMN_SECTORS:
		return SECTOR_BYTES;
	default:
		return 1;
	}
}

/* A request for blocks of which nobody knows how long they are. */
static bool add_blocks(struct reading *reading, const struct columns *columns,
		       const struct row *row)
{
	uint64_t count = 1;

	if (columns->length == COLUMN_BLOCKS)
		count = row->length;
	else if (columns->length != COLUMN_IGNORED && !row->length)
		count = 0;
	return reading_blocks(reading, row->volume, row->position, count);
}

static bool add_bytes(struct reading *reading, const struct columns *columns,
		      const struct row *row)
{
	uint32_t unit = unit_of(reading, columns->position);
	uint64_t offset, bytes = unit;

	if (!reading_scale(reading, row->position, unit, &offset))
		return false;
	if (columns->length != COLUMN_IGNORED &&
	    !reading_scale(reading, row->length,
			   unit_of(reading, columns->length), &bytes))
		return false;
	return reading_bytes(reading, row->volume, offset, bytes);
}

static bool add_row(struct reading *reading, const struct columns *columns,
		    const struct row *row)
{

	if (!reading_time(reading, row->seconds, row->fraction))
		return false;
	if (!unit_of(reading, columns->position))
		return add_blocks(reading, columns, row);
	return add_bytes(reading, columns, row);
}

/* Tables */

/* --block-size has to fit what the columns count. */
static bool check_units(struct reading *reading, const struct columns *columns)
{
	bool blocks = columns->position == COLUMN_BLOCK ||
		      columns->length == COLUMN_BLOCKS;

	if (reading->options->block_bytes && !blocks)
		return input_fail(reading->input,
				  "no column counts blocks, so --block-size "
				  "means nothing");
	if (columns->position != COLUMN_BLOCK &&
	    columns->length == COLUMN_BLOCKS && !reading->block_bytes)
		return input_fail(reading->input,
				  "a column counts blocks: how long are they, "
				  "--block-size=...?");
	return true;
}

static bool read_rows(struct reading *reading, const struct columns *columns,
		      char delimiter, char *line)
{
	struct row row;

	if (!check_units(reading, columns))
		return false;
	while (line) {
		if (line[strspn(line, " \t")] &&
		    (!parse_row(reading->input, columns, delimiter, line,
				&row) ||
		     !add_row(reading, columns, &row)))
			return false;
		if (!input_line(reading->input, &line))
			return false;
	}
	return true;
}

static bool next_line(struct reading *reading, char **line)
{
	return input_line(reading->input, line) &&
	       (*line || input_fail(reading->input, "empty"));
}

/* A table whose columns are @list. */
static bool read_listed(struct reading *reading, const char *list,
			char delimiter)
{
	struct columns columns;
	char *line;

	if (!columns_parse(reading->input, list, &columns) ||
	    !next_line(reading, &line))
		return false;
	if (table_is_names(line, delimiter))
		*line = '\0';
	return read_rows(reading, &columns, delimiter, line);
}

static bool read_known(struct reading *reading)
{
	return read_listed(reading, reading->format->columns, ',');
}

const struct format format_msr = {
	.name = "msr",
	.is_text = true,
	.read = read_known,
	.columns = "time,volume,volume,rw,offset,size,-",
	.names = "Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime",
	.first_time = FIRST_FILETIME,
};

const struct format format_alibaba = {
	.name = "alibaba",
	.is_text = true,
	.read = read_known,
	.columns = "volume,rw,offset,size,time",
	.names = "device_id,opcode,offset,length,timestamp",
};

const struct format format_tencent = {
	.name = "tencent",
	.is_text = true,
	.read = read_known,
	.columns = "time,sector,sectors,write,volume",
	.names = "Timestamp,Offset,Size,IOType,VolumeID",
	.first_time = FIRST_SECONDS,
};

const struct format format_spc = {
	.name = "spc",
	.is_text = true,
	.read = read_known,
	.counts_blocks = true,
	.block_bytes = SECTOR_BYTES,
	.columns = "volume,block,size,rw,time,...",
	.names = "ASU,LBA,Size,Opcode,Timestamp",
};

static const struct format *const known[] = { &format_msr, &format_alibaba,
					      &format_tencent, &format_spc };

#define NR_KNOWN (sizeof(known) / sizeof(known[0]))

/* The format that has this very line of names, or NULL. */
static const struct format *named_by(const char *line)
{
	size_t i;

	for (i = 0; i < NR_KNOWN; i++)
		if (!strcasecmp(line, known[i]->names))
			return known[i];
	return NULL;
}

/* Names that a known format has mean what they mean there. */
static bool find_columns(struct reading *reading, char *names, char delimiter,
			 struct columns *columns)
{
	const struct format *format = named_by(names);

	if (format)
		return columns_parse(reading->input, format->columns, columns);
	return columns_of_names(reading->input, names, delimiter, columns);
}

static bool read_csv(struct reading *reading)
{
	const struct reading_options *options = reading->options;
	char delimiter = options->delimiter ? options->delimiter : ',';
	struct columns columns;
	char *line;

	if (options->columns)
		return read_listed(reading, options->columns, delimiter);
	if (!next_line(reading, &line) ||
	    !find_columns(reading, line, delimiter, &columns))
		return false;
	*line = '\0';
	return read_rows(reading, &columns, delimiter, line);
}

const struct format format_csv = {
	.name = "csv",
	.is_text = true,
	.read = read_csv,
	.counts_blocks = true,
};

/* Where all columns have numbers, the time tells whose they are. */
static bool fits(const struct format *format, const char *line)
{
	char copy[INPUT_LINE_MAX + 1];
	struct columns columns;
	struct input scratch;
	struct row row;

	strcpy(copy, line);
	if (!columns_parse(&scratch, format->columns, &columns) ||
	    !parse_row(&scratch, &columns, ',', copy, &row))
		return false;
	return row.seconds >= format->first_time;
}

const struct format *table_format_of(const char *line)
{
	const struct format *named = named_by(line);
	size_t i;

	if (named)
		return named;
	for (i = 0; i < NR_KNOWN; i++)
		if (fits(known[i], line))
			return known[i];
	return NULL;
}
