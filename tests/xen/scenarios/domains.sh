#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# domains: on a release build, domUs are admitted by name, saved and restored,
# rebooted, controlled with hecachectl while they read, and gone without a trace; PV
# and PVH, with the guest module on a disk.
. "$(dirname "$0")/lib.sh"

prepare release
prepare_guest
prepare_control
mkdir "$out/tree"
"$out/reread" make "$out/tree/set" 4 16 1
"$root/testbed/imagefs" "$out/tree" "$out/disk.img"
rm -r "$out/tree"
guest_image --file "$guest_ko" --file "$out/reread" --program dmsetup \
	--module dm-mod
run --cache 96M,max=128M,policy=lru,admit --disk "$out/disk.img" --timeout 1500
