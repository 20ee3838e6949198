#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-stacks: as guest-torture, but with more below the target and above it.  First
# ext4 with blocks of 1 KiB, which begins at an odd sector of a target over an encrypted
# disk: no page lies at a multiple of 4 KiB.  Beside it btrfs, compressed, on a target
# over a mirror (RAID 1).  Then ext4 on a logical volume (striped over two targets).
# guest-multipath and guest-f2fs have more.
. "$(dirname "$0")/lib.sh"

seconds=${TORTURE_SECONDS:-30}
seed=${TORTURE_SEED:-$(date +%s)}
say "TORTURE_SEED=$seed"

"$root/testbed/packages" btrfs-progs
shared=stacks
prepare
gcc -O2 -Wall -Wextra -Werror -static -o "$out/torture" "$here/torture.c"
guest_image --file "$out/torture" --program mkfs.ext4 --program mkfs.btrfs \
	--module btrfs --module 'crc32c_generic?' --module dm-crypt --module xts \
	--module aes_generic --module ecb --module dm-raid --module raid1
rm -f "$out"/disk?.img
truncate -s 320M "$out/disk0.img"
truncate -s 640M "$out/disk1.img"
echo "seconds=$seconds seed=$seed" >"$payload/settings"
run --mem 1280 --timeout $((seconds * 8 + 900)) \
	--disk "$out/disk0.img" --disk "$out/disk1.img"
