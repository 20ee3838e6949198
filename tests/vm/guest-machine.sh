#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-machine (long): the guest's machine changes while files on the target do: its
# memory has a hole at 4 GiB, more is plugged in and taken away (virtio-mem), a processor
# goes and comes, the file system is frozen.  And a disk and targets that cannot be
# written.  One L1.
. "$(dirname "$0")/lib.sh"

shared=set
prepare
gcc -O2 -Wall -Wextra -Werror -static -o "$out/torture" "$here/torture.c"
guest_image --file "$out/torture" --program mkfs.ext4 --module virtio_mem \
	--module 'crc32c_generic?'
truncate -s 320M "$out/disk.img"
head -c 8M /dev/urandom >"$out/fixed.img"
run --mem 1408 --disk "$out/disk.img" --disk "$out/fixed.img"
