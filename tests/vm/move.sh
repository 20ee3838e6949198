#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# move: a guest is stored in a file and goes on in another QEMU, as it does when it is
# suspended to disk or migrated: on a host with the cache, and on one without.
. "$(dirname "$0")/lib.sh"

prepare
guest=revert
guest_image
truncate -s 40M "$out/disk.img"
run --mem 1536 --disk "$out/disk.img"
