#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-stress (long): a second verifier, of others' making: stress-ng's stressors that
# check what they read, on ext4, XFS and btrfs over the target, in a guest with less
# memory than files, while the cache grows and shrinks.  Beside and behind them, files of
# known content are changed and read back; in the end the target must have of every file
# what the disk has, and have it once more where nobody may write to the disk.  It takes
# about four minutes where nothing else is to do, so that it is `make check-kernels` that
# runs it.
#
# STRESS_WORK is how much the stressors do on each file system: about what takes so many
# seconds where nothing else is to do.  They are given forty times that.  STRESS_PAGES is
# how many pages are read back and compared at least.
. "$(dirname "$0")/lib.sh"

work=${STRESS_WORK:-8}
pages=${STRESS_PAGES:-60000}

"$root/testbed/packages" stress-ng xfsprogs btrfs-progs
prepare
guest_image --program blkid --module xfs --module btrfs --module 'crc32c_generic?'
mkdir "$out/tools"
"$root/testbed/program" "$out/tools" stress-ng
"$root/testbed/imagefs" "$out/tools" "$out/tools.img"
rm -r "$out/tools"
for disk in 0 1 2; do
	truncate -s 320M "$out/disk$disk.img"
done
{ mke2fs -q -t ext4 -b 4096 "$out/disk0.img" && mkfs.xfs -q "$out/disk1.img" &&
	mkfs.btrfs -q -M -m single "$out/disk2.img"; } >"$out/mkfs.log" 2>&1
echo "work=$work pages=$pages" >"$payload/settings"
run --mem 1024 --timeout $((work * 130 + pages / 500 + 600)) \
	--disk "$out/disk0.img" --disk "$out/disk1.img" --disk "$out/disk2.img" \
	--disk "$out/tools.img"
