#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-torture: looks for stale pages.  A guest on the KVM host works on two
# targets at once in every way that reaches a disk or the page cache (torture.c),
# with less memory than files: first ext4 with blocks of 4 KiB and of 1 KiB, in
# aligned clusters of 4 KiB, as only such are cached; then XFS, whose page cache has
# folios of many pages, and btrfs, which writes nothing in its place.
# The guest has two CPUs, which take turns on the one of its host: QEMU's emulated
# CPUs sometimes hang when one patches code that the other runs at the moment.
. "$(dirname "$0")/lib.sh"

seconds=${TORTURE_SECONDS:-40}
seed=${TORTURE_SEED:-$(date +%s)}
say "TORTURE_SEED=$seed"

make_disk() # FILE_SYSTEM FILE
{
	rm -f "$2"
	truncate -s 320M "$2"
	case $1 in
	ext4) mke2fs -q -t ext4 -b 4096 "$2" ;;
	ext4-1k) mke2fs -q -t ext4 -b 1024 -O bigalloc -C 4096 "$2" ;;
	xfs) mkfs.xfs -q "$2" ;;
	btrfs) mkfs.btrfs -q -M -m single "$2" ;;
	esac >>"$out/mkfs.log" 2>&1
}

torture() # FILE_SYSTEM FILE_SYSTEM
{
	log=$out/$1.log
	make_disk "$1" "$out/disk0.img"
	make_disk "$2" "$out/disk1.img"
	cat >"$payload/settings" <<-END
		seconds=$seconds seed=$seed cpus=${TORTURE_CPUS:-2}
		kinds="$1 and $2"
	END
	run --mem 1280 --timeout $((seconds * 4 + 900)) \
		--disk "$out/disk0.img" --disk "$out/disk1.img"
}

"$root/testbed/packages" xfsprogs btrfs-progs
prepare
gcc -O2 -Wall -Wextra -Werror -static -o "$out/torture" "$here/torture.c"
guest_image --file "$out/torture" --program blkid --module xfs --module btrfs \
	--module 'crc32c_generic?'
failed=0
(torture ext4 ext4-1k) || failed=$?
(torture xfs btrfs) || failed=$?
exit $failed
