#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# fio: fio verifies what it wrote, buffered, direct and both at once, on ext4
# over the target, in a guest with less memory than files.
. "$(dirname "$0")/lib.sh"

prepare
guest_image --program e2fsck

# fio and its libraries would fill the guest's memory: they go on a disk.
mkdir "$out/tools"
"$root/testbed/program" "$out/tools" fio
cp "$here/fio.job" "$out/tools"
"$root/testbed/imagefs" "$out/tools" "$out/tools.img"
rm -r "$out/tools"
mke2fs -q -t ext4 -b 4096 "$out/disk.img" 256M >"$out/mke2fs.log" 2>&1
run --mem 640 --disk "$out/disk.img" \
	--disk "$out/tools.img"
