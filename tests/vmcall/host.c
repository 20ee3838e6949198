// SPDX-License-Identifier: GPL-2.0-only
/* The host's files and system calls around the module. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "vm.h"

#define DEBUGFS "/sys/kernel/debug/hecache/"

const char *host_module;

static bool load(const char *path, const char *params)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long ret;
	int err;

	if (fd < 0)
		die("%s", path);
	ret = syscall(SYS_finit_module, fd, params, 0);
	err = errno;
	close(fd);
	errno = err;
	return !ret;
}

bool host_load(const char *params)
{
	return load(host_module, params);
}

bool host_unload(void)
{
	return !syscall(SYS_delete_module, "hecache_kvm", O_NONBLOCK);
}

bool host_take_hook(void)
{
	return load("taken.ko", "");
}

bool host_free_hook(void)
{
	return !syscall(SYS_delete_module, "taken", O_NONBLOCK);
}

bool host_is_loaded(void)
{
	return !access("/sys/module/hecache_kvm", F_OK);
}

static FILE *open_stats(const char *name)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), DEBUGFS "%s", name);
	file = fopen(path, "re");
	if (!file)
		die("%s: is the module loaded and debugfs mounted?", path);
	return file;
}

uint64_t host_stat(const char *key)
{
	FILE *file = open_stats("stats");
	unsigned long long value;
	char name[64];

	while (fscanf(file, "%63s %llu", name, &value) == 2) {
		if (!strcmp(name, key)) {
			fclose(file);
			return value;
		}
	}
	die("stats: no line \"%s\"", key);
}

bool host_stat_becomes(const char *key, uint64_t value)
{
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	int i;

	for (i = 0; i < 1000 && host_stat(key) != value; i++)
		nanosleep(&pause, NULL);
	return host_stat(key) == value;
}

bool host_has_client(pid_t pid)
{
	FILE *file = open_stats("clients");
	char line[256];
	bool found = false;

	while (fgets(line, sizeof(line), file))
		found |= atoi(line) == pid;
	fclose(file);
	return found;
}

/* The place of word @key in a line, or -1. */
static int column(char *line, const char *key)
{
	char *word, *rest = NULL;
	int i = 0;

	for (word = strtok_r(line, " \n", &rest); word;
	     word = strtok_r(NULL, " \n", &rest), i++)
		if (!strcmp(word, key))
			return i;
	return -1;
}

const char *host_client_value(pid_t pid, const char *key)
{
	static char line[512];
	FILE *file = open_stats("clients");
	char *word = NULL, *rest = NULL;
	int i, at = -1;

	if (fgets(line, sizeof(line), file))
		at = column(line, key);
	while (at >= 0 && !word && fgets(line, sizeof(line), file))
		if (atoi(line) == pid)
			word = strtok_r(line, " \n", &rest);
	fclose(file);
	for (i = 0; word && i < at; i++)
		word = strtok_r(NULL, " \n", &rest);
	if (!word)
		die("clients: no \"%s\" of process %d", key, (int)pid);
	return word;
}

bool host_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = strlen(value);
	bool done;
	int err;

	if (fd < 0)
		return false;
	done = write(fd, value, len) == len;
	err = errno;
	close(fd);
	errno = err;
	return done;
}

bool host_set(const char *param, unsigned int value)
{
	char path[128], text[16];

	snprintf(path, sizeof(path), "/sys/module/hecache_kvm/parameters/%s",
		 param);
	snprintf(text, sizeof(text), "%u", value);
	return host_write(path, text);
}

bool host_tell_client(pid_t pid, const char *what)
{
	char line[160];

	snprintf(line, sizeof(line), "%d %s\n", pid, what);
	return host_write(DEBUGFS "clients", line);
}

bool host_set_client(pid_t pid, const char *key, unsigned int value)
{
	char what[64];

	snprintf(what, sizeof(what), "%s %u", key, value);
	return host_tell_client(pid, what);
}
