// SPDX-License-Identifier: GPL-2.0-only
/* The host's files and system calls around the module. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "vm.h"

#define STATS "/sys/class/misc/hecache/stats/"
#define DEVICE "/dev/hecache"

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

bool host_load_stale(void)
{
	return load("stale.ko", "size_mb=16");
}

unsigned int host_kvm_users(void)
{
	FILE *file = fopen("/sys/module/kvm/refcnt", "re");
	unsigned int users;

	if (!file || fscanf(file, "%u", &users) != 1)
		die("KVM is no module");
	fclose(file);
	return users;
}

bool host_is_loaded(void)
{
	return !access("/sys/module/hecache_kvm", F_OK);
}

uint64_t host_stat(const char *key)
{
	unsigned long long value;
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), STATS "%s", key);
	file = fopen(path, "re");
	if (!file || fscanf(file, "%llu", &value) != 1)
		die("%s: is the module loaded?", path);
	fclose(file);
	return value;
}

bool host_stat_becomes(const char *key, uint64_t value)
{
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	int i;

	for (i = 0; i < 1000 && host_stat(key) != value; i++)
		nanosleep(&pause, NULL);
	return host_stat(key) == value;
}

int host_device(int flags)
{
	int fd = open(DEVICE, flags | O_CLOEXEC);

	if (fd < 0)
		die(DEVICE);
	return fd;
}

bool host_ask(unsigned long number, void *op)
{
	int fd = host_device(O_RDWR), err;

	err = ioctl(fd, number, op) ? errno : 0;
	close(fd);
	errno = err;
	return !err;
}

bool host_client(pid_t pid, struct hecache_control_client *client)
{
	struct hecache_control_client next = {
		.version = HECACHE_CONTROL_VERSION
	};
	bool found = false;

	while (host_ask(HECACHE_CLIENT, &next)) {
		if (next.pid == (uint32_t)pid) {
			*client = next;
			found = true;
		}
	}
	if (errno != ESRCH)
		die("CLIENT");
	return found;
}

/* The id of that client, or one that nobody has. */
static uint64_t id_of(pid_t pid)
{
	struct hecache_control_client client;

	return host_client(pid, &client) ? client.id : UINT64_MAX;
}

bool host_set_term(pid_t pid, uint32_t term, uint32_t value)
{
	struct hecache_control_set set = {
		.version = HECACHE_CONTROL_VERSION,
		.client = id_of(pid),
		.which = term,
	};
	uint32_t *terms[] = {
		&set.terms.guaranteed_pages, &set.terms.max_pages,
		&set.terms.weight,	     &set.terms.max_pools,
		&set.terms.policy,	     &set.terms.frozen,
	};

	*terms[__builtin_ctz(term)] = value;
	return host_ask(HECACHE_SET, &set);
}

bool host_ask_one(pid_t pid, unsigned long number)
{
	struct hecache_control_one one = { .version = HECACHE_CONTROL_VERSION,
					   .client = id_of(pid) };

	return host_ask(number, &one);
}

bool host_ask_value(unsigned long number, uint32_t value)
{
	struct hecache_control_value op = { .version = HECACHE_CONTROL_VERSION,
					    .value = value };

	return host_ask(number, &op);
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
