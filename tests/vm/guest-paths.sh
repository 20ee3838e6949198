#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-paths: one disk reached on several paths at once: the target,
# another target stacked on it, encryption stacked on it.  What is written on
# one path makes pages in memory out of date that came by another; evicting
# those must not bring the old content back.
. "$(dirname "$0")/lib.sh"

prepare
guest_image --module dm-crypt --module xts --module aes_generic \
	--module ecb
truncate -s 16M "$out/disk.img"
run --mem 768 --disk "$out/disk.img"
