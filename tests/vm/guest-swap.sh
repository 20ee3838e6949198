#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-swap: a guest swaps on a target.  A program with more memory than the guest
# (swapper.c) finds every page as it was: without the cache, with it, while the cache
# is dropped and turned off and on, and with a swap file, zram and zswap beside each
# other.
. "$(dirname "$0")/lib.sh"

seed=${SWAP_SEED:-$(date +%s)}
say "SWAP_SEED=$seed"

prepare
gcc -O2 -Wall -Wextra -Werror -static -o "$out/swapper" "$here/swapper.c"
guest_image --file "$out/swapper" --module zram --module 'lzo-rle?' --module 'lz4?'
truncate -s 160M "$out/disk.img"
mke2fs -q -t ext4 -b 4096 "$out/files.img" 96M >"$out/mke2fs.log"
echo "seed=$seed" >"$payload/settings"
run --mem 768 --disk "$out/disk.img" --disk "$out/files.img"
