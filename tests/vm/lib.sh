# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the scenarios share on the machine that the tests run on.  A scenario,
# tests/vm/NAME.sh, says what it boots; NAME.l1 runs in the emulated KVM host and
# prints a line "ok WHAT" for each thing that it saw hold; NAME.l2 runs in the
# guests.
. "$(dirname "$0")/../../testbed/lib.sh"

scenario=${prog%.sh}
here=$root/tests/vm
out=$O/vm/$kernels/$scenario
log=$out/console.log
payload=$out/payload

# Builds both modules into $host_ko and $guest_ko, and begins a payload.
prepare()
{
	"$root/testbed/fetch"
	. "$tb/env"
	host_ko=$O/kmod/kvm-$KVER/hecache-kvm.ko
	guest_ko=$O/kmod/linux-$KVER_CLOUD/hecache.ko
	"$root/testbed/kbuild" "$root/glue-kvm" "${host_ko%/*}" "$KDIR"
	"$root/testbed/kbuild" "$root/glue-linux" "${guest_ko%/*}" "$KDIR_CLOUD"
	rm -rf "$out"
	mkdir -p "$payload"
	cp "$host_ko" "$payload"
	gcc -O2 -Wall -Wextra -Werror -static -o "$out/reread" \
		"$root/demo/reread.c"
}

# guest_image OPTION VALUE...: the payload's guest.cpio, from NAME.l2 or, if $guest is
# set, from that scenario's; $shared.l2 goes before it.  Options as for
# testbed/l2-image.
guest_image()
{
	cat ${shared:+"$here/$shared.l2"} "$here/${guest:-$scenario}.l2" \
		>"$out/l2-script"
	"$root/testbed/l2-image" "$payload/guest.cpio" \
		--script "$out/l2-script" --file "$guest_ko" \
		--file "$out/reread" --program dmsetup --module dm-mod "$@"
}

# run OPTION VALUE...: boots L1 with NAME.l1; options as for testbed/run-l1.
# What L1 saw is printed, whether or not all went well, which guest was started once
# more, and how many pages were compared.
run()
{
	cat "$here/host.l1" "$here/$scenario.l1" >"$out/l1-script"
	status=0
	"$root/testbed/run-l1" --log "$log" --payload "$payload" \
		--script "$out/l1-script" "$@" || status=$?
	tr -d '\r' <"$log" | grep -E '^(ok|FAIL|l2:) ' || true
	tr -d '\r' <"$log" | sed -n 's/^pages \([0-9]*\)$/\1 pages read back and compared/p'
	exit $status
}
