#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-hibernate (long): a guest with a file system on a target is written to its swap
# space, its machine ends, and another resumes it.  One L1.
. "$(dirname "$0")/lib.sh"

shared=set
prepare
guest_image --program mkfs.ext4 --module 'crc32c_generic?'
truncate -s 64M "$out/disk.img"
truncate -s 256M "$out/swap.img"
run --mem 896 --disk "$out/disk.img" --disk "$out/swap.img"
