#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-f2fs (long): as guest-torture, on f2fs, plain and compressed.  The guest runs the
# kernel of the host, as the cloud kernel has no f2fs.
. "$(dirname "$0")/lib.sh"

seconds=${TORTURE_SECONDS:-30}
seed=${TORTURE_SEED:-$(date +%s)}
say "TORTURE_SEED=$seed"

"$root/testbed/packages" f2fs-tools
shared=stacks
prepare
gcc -O2 -Wall -Wextra -Werror -static -o "$out/torture" "$here/torture.c"
guest_ko=$O/kmod/linux-$KVER/hecache.ko
"$root/testbed/kbuild" "$root/glue-linux" "${guest_ko%/*}" "$KDIR"
guest_image --kernel "$KVER" --file "$out/torture" --program mkfs.f2fs \
	--module f2fs --module 'crc32_generic?' --module 'crc32c_generic?' \
	--module 'lz4?' --module 'lz4_decompress?'
cp "$BZIMAGE" "$payload/full"
rm -f "$out"/disk?.img
truncate -s 320M "$out/disk0.img"
truncate -s 640M "$out/disk1.img"
echo "seconds=$seconds seed=$seed" >"$payload/settings"
run --mem 1280 --timeout $((seconds * 8 + 900)) \
	--disk "$out/disk0.img" --disk "$out/disk1.img"
