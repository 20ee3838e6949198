#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-alone: the guest module in an emulated machine whose hypervisor
# offers no cache.  One L1, no guests.
. "$(dirname "$0")/lib.sh"

prepare
full=$O/kmod/linux-$KVER
"$root/testbed/kbuild" "$root/glue-linux" "$full" "$KDIR"
cp "$full/hecache.ko" "$payload"
gcc -O2 -Wall -Wextra -Werror -static -o "$payload/torture" "$here/torture.c"
"$root/testbed/program" "$payload" mke2fs blkdiscard
truncate -s 192M "$out/disk.img"
run --mem 512 --cpus 2 --disk "$out/disk.img"
