// SPDX-License-Identifier: GPL-2.0-only
/*
 * change write|discard|zeroes DEVICE FIRST BYTES: changes a part of a device that
 * others may have open: blkdiscard wants it for itself, and dd's buffer need not be
 * aligned for direct writes.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BYTES_MAX 65536

static bool overwrite(int fd, uint64_t first, uint64_t bytes)
{
	static unsigned char data[BYTES_MAX]
		__attribute__((aligned(BYTES_MAX)));

	memset(data, 0x5a, sizeof(data));
	return bytes <= sizeof(data) &&
	       pwrite(fd, data, bytes, first) == (ssize_t)bytes;
}

int main(int argc, char **argv)
{
	uint64_t range[2];
	bool done;
	int fd;

	if (argc != 5)
		return 2;
	range[0] = strtoull(argv[3], NULL, 0);
	range[1] = strtoull(argv[4], NULL, 0);
	fd = open(argv[2], O_RDWR | O_DIRECT);
	if (!strcmp(argv[1], "write"))
		done = overwrite(fd, range[0], range[1]);
	else if (!strcmp(argv[1], "discard"))
		done = !ioctl(fd, BLKDISCARD, range);
	else
		done = !ioctl(fd, BLKZEROOUT, range);
	if (!done)
		perror(argv[2]);
	return !done;
}
