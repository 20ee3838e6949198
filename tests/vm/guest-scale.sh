#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-scale: a target over a disk of 64 TiB.  Memory and work follow what is cached,
# not the disk's size; both are counted, nothing is timed.  One L1.
. "$(dirname "$0")/lib.sh"

prepare
guest_image --module dm-zero --module dm-thin-pool --module brd
run --mem 768
