#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# host-memory: what of the host's memory the cache keeps, gives and takes back.  One L1
# with no guests, and a disk larger than its memory.
. "$(dirname "$0")/lib.sh"

prepare
truncate -s 900M "$out/disk.img"
run --mem 512 --disk "$out/disk.img"
