#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# control: hecachectl on a KVM host under lockdown, while a guest reads; and requests
# that hecachectl would not make (requests.c).  One L1.
. "$(dirname "$0")/lib.sh"

prepare
make -s --no-print-directory -C "$root" O="$O" "$O/tools/hecachectl" >&2
cp "$O/tools/hecachectl" "$root/tests/hecachectl/live.sh" "$payload"
gcc -O2 -Wall -Wextra -Werror -static -I"$root/glue-kvm/uapi" \
	-o "$payload/requests" "$here/requests.c"
echo "seed=${HEC_TEST_SEED:-1}" >"$payload/settings"
guest_image
mkdir "$out/tree"
"$out/reread" make "$out/tree/set" 4 14 1
"$root/testbed/imagefs" "$out/tree" "$out/disk.img"
rm -r "$out/tree"
run --mem 768 --disk "$out/disk.img"
