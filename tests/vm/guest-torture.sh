#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-torture: looks for stale pages.  A guest on the KVM host works on two
# targets at once, ext4 with blocks of 4 KiB and of 1 KiB, in every way that
# reaches a disk or the page cache (torture.c), with less memory than files.
# The small blocks come in aligned clusters of 4 KiB, as only such are cached.
# The guest has two CPUs, which take turns on the one of its host: QEMU's emulated
# CPUs sometimes hang when one patches code that the other runs at the moment.
. "$(dirname "$0")/lib.sh"

seconds=${TORTURE_SECONDS:-40}
seed=${TORTURE_SEED:-$(date +%s)}
say "TORTURE_SEED=$seed"

prepare
gcc -O2 -Wall -Wextra -Werror -static -o "$out/torture" "$here/torture.c"
guest_image --file "$out/torture"
mke2fs -q -t ext4 -b 4096 "$out/4096.img" 256M >"$out/mke2fs.log"
mke2fs -q -t ext4 -b 1024 -O bigalloc -C 4096 "$out/1024.img" 256M \
	>>"$out/mke2fs.log"
echo "seconds=$seconds seed=$seed cpus=${TORTURE_CPUS:-2}" >"$payload/settings"
run --mem 1280 --timeout $((seconds * 4 + 240)) \
	--disk "$out/4096.img" --disk "$out/1024.img"
