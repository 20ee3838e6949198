#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-races: reads and writes that overlap (races/).  The target's disk is one
# that holds what it is told to hold, until it is told to let go, and fails when
# it is told to; and a processor stops inside the target where it is told to: so
# each overlap that the target has to see is there for as long as it takes to
# look.  Then torture.c, over a disk that is slow.
#
# The guest has two CPUs on the one of its host, as guest-torture's.  Once in some
# fifty runs all of it stood still, once its host, too; and their kernels, which tell of
# tasks that wait for long, said nothing.  testbed/l2 tells of a cause of the guest's, and
# averts it; the host's is not known.  Such a guest is started once more, as a machine
# that does not come up is; one that says anything is not.
. "$(dirname "$0")/lib.sh"

seconds=${TORTURE_SECONDS:-8}
seed=${TORTURE_SEED:-$(date +%s)}
say "TORTURE_SEED=$seed"

prepare
hold=$O/kmod/hold-$KVER_CLOUD
"$root/testbed/kbuild" "$here/hold" "$hold" "$KDIR_CLOUD"
gcc -O2 -Wall -Wextra -Werror -static -o "$out/races" "$here"/races/*.c
gcc -O2 -Wall -Wextra -Werror -static -o "$out/torture" "$here/torture.c"
guest_image --file "$out/races" --file "$out/torture" \
	--file "$hold/hold.ko" --module dm-delay --module dm-flakey
truncate -s 80M "$out/disk.img"
mke2fs -q -t ext4 -b 4096 "$out/slow.img" 128M >"$out/mke2fs.log"
echo "seconds=$seconds seed=$seed" >"$payload/settings"

races()
{
	(run --mem 896 --timeout 900 --disk "$out/disk.img" --disk "$out/slow.img") \
		>"$out/result" 2>&1
}

status=0
races || status=$?
if grep -qE '^FAIL the guest stands still|L1 did not end within' "$out/result"; then
	cp "$log" "$log.1"
	say "the guest stood still; starting it once more (first log: $log.1)"
	status=0
	races || status=$?
fi
cat "$out/result"
exit $status
