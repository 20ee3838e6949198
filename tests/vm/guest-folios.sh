#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-folios: what a file costs that is read, evicted and read again, on XFS, whose
# page cache has folios of many pages, and on ext4, where newer kernels have them, too.
# It prints how many calls of the host a page takes, and shows that no page is put or
# sealed, and the host not called, where interrupts are off.  One L1.
. "$(dirname "$0")/lib.sh"

"$root/testbed/packages" xfsprogs
prepare
guest_image --module xfs --module 'crc32c_generic?' --program blkid
for disk in xfs ext4; do
	rm -f "$out/$disk.img"
	truncate -s 320M "$out/$disk.img"
done
mkfs.xfs -q "$out/xfs.img"
mke2fs -q -t ext4 -b 4096 "$out/ext4.img"
# Of each kernel's folios the least that was seen is a quarter more.
case $KVER_CLOUD in
6.1.*) xfs_fewest=8 ext4_fewest=1 ;; # no large folios on ext4
*) xfs_fewest=16 ext4_fewest=16 ;;
esac
echo "xfs_fewest=$xfs_fewest ext4_fewest=$ext4_fewest" >"$payload/settings"
run --mem 896 --timeout 3600 --disk "$out/xfs.img" --disk "$out/ext4.img"
