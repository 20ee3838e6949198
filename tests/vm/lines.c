// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes lines to the file of a KVM host's clients (glue-kvm/control.c) that are
 * right, nearly right and quite wrong, and sees what becomes of a client's terms.
 *
 *     lines FILE PID COUNT SEED
 *
 * A third of the lines says terms of PID's, with values within the limits, at them
 * and beyond; whether such a line is right is known.  Of another third some bytes
 * are changed, doubled or dropped; the rest is anything.  After each line the terms
 * must be within the limits: what they were if the line was refused, what it says
 * if it was right.
 *
 * Prints a line of key=value pairs.  Status: 0, 1 when a line did what it should
 * not, which is shown, 2 when it could not be done.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KERNEL_LINE 128 /* the file takes less */
#define LINE_SIZE 192
#define MAX_TERMS 6 /* in a line */
#define MAX_MB (4u << 20)
#define MAX_WEIGHT 65535u
#define SURE_MB 16u /* any cache here can promise so much */

enum term {
	GUARANTEED,
	MAX,
	WEIGHT,
	POLICY,
	FROZEN,
	NR_TERMS
};

static const char *const key_name[NR_TERMS] = {
	"guaranteed_mb", "max_mb", "weight", "policy", "frozen",
};

static const char *const policy_name[] = { "s3fifo", "lru", "arc" };

#define NR_POLICIES (sizeof(policy_name) / sizeof(policy_name[0]))

struct terms {
	uint32_t value[NR_TERMS]; /* POLICY's: its place among the names */
};

/* A line, and what is known of it. */
struct line {
	char text[LINE_SIZE];
	size_t length;
	enum {
		RIGHT,
		WRONG,
		UNKNOWN
	} is;
	struct terms wanted; /* if it is right, afterwards */
};

static const char *path;
static long pid;
static uint64_t state;

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014) */
static uint32_t below(uint32_t limit)
{
	uint64_t x = state += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((x ^ x >> 31) % limit);
}

/* The file */

/* The term of that name, or NR_TERMS. */
static enum term find_key(const char *key)
{
	enum term term = 0;

	while (term < NR_TERMS && strcmp(key, key_name[term]) != 0)
		term++;
	return term;
}

static bool parse_value(enum term term, const char *word, uint32_t *value)
{
	char *end;

	if (term != POLICY) {
		*value = (uint32_t)strtoul(word, &end, 10);
		return end > word && !*end;
	}
	for (*value = 0; *value < NR_POLICIES; ++*value)
		if (!strcmp(word, policy_name[*value]))
			return true;
	return false;
}

/* What a row says under its headings; false: not all terms are there. */
static bool parse_row(char *heading, char *row, struct terms *terms)
{
	char *keys, *words, *key = strtok_r(heading, " \n", &keys);
	char *word = strtok_r(row, " \n", &words);
	int found = 0;

	while (key && word) {
		enum term term = find_key(key);

		if (term < NR_TERMS)
			found += parse_value(term, word, &terms->value[term]);
		key = strtok_r(NULL, " \n", &keys);
		word = strtok_r(NULL, " \n", &words);
	}
	return !key && !word && found == NR_TERMS;
}

/* False: the file is no table with a row of the client's. */
static bool read_terms(struct terms *terms)
{
	char heading[1024], row[1024];
	FILE *file = fopen(path, "r");
	bool found = false;

	if (!file)
		err(2, "%s", path);
	if (!fgets(heading, sizeof(heading), file))
		heading[0] = '\0';
	while (!found && fgets(row, sizeof(row), file))
		found = strtol(row, NULL, 10) == pid &&
			parse_row(heading, row, terms);
	fclose(file);
	return found;
}

static bool is_within_limits(const struct terms *terms)
{
	const uint32_t *value = terms->value;

	return value[GUARANTEED] <= MAX_MB && value[MAX] <= MAX_MB &&
	       (!value[MAX] || value[MAX] >= value[GUARANTEED]) &&
	       value[WEIGHT] >= 1 && value[WEIGHT] <= MAX_WEIGHT &&
	       value[POLICY] < NR_POLICIES && value[FROZEN] <= 1;
}

/* 0, or the error. */
static int write_line(const struct line *line)
{
	int file = open(path, O_WRONLY), error = 0;
	ssize_t done;

	if (file < 0)
		err(2, "%s", path);
	done = write(file, line->text, line->length);
	if (done < 0)
		error = errno;
	else if ((size_t)done != line->length)
		error = EIO;
	close(file);
	return error;
}

/* Lines that say terms */

static void append(struct line *line, const char *text)
{
	size_t length = strlen(text);

	if (line->length + length > LINE_SIZE)
		length = LINE_SIZE - line->length;
	memcpy(line->text + line->length, text, length);
	line->length += length;
}

static void append_number(struct line *line, const char *format, long number)
{
	char text[32];

	snprintf(text, sizeof(text), format, number);
	append(line, text);
}

static uint32_t choose_policy(struct line *line)
{
	uint32_t i = below(NR_POLICIES + 1);

	append(line, i < NR_POLICIES ? policy_name[i] : "fifo");
	if (i == NR_POLICIES)
		line->is = WRONG;
	return i;
}

static uint32_t choose_number(struct line *line)
{
	static const struct {
		const char *text;
		uint32_t value;
		bool is_number;
	} words[] = {
		{ "0", 0, true },
		{ "1", 1, true },
		{ "007", 7, true },
		{ "0x10", 16, true },
		{ "12", 12, true },
		{ "65535", 65535, true },
		{ "65536", 65536, true },
		{ "4194304", 4194304, true },
		{ "4194305", 4194305, true },
		{ "4294967295", 4294967295, true },
		{ "4294967296", 0, false },
		{ "18446744073709551617", 0, false },
		{ "-1", 0, false },
		{ "1x", 0, false },
		{ "none", 0, false },
	};
	/* The first are right for most terms. */
	uint32_t nr = sizeof(words) / sizeof(words[0]);
	uint32_t i = below(below(4) ? 2 : nr);

	append(line, words[i].text);
	if (!words[i].is_number)
		line->is = WRONG;
	return words[i].value;
}

/* A key and a value. */
static void append_term(struct line *line)
{
	enum term term = below(NR_TERMS);
	uint32_t value;

	append(line, " ");
	append(line, key_name[term]);
	append(line, " ");
	value = term == POLICY ? choose_policy(line) : choose_number(line);
	if ((term == GUARANTEED || term == MAX) && value > MAX_MB)
		line->is = WRONG;
	if (term == FROZEN && value > 1)
		line->is = WRONG;
	line->wanted.value[term] = value;
}

/* Whether a line of terms is right, when it is whole. */
static void judge(struct line *line)
{
	uint32_t *value = line->wanted.value;

	if (!value[WEIGHT])
		value[WEIGHT] = 100;
	if (line->length >= KERNEL_LINE || !is_within_limits(&line->wanted))
		line->is = WRONG;
	if (line->is == RIGHT && value[GUARANTEED] > SURE_MB)
		line->is = UNKNOWN;
}

static void make_terms(struct line *line)
{
	uint32_t n = 1 + below(MAX_TERMS);

	append_number(line, "%ld", pid);
	while (n--)
		append_term(line);
	if (below(2))
		append(line, "\n");
	judge(line);
}

/* Other lines */

static void make_word(struct line *line)
{
	static const char *const words[] = {
		" flush",	" reset", " flush\n", " flush 1",
		" reset flush", " drop",  " ",	      ""
	};
	uint32_t i = below(sizeof(words) / sizeof(words[0]));

	append_number(line, "%ld", below(4) ? pid : pid + 1);
	append(line, words[i]);
	line->is = UNKNOWN;
}

static void make_bytes(struct line *line)
{
	line->length = 1 + below(LINE_SIZE);
	for (size_t i = 0; i < line->length; i++)
		line->text[i] = (char)below(256);
	line->is = UNKNOWN;
}

/* Changes a byte, or drops some, or says some of it twice. */
static void spoil(struct line *line)
{
	size_t at = below((uint32_t)line->length);
	size_t rest = line->length - at, part = below((uint32_t)rest + 1);
	char copy[LINE_SIZE];

	line->is = UNKNOWN;
	memcpy(copy, line->text + at, rest);
	switch (below(3)) {
	case 0:
		line->text[at] =
			below(2) ? (char)below(256) : " \n\t0-x9"[below(7)];
		return;
	case 1:
		memcpy(line->text + at, copy + part, rest - part);
		line->length -= part < line->length ? part : 0;
		return;
	default:
		if (line->length + part > LINE_SIZE)
			return;
		memcpy(line->text + at + part, copy, rest);
		line->length += part;
	}
}

static void make_line(struct line *line, const struct terms *now)
{
	uint32_t kind = below(12), n;

	*line = (struct line){ .is = RIGHT, .wanted = *now };
	if (kind < 2)
		make_bytes(line);
	else if (kind < 4)
		make_word(line);
	else
		make_terms(line);
	if (kind >= 8)
		for (n = 1 + below(3); n; n--)
			spoil(line);
}

/* The test */

static void show(const struct line *line, const char *what, int error)
{
	printf("lines: %s (%s): '", what, error ? strerror(error) : "taken");
	for (size_t i = 0; i < line->length; i++)
		if (line->text[i] >= ' ' && line->text[i] <= '~')
			putchar(line->text[i]);
		else
			printf("\\x%02x", (unsigned char)line->text[i]);
	puts("'");
}

/* What is wrong with that, or NULL. */
static const char *complaint(const struct line *line, int error,
			     const struct terms *before,
			     const struct terms *after)
{
	if (!is_within_limits(after))
		return "terms beyond the limits";
	if (error && memcmp(before, after, sizeof(*after)) != 0)
		return "refused, and yet terms have changed";
	if (error && line->is == RIGHT)
		return "refused, and yet it is right";
	if (!error && (line->is == WRONG || line->length >= KERNEL_LINE))
		return "taken, and yet it is wrong";
	if (line->is == RIGHT &&
	    memcmp(&line->wanted, after, sizeof(*after)) != 0)
		return "taken, and yet the terms are others";
	return NULL;
}

/* Writes a line; true if it was taken. */
static bool try_line(struct terms *now)
{
	struct terms before = *now;
	struct line line;
	const char *wrong;
	int error;

	make_line(&line, now);
	error = write_line(&line);
	wrong = read_terms(now) ? complaint(&line, error, &before, now)
				: "the client is not there";
	if (wrong) {
		show(&line, wrong, error);
		exit(1);
	}
	return !error;
}

int main(int argc, char **argv)
{
	unsigned long count, taken = 0, i;
	struct terms now = { { 0 } };

	if (argc != 5)
		errx(2, "usage: lines FILE PID COUNT SEED");
	path = argv[1];
	pid = strtol(argv[2], NULL, 10);
	count = strtoul(argv[3], NULL, 10);
	state = strtoull(argv[4], NULL, 10);
	if (!read_terms(&now))
		errx(2, "no client %ld in %s", pid, path);
	for (i = 0; i < count; i++)
		taken += try_line(&now);
	printf("lines=%lu taken=%lu refused=%lu\n", count, taken,
	       count - taken);
	return 0;
}
