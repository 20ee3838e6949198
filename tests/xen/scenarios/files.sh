#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# files: a PV domU with too little memory for its files, on ext4 over the dm
# target: fio writes and verifies, buffered and direct, and every byte of a set
# of files is checked.  One disk, which fio's program is on, too.
. "$(dirname "$0")/lib.sh"

prepare debug
prepare_guest
mkdir "$out/tree"
"$out/reread" make "$out/tree/set" 6 16 1
"$root/testbed/busybox-tree" "$out/tree/root"
"$root/testbed/program" "$out/tree/root" fio
# Blocks of a page: of smaller ones few lie where the cache's pages do.
truncate -s 400M "$out/disk.img"
mke2fs -q -F -t ext4 -b 4096 -d "$out/tree" "$out/disk.img"
rm -r "$out/tree"
guest_image --file "$guest_ko" --file "$out/reread" --program dmsetup \
	--module dm-mod
run --cache 160M --disk "$out/disk.img" --timeout 1500
