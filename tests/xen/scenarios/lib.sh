# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the scenarios share on the machine that the tests run on.  A scenario,
# NAME.sh, says what it boots; NAME.dom0 runs in dom0, NAME.domu in the domUs,
# behind probe.sh.  Either prints a line "ok WHAT" or "FAIL WHAT" for each thing
# that it looked at; a domU's lines come behind its name.
. "$(dirname "$0")/../../../testbed/lib.sh"

scenario=${prog%.sh}
here=$root/tests/xen/scenarios
out=$O/xen/test/$scenario
log=$out/console.log
payload=$out/payload

# Builds the hypervisor, VARIANT as of tests/xen/build, one scenario at a time, and
# begins a payload.
prepare() # VARIANT
{
	xen=$O/xen/$1/xen
	(
		lock xen-build
		"$root/tests/xen/build" "$1" 9>&-
		"$root/tests/xen/probe-build" 9>&-
	)
	. "$tb/env"
	probe_dom0=$O/xen/probe/$KVER/hecprobe.ko
	probe_domu=$O/xen/probe/$KVER_CLOUD/hecprobe.ko
	rm -rf "$out"
	mkdir -p "$payload"
	cp "$probe_dom0" "$here/probe.sh" "$payload"
}

# Builds the guest module, $guest_ko, and a program that makes and verifies files.
prepare_guest()
{
	guest_ko=$O/kmod/linux-$KVER_CLOUD/hecache.ko
	"$root/testbed/kbuild" "$root/glue-linux" "${guest_ko%/*}" "$KDIR_CLOUD"
	gcc -O2 -Wall -Wextra -Werror -static -o "$out/reread" \
		"$root/demo/reread.c"
}

# The payload's guest.cpio, from NAME.domu; options as of tests/xen/domu-image.
guest_image() # OPTION VALUE...
{
	cat "$here/probe.sh" "$here/$scenario.domu" >"$out/domu-script"
	"$root/tests/xen/domu-image" "$payload/guest.cpio" \
		--script "$out/domu-script" --file "$probe_domu" "$@"
}

# hecachectl into the payload, and $live, a script to go before NAME.dom0.
prepare_control()
{
	make -s --no-print-directory -C "$root" O="$O" "$O/tools/hecachectl" >&2
	cp "$O/tools/hecachectl" "$payload"
	live=$root/tests/hecachectl/live.sh
}

# Boots; options as of tests/xen/boot.  What was seen is printed, whether or not
# all went well.
run() # OPTION VALUE...
{
	cat "$here/probe.sh" ${live:+"$live"} "$here/$scenario.dom0" \
		>"$out/dom0-script"
	status=0
	"$root/tests/xen/boot" --xen "$xen" --log "$log" --payload "$payload" \
		--script "$out/dom0-script" "$@" || status=$?
	tr -d '\r' <"$log" | sed -n -E 's/^(([a-z0-9]+: )?)(ok|FAIL) /\3 \1/p'
	exit $status
}
