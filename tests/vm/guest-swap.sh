#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-swap: a guest swaps on a target.  A program with more memory than the guest
# (swapper.c) finds every page as it was: without the cache, with it, and while the cache
# is dropped and turned off and on.
. "$(dirname "$0")/lib.sh"

seed=${SWAP_SEED:-$(date +%s)}
say "SWAP_SEED=$seed"

prepare
gcc -O2 -Wall -Wextra -Werror -static -o "$out/swapper" "$here/swapper.c"
guest_image --file "$out/swapper"
truncate -s 160M "$out/disk.img"
echo "seed=$seed" >"$payload/settings"
run --mem 768 --disk "$out/disk.img"
