// SPDX-License-Identifier: GPL-2.0-only
/*
 * A Linux KVM host: the files of hecache-kvm.ko, which glue-kvm/README.md
 * describes.  Columns of tables and keys of `stats` go by their names, so that
 * a module with more of them is understood.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

#define PARAMETERS "/sys/module/hecache_kvm/parameters/"
#define DEBUGFS "/sys/kernel/debug/hecache/"

static const char *root = "";

static int make_path(char *path, size_t size, const char *file)
{
	int len = snprintf(path, size, "%s%s", root, file);

	return len < 0 || (size_t)len >= size ? -ENAMETOOLONG : 0;
}

static int open_file(const char *file, FILE **stream)
{
	char path[4096];
	int err = make_path(path, sizeof(path), file);

	if (err)
		return err;
	*stream = fopen(path, "re");
	return *stream ? 0 : -errno;
}

/* The kernel takes each write as one request, and answers it. */
static int write_file(const char *file, const char *text)
{
	char path[4096];
	ssize_t len = (ssize_t)strlen(text), done;
	int fd, err = make_path(path, sizeof(path), file);

	if (err)
		return err;
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	done = write(fd, text, (size_t)len);
	err = done < 0 ? -errno : done < len ? -EIO : 0;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

static int read_number(const char *file, uint64_t *number)
{
	FILE *stream;
	int err = open_file(file, &stream);

	if (err)
		return err;
	if (fscanf(stream, "%" SCNu64, number) != 1)
		err = -EPROTO;
	fclose(stream);
	return err;
}

static bool is_here(const char *dir)
{
	char path[4096];

	root = dir;
	return !make_path(path, sizeof(path), PARAMETERS) &&
	       !access(path, F_OK);
}

/* The whole of a word as a number. */
static int parse_number(const char *word, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(word, &end, 10);
	if (errno || end == word || *end || *word == '-')
		return -EPROTO;
	return 0;
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

static int get_cache(struct cache *cache)
{
	char key[64];
	uint64_t value;
	FILE *stats;
	int fields, err;

	memset(cache, 0, sizeof(*cache));
	err = read_number(PARAMETERS "max_mb", &value);
	if (err)
		return err;
	cache->frames_max = value * PAGES_OF_MIB;
	err = open_file(DEBUGFS "stats", &stats);
	if (err)
		return err;
	while ((fields = fscanf(stats, "%63s %" SCNu64, key, &value)) == 2)
		set_cache(cache, key, value);
	fclose(stats);
	return fields == EOF ? 0 : -EPROTO;
}

/* Tables: a heading, and a line for each row. */

/* Puts the word under heading @key into @row. */
typedef int (*set_word)(void *row, const char *key, const char *word);

static int parse_row(const char *heading, char *line, set_word set, void *row)
{
	char *headings = strdup(heading), *key, *keys, *word, *words;
	int err = headings ? 0 : -ENOMEM;

	key = err ? NULL : strtok_r(headings, " \n", &keys);
	word = strtok_r(line, " \n", &words);
	while (!err && key) {
		err = word ? set(row, key, word) : -EPROTO;
		key = strtok_r(NULL, " \n", &keys);
		word = strtok_r(NULL, " \n", &words);
	}
	free(headings);
	return err;
}

static int read_rows(FILE *stream, set_word set, size_t size, void **rows,
		     size_t *nr)
{
	char heading[1024], line[1024];

	if (!fgets(heading, sizeof(heading), stream))
		return -EPROTO;
	while (fgets(line, sizeof(line), stream)) {
		char *more = realloc(*rows, (*nr + 1) * size);
		int err = -ENOMEM;

		if (more) {
			*rows = more;
			more += *nr * size;
			memset(more, 0, size);
			err = parse_row(heading, line, set, more);
		}
		if (err)
			return err;
		++*nr;
	}
	return 0;
}

/* Rows of @size bytes that begin as zeroes; *@rows is the caller's to free. */
static int read_table(const char *file, set_word set, size_t size, void **rows,
		      size_t *nr)
{
	FILE *stream;
	int err = open_file(file, &stream);

	*rows = NULL;
	*nr = 0;
	if (err)
		return err;
	err = read_rows(stream, set, size, rows, nr);
	fclose(stream);
	if (err) {
		free(*rows);
		*rows = NULL;
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
	if (parse_number(word, &value))
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

static int get_clients(struct client **clients, size_t *nr)
{
	void *rows;
	int err = read_table(DEBUGFS "clients", set_client, sizeof(**clients),
			     &rows, nr);

	*clients = rows;
	return err;
}

static int set_pool(void *row, const char *key, const char *word)
{
	struct pool *pool = row;
	uint64_t value;

	if (!strcmp(key, "kind"))
		return pool_kind_find(word, &pool->kind) ? 0 : -EPROTO;
	if (parse_number(word, &value))
		return -EPROTO;
	if (!strcmp(key, "pid"))
		pool->client = (uint32_t)value;
	else if (!strcmp(key, "pool"))
		pool->id = value;
	else if (!strcmp(key, "pages"))
		pool->pages = value;
	return 0;
}

static int get_pools(struct pool **pools, size_t *nr)
{
	void *rows;
	int err = read_table(DEBUGFS "pools", set_pool, sizeof(**pools), &rows,
			     nr);

	*pools = rows;
	return err;
}

static int tell(uint32_t id, const char *what)
{
	char line[160];

	snprintf(line, sizeof(line), "%" PRIu32 "%s\n", id, what);
	return write_file(DEBUGFS "clients", line);
}

static int set(uint32_t id, const struct terms *terms, unsigned int which)
{
	char what[128];
	size_t n = 0;

	if (which & TERM_GUARANTEED)
		n += (size_t)sprintf(what + n, " guaranteed_mb %" PRIu32,
				     terms->guaranteed_pages / PAGES_OF_MIB);
	if (which & TERM_MAX)
		n += (size_t)sprintf(what + n, " max_mb %" PRIu32,
				     terms->max_pages / PAGES_OF_MIB);
	if (which & TERM_WEIGHT)
		n += (size_t)sprintf(what + n, " weight %" PRIu32,
				     terms->weight);
	if (which & TERM_POLICY)
		n += (size_t)sprintf(what + n, " policy %s",
				     policy_name[terms->policy]);
	if (which & TERM_FROZEN)
		sprintf(what + n, " frozen %d", terms->frozen);
	return tell(id, what);
}

static int flush(uint32_t id)
{
	return tell(id, " flush");
}

static int reset(uint32_t id)
{
	return tell(id, " reset");
}

static int write_number(const char *file, uint32_t number)
{
	char text[16];

	snprintf(text, sizeof(text), "%" PRIu32 "\n", number);
	return write_file(file, text);
}

static int resize(uint32_t mib)
{
	return write_number(PARAMETERS "size_mb", mib);
}

static int tax(uint32_t percent)
{
	return write_number(PARAMETERS "idle_tax", percent);
}

const struct host kvm_host = {
	.name = "kvm",
	.client = "pid",
	.is_here = is_here,
	.get_cache = get_cache,
	.get_clients = get_clients,
	.get_pools = get_pools,
	.set = set,
	.flush = flush,
	.reset = reset,
	.resize = resize,
	.tax = tax,
};
