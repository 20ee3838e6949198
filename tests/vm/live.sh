#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# live (quick): two guests share the cache; the host module goes and comes back
# under them; one is killed.  One L1.
. "$(dirname "$0")/lib.sh"

prepare
guest_image
for vm in 0 1; do
	mkdir "$out/tree"
	"$out/reread" make "$out/tree/set" 3 14 $vm
	"$root/testbed/imagefs" "$out/tree" "$out/disk$vm.img" 64
	rm -r "$out/tree"
done
run --mem 768 --disk "$out/disk0.img" \
	--disk "$out/disk1.img"
