// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control groups (v2) by path and by number, see cgroup.h.
 *
 * A group's number is that of its folder's inode; the kernel opens a folder by it.
 */
#define _GNU_SOURCE /* open_by_handle_at */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "host.h"
#include "number.h"

#define HIERARCHY "/sys/fs/cgroup"
#define MAGIC 0x63677270 /* CGROUP2_SUPER_MAGIC */
#define PREFIX "cgroup:"
#define HANDLE_KERNFS 0xfe /* FILEID_KERNFS */

static int find_path(const char *path, uint64_t *id)
{
	struct statfs hierarchy;
	struct stat folder;

	if (stat(path, &folder) || statfs(path, &hierarchy)) {
		host_because("%s: %s", path, strerror(errno));
		return -ENOENT;
	}
	if (!S_ISDIR(folder.st_mode) || hierarchy.f_type != MAGIC) {
		host_because("%s is no control group of version 2", path);
		return -EINVAL;
	}
	*id = folder.st_ino;
	return 0;
}

int cgroup_find(const char *root, const char *word, uint64_t *id)
{
	size_t prefix = strlen(PREFIX);
	char path[4096];
	int len;

	if (!strncmp(word, PREFIX, prefix) &&
	    number_parse(word + prefix, UINT64_MAX, id))
		return 0;
	if (word[0] != '/') {
		host_because("neither a process's id nor the path of a control "
			     "group, which begins with /");
		return -EINVAL;
	}
	len = snprintf(path, sizeof(path), "%s" HIERARCHY "%s", root, word);
	if (len < 0 || (size_t)len >= sizeof(path))
		return -ENAMETOOLONG;
	return find_path(path, id);
}

/* The folder of that number, open; or -1. */
static int open_folder(const char *root, uint64_t id)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(id)];
	} file = { .handle = { .handle_bytes = sizeof(id),
			       .handle_type = HANDLE_KERNFS } };
	char path[4096];
	int fd, hierarchy;

	snprintf(path, sizeof(path), "%s" HIERARCHY, root);
	hierarchy = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (hierarchy < 0)
		return -1;
	memcpy(file.room + sizeof(struct file_handle), &id, sizeof(id));
	fd = open_by_handle_at(hierarchy, &file.handle, O_PATH | O_CLOEXEC);
	close(hierarchy);
	return fd;
}

/* Its path, as the system has it; false: unknown. */
static bool read_path(int fd, char *path, size_t size)
{
	char link[32];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, size - 1);
	if (len < 0)
		return false;
	path[len] = '\0';
	return true;
}

void cgroup_name(const char *root, uint64_t id, char *word, size_t size)
{
	size_t above = strlen(root) + strlen(HIERARCHY);
	int fd = open_folder(root, id);
	char path[4096];
	bool found = fd >= 0 && read_path(fd, path, sizeof(path)) &&
		     strlen(path) >= above;

	if (fd >= 0)
		close(fd);
	if (!found)
		snprintf(word, size, PREFIX "%" PRIu64, id);
	else
		snprintf(word, size, "%s", path[above] ? path + above : "/");
}
