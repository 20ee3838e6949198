// SPDX-License-Identifier: GPL-2.0-only
/*
 * kexec KERNEL INITRD WORDS: another kernel goes on in this one's place, at once, with
 * those words on its command line.  Status 2: it could not be done.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

static int file(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		err(2, "%s", path);
	return fd;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		errx(2, "usage: kexec KERNEL INITRD WORDS");
	if (syscall(SYS_kexec_file_load, file(argv[1]), file(argv[2]),
		    strlen(argv[3]) + 1, argv[3], 0ul))
		err(2, "kexec_file_load");
	reboot(LINUX_REBOOT_CMD_KEXEC);
	err(2, "reboot");
}
