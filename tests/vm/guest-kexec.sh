#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-kexec (long): another kernel takes the place of the guest's, with no word to the
# host, and changes the disk before it makes a target.  One L1.
. "$(dirname "$0")/lib.sh"

shared=set
prepare
gcc -O2 -Wall -Wextra -Werror -static -o "$out/kexec" "$here/kexec.c"
guest_image --module ext4 --module 'crc32c_generic?'
mv "$payload/guest.cpio" "$out/second.cpio"
guest_image --program mkfs.ext4 --module 'crc32c_generic?' --file "$out/kexec" \
	--file "$BZIMAGE_CLOUD:/root/kernel" --file "$out/second.cpio:/root/initrd"
truncate -s 64M "$out/disk.img"
run --mem 896 --disk "$out/disk.img"
