#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# beside: the target's disk is written beside the target: through its own node,
# another device over it, a partition of it; before the target was made, while it
# is suspended or active, and by writes that are still in flight.  What the target
# answers must be what the disk has; and what it need not forget it must not.
. "$(dirname "$0")/lib.sh"

shared=disk
prepare
gcc -O2 -Wall -Wextra -Werror -static -o "$out/change" "$here/change.c"
guest_image --file "$out/change" --module dm-delay
truncate -s 64M "$out/disk.img"
run --mem 768 --disk "$out/disk.img"
