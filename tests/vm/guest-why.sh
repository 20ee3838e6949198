#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-why: the guest's status says in words why nothing is cached, whatever the
# reason; and a target too many costs only itself the cache.  One L1.
. "$(dirname "$0")/lib.sh"

prepare
guest_image --module dm-crypt --module xts --module aes_generic --module ecb
truncate -s 16M "$out/disk.img"
run --mem 768 --disk "$out/disk.img"
