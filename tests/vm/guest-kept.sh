#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-kept: persistent swap, whose pages live in the host's cache alone.  A program
# that may have less memory than it wants (swapper.c) finds every page as it was: with
# a guarantee for a part of them, with one for all, after a suspension, and in a table
# without persistent swap.  When the host's cache goes, or the guest is reverted, reads
# of what was there fail; the disk, which has older pages, is not asked.
. "$(dirname "$0")/lib.sh"

seed=${SWAP_SEED:-$(date +%s)}
say "SWAP_SEED=$seed"

prepare
make -s --no-print-directory -C "$root" O="$O" "$O/tools/hecachectl" >&2
cp "$O/tools/hecachectl" "$root/tests/hecachectl/live.sh" "$payload"
gcc -O2 -Wall -Wextra -Werror -static -o "$out/swapper" "$here/swapper.c"
guest_image --file "$out/swapper"
truncate -s 96M "$out/disk.img"
echo "seed=$seed" >"$payload/settings"
run --mem 1280 --timeout 2400 --disk "$out/disk.img"
