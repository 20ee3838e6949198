/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Knowing files by their magic numbers and encodings, see foreign.h.
 */
#include "foreign.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

struct mark {
	size_t at;
	size_t bytes;
	const char *mark;
	const char *what;
};

#define UNPACK ": unpack it and give the traces in it"
#define TABLE ": write the requests to a text file, as with --columns"
#define UTF16 "UTF-16 text: convert it, iconv -f UTF-16 -t UTF-8"
#define UTF32 "UTF-32 text: convert it, iconv -f UTF-32 -t UTF-8"

/* Where one mark begins another, the longer one comes first. */
static const struct mark marks[] = {
	{ 257, 5, "ustar", "a tar archive" UNPACK },
	{ 0, 4, "PK\3\4", "a zip archive" UNPACK },
	{ 0, 4, "PK\5\6", "an empty zip archive" },
	{ 0, 6, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive" UNPACK },
	{ 0, 4, "Rar!", "a RAR archive" UNPACK },
	{ 0, 4, "LZIP", "lzip data: unpack it, lzip -d" },
	{ 0, 3, "\x5d\0\0", "lzma data: unpack it, xz --format=lzma -d" },
	{ 0, 2, "\x1f\x9d", "compress data: unpack it, uncompress" },
	{ 0, 4, "\x02\x21\x4c\x18",
	  "lz4 data in the legacy format: unpack it, lz4 -d" },
	{ 0, 5, "\x89LZO\0", "lzop data: unpack it, lzop -d" },
	{ 0, 8, "\xff\6\0\0sNaP", "snappy data: unpack it" },
	{ 0, 4, "PAR1", "a Parquet file" TABLE },
	{ 0, 4, "\x89HDF", "an HDF5 file" TABLE },
	{ 0, 6, "ARROW1", "an Arrow file" TABLE },
	{ 0, 6, "\x93NUMPY", "a NumPy array" TABLE },
	{ 0, 16, "SQLite format 3", "an SQLite database" TABLE },
	{ 0, 8, "\xf0\xde\xbc\x9a\x78\x56\x34\x12",
	  "libCacheSim's format lcs: convert it to oracleGeneral" },
	{ 0, 8, "PERFILE2", "perf's data" TABLE },
	{ 0, 10, "\x17\x08\x44tracing", "data of trace-cmd" TABLE },
	{ 0, 4, "\xd4\xc3\xb2\xa1", "a packet capture" TABLE },
	{ 0, 4, "\n\r\r\n", "a packet capture" TABLE },
	{ 0, 4,
	  "\x7f"
	  "ELF",
	  "a program" },
	{ 0, 5, "%PDF-", "a PDF document" },
	{ 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
	  "an Office document: save it as CSV" },
	{ 0, 4, "\xff\xfe\0\0", UTF32 },
	{ 0, 4, "\0\0\xfe\xff", UTF32 },
	{ 0, 2, "\xff\xfe", UTF16 },
	{ 0, 2, "\xfe\xff", UTF16 },
};

static bool has_mark(const struct mark *mark, const uint8_t *start,
		     size_t bytes)
{
	return bytes >= mark->at + mark->bytes &&
	       !memcmp(start + mark->at, mark->mark, mark->bytes);
}

/* Every second byte is zero and every other one is of a text. */
static bool is_utf16(const uint8_t *start, size_t bytes)
{
	size_t zero = bytes >= 2 && !start[0] ? 0 : 1, i;

	for (i = 0; i + 1 < bytes; i += 2)
		if (start[i + zero] || (!isprint(start[i + 1 - zero]) &&
					!isspace(start[i + 1 - zero])))
			return false;
	return bytes >= 4;
}

const char *foreign_kind(const uint8_t *start, size_t bytes)
{
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (has_mark(&marks[i], start, bytes))
			return marks[i].what;
	return is_utf16(start, bytes) ? UTF16 : NULL;
}
