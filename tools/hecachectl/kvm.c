// SPDX-License-Identifier: GPL-2.0-only
/*
 * A Linux KVM host: the files of hecache-kvm.ko, opened, read and written.  What
 * they hold is kvm_text's.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "kvm_text.h"

#define PARAMETERS "/sys/module/hecache_kvm/parameters/"
#define DEBUGFS "/sys/kernel/debug/hecache/"

static const char *root = "";

static int make_path(char *path, size_t size, const char *file)
{
	int len = snprintf(path, size, "%s%s", root, file);

	return len < 0 || (size_t)len >= size ? -ENAMETOOLONG : 0;
}

static int open_file(const char *name, FILE **file)
{
	char path[4096];
	int err = make_path(path, sizeof(path), name);

	if (err)
		return err;
	*file = fopen(path, "re");
	return *file ? 0 : -errno;
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

static bool is_here(const char *dir)
{
	char path[4096];

	root = dir;
	return !make_path(path, sizeof(path), PARAMETERS) &&
	       !access(path, F_OK);
}

static int get_cache(struct cache *cache)
{
	uint64_t max_mib;
	FILE *file;
	int err = open_file(PARAMETERS "max_mb", &file);

	memset(cache, 0, sizeof(*cache));
	if (err)
		return err;
	err = kvm_text_number(file, MAX_MIB, &max_mib);
	fclose(file);
	if (!err)
		err = open_file(DEBUGFS "stats", &file);
	if (err)
		return err;
	cache->frames_max = max_mib * PAGES_OF_MIB;
	err = kvm_text_cache(file, cache);
	fclose(file);
	return err;
}

static int get_clients(struct client **clients, size_t *nr)
{
	FILE *file;
	int err = open_file(DEBUGFS "clients", &file);

	if (err)
		return err;
	err = kvm_text_clients(file, clients, nr);
	fclose(file);
	return err;
}

static int get_pools(struct pool **pools, size_t *nr)
{
	FILE *file;
	int err = open_file(DEBUGFS "pools", &file);

	if (err)
		return err;
	err = kvm_text_pools(file, pools, nr);
	fclose(file);
	return err;
}

static int write_line(const char *line)
{
	return write_file(DEBUGFS "clients", line);
}

static int set(uint32_t id, const struct terms *terms, unsigned int which)
{
	char line[KVM_LINE_SIZE];

	kvm_text_terms(line, id, terms, which);
	return write_line(line);
}

static int tell(uint32_t id, const char *what)
{
	char line[KVM_LINE_SIZE];

	snprintf(line, sizeof(line), "%" PRIu32 " %s\n", id, what);
	return write_line(line);
}

static int flush(uint32_t id)
{
	return tell(id, "flush");
}

static int reset(uint32_t id)
{
	return tell(id, "reset");
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
	.missing = "is debugfs mounted?",
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
