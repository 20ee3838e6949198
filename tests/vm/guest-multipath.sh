#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-multipath (long): as guest-stacks, with ext4 on a target over a multipath device
# that passes requests on, and on one that passes bios on to a mirror of two targets.
. "$(dirname "$0")/lib.sh"

seconds=${TORTURE_SECONDS:-30}
seed=${TORTURE_SEED:-$(date +%s)}
say "TORTURE_SEED=$seed"

shared=stacks
prepare
gcc -O2 -Wall -Wextra -Werror -static -o "$out/torture" "$here/torture.c"
guest_image --file "$out/torture" --program mkfs.ext4 --module dm-multipath \
	--module dm-round-robin --module dm-raid --module raid1
rm -f "$out"/disk?.img
truncate -s 320M "$out/disk0.img"
truncate -s 640M "$out/disk1.img"
echo "seconds=$seconds seed=$seed" >"$payload/settings"
run --mem 1280 --timeout $((seconds * 8 + 900)) \
	--disk "$out/disk0.img" --disk "$out/disk1.img"
