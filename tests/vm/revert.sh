#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# revert: a guest is reverted to a snapshot while its QEMU, and so the cache that
# it has, goes on.  What it had cached by then is newer than its disk.
. "$(dirname "$0")/lib.sh"

prepare
guest_image
truncate -s 40M "$out/disk.img"
run --mem 1536 --disk "$out/disk.img"
