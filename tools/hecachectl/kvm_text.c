// SPDX-License-Identifier: GPL-2.0-only
/* Text of hecache-kvm.ko's files, see kvm_text.h. */
#include "kvm_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

#define ROW_SIZE 1024 /* of the longest line that is read, with its end */

/* Lines */

/* A line without its end; false: there is none, or *@err. */
static bool next_line(FILE *file, char line[ROW_SIZE], int *err)
{
	size_t len;

	errno = EIO;
	if (!fgets(line, ROW_SIZE, file)) {
		*err = ferror(file) ? -errno : 0;
		return false;
	}
	len = strcspn(line, "\n");
	/* Longer than that, or with a NUL in it. */
	*err = line[len] || feof(file) ? 0 : -EPROTO;
	line[len] = '\0';
	return !*err;
}

static char *next_word(char **rest)
{
	return strtok_r(NULL, " ", rest);
}

int kvm_text_number(FILE *file, uint64_t most, uint64_t *number)
{
	char line[ROW_SIZE];
	int err;

	if (!next_line(file, line, &err))
		return err ? err : -EPROTO;
	return number_parse(line, most, number) ? 0 : -EPROTO;
}

/* Keys and values */

/* The most that a key's value may be. */
static uint64_t limit_of(const char *key)
{
	static const struct {
		const char *key;
		uint64_t most;
	} limits[] = {
		{ "pid", INT32_MAX },  { "guaranteed_mb", MAX_MIB },
		{ "max_mb", MAX_MIB }, { "weight", MAX_WEIGHT },
		{ "frozen", 1 },       { "idle_tax", MAX_TAX },
	};
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (!strcmp(key, limits[i].key))
			return limits[i].most;
	return UINT64_MAX;
}

static int parse_value(const char *key, const char *word, uint64_t *value)
{
	return number_parse(word, limit_of(key), value) ? 0 : -EPROTO;
}

static bool set_count(uint64_t count[NR_COUNTS], const char *key,
		      uint64_t value)
{
	unsigned int i;

	for (i = 0; i < NR_COUNTS; i++) {
		if (!strcmp(key, count_name[i])) {
			count[i] = value;
			return true;
		}
	}
	return false;
}

static void set_cache(struct cache *cache, const char *key, uint64_t value)
{
	if (set_count(cache->count, key, value))
		return;
	if (!strcmp(key, "frames"))
		cache->frames = value;
	else if (!strcmp(key, "frames_free"))
		cache->frames_free = value;
	else if (!strcmp(key, "metadata_bytes"))
		cache->metadata_bytes = value;
	else if (!strcmp(key, "idle_tax"))
		cache->idle_tax = (uint32_t)value;
}

/* "KEY VALUE" */
static int parse_pair(char *line, struct cache *cache)
{
	char *rest = line, *key = strtok_r(line, " ", &rest);
	char *word = key ? next_word(&rest) : NULL;
	uint64_t value;

	if (!word || next_word(&rest) || parse_value(key, word, &value))
		return -EPROTO;
	set_cache(cache, key, value);
	return 0;
}

int kvm_text_cache(FILE *file, struct cache *cache)
{
	char line[ROW_SIZE];
	int err = 0;

	while (!err && next_line(file, line, &err))
		err = parse_pair(line, cache);
	return err;
}

/* Tables: a heading, and a line for each row. */

/* Puts the word under heading @key into @row. */
typedef int (*set_word)(void *row, const char *key, const char *word);

/* As many words as headings, of which one says whose row it is. */
static int parse_row(const char *heading, char *line, set_word set, void *row)
{
	char *headings = strdup(heading), *key, *keys, *word, *words;
	int err = headings ? 0 : -ENOMEM;
	bool has_owner = false;

	key = err ? NULL : strtok_r(headings, " ", &keys);
	word = strtok_r(line, " ", &words);
	while (!err && key) {
		err = word ? set(row, key, word) : -EPROTO;
		has_owner |= !strcmp(key, "pid");
		key = next_word(&keys);
		word = next_word(&words);
	}
	if (!err && (word || !has_owner))
		err = -EPROTO;
	free(headings);
	return err;
}

/* A row of zeroes behind the others, or NULL. */
static void *add_row(void **rows, size_t nr, size_t size)
{
	char *more = realloc(*rows, (nr + 1) * size);

	if (!more)
		return NULL;
	*rows = more;
	return memset(more + nr * size, 0, size);
}

static int read_rows(FILE *file, set_word set, size_t size, void **rows,
		     size_t *nr)
{
	char heading[ROW_SIZE], line[ROW_SIZE];
	int err;

	if (!next_line(file, heading, &err))
		return err ? err : -EPROTO;
	while (!err && next_line(file, line, &err)) {
		void *row = add_row(rows, *nr, size);

		err = row ? parse_row(heading, line, set, row) : -ENOMEM;
		++*nr;
	}
	return err;
}

/* Rows of @size bytes that begin as zeroes; *@rows is the caller's to free. */
static int read_table(FILE *file, set_word set, size_t size, void **rows,
		      size_t *nr)
{
	int err;

	*rows = NULL;
	*nr = 0;
	err = read_rows(file, set, size, rows, nr);
	if (err) {
		free(*rows);
		*rows = NULL;
		*nr = 0;
	}
	return err;
}

/* One word of a client's line, under its heading. */
static int set_client(void *row, const char *key, const char *word)
{
	struct client *client = row;
	struct terms *terms = &client->terms;
	uint64_t value;

	if (!strcmp(key, "policy"))
		return policy_find(word, &terms->policy) ? 0 : -EPROTO;
	if (parse_value(key, word, &value))
		return -EPROTO;
	if (set_count(client->count, key, value))
		return 0;
	if (!strcmp(key, "pid"))
		client->id = (uint32_t)value;
	else if (!strcmp(key, "frames"))
		client->frames = value;
	else if (!strcmp(key, "guaranteed_mb"))
		terms->guaranteed_pages = (uint32_t)value * PAGES_OF_MIB;
	else if (!strcmp(key, "max_mb"))
		terms->max_pages = (uint32_t)value * PAGES_OF_MIB;
	else if (!strcmp(key, "weight"))
		terms->weight = (uint32_t)value;
	else if (!strcmp(key, "frozen"))
		terms->frozen = value;
	return 0;
}

int kvm_text_clients(FILE *file, struct client **clients, size_t *nr)
{
	void *rows;
	int err = read_table(file, set_client, sizeof(**clients), &rows, nr);

	*clients = rows;
	return err;
}

static int set_pool(void *row, const char *key, const char *word)
{
	struct pool *pool = row;
	uint64_t value;

	if (!strcmp(key, "kind"))
		return pool_kind_find(word, &pool->kind) ? 0 : -EPROTO;
	if (parse_value(key, word, &value))
		return -EPROTO;
	if (!strcmp(key, "pid"))
		pool->client = (uint32_t)value;
	else if (!strcmp(key, "pool"))
		pool->id = value;
	else if (!strcmp(key, "pages"))
		pool->pages = value;
	return 0;
}

int kvm_text_pools(FILE *file, struct pool **pools, size_t *nr)
{
	void *rows;
	int err = read_table(file, set_pool, sizeof(**pools), &rows, nr);

	*pools = rows;
	return err;
}

/* Lines to be written */

void kvm_text_terms(char line[KVM_LINE_SIZE], uint32_t id,
		    const struct terms *terms, unsigned int which)
{
	char *end = line + sprintf(line, "%" PRIu32, id);

	if (which & TERM_GUARANTEED)
		end += sprintf(end, " guaranteed_mb %" PRIu32,
			       terms->guaranteed_pages / PAGES_OF_MIB);
	if (which & TERM_MAX)
		end += sprintf(end, " max_mb %" PRIu32,
			       terms->max_pages / PAGES_OF_MIB);
	if (which & TERM_WEIGHT)
		end += sprintf(end, " weight %" PRIu32, terms->weight);
	if (which & TERM_POLICY)
		end += sprintf(end, " policy %s", policy_name[terms->policy]);
	if (which & TERM_FROZEN)
		end += sprintf(end, " frozen %d", terms->frozen);
	sprintf(end, "\n");
}
