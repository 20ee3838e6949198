#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# off (long): with the source applied and the option off, the hypervisor is the same
# file, byte for byte, as from the pristine source.  Boots nothing.
#
# The pristine hypervisor is built once for a compiler and a source package; then
# its tree becomes the one with the source applied, so that all paths are the same,
# and of that only what has changed is built again.
set -eu
cd "$(dirname "$0")/../../.."
O=$(realpath -m "${O:-build}")
out=$O/xen/off
tree=$out/tree
log=$out/build.log

fail()
{
	echo "off: $*; see $log" >&2
	exit 1
}

# What Xen writes into itself of the build's circumstances is kept constant.
build()
{
	nice -n 5 make -C "$tree/xen" O="$out/objects" -j2 \
		XEN_BUILD_DATE=- XEN_BUILD_TIME=- XEN_BUILD_HOST=- \
		XEN_WHOAMI=- XEN_DOMAIN=- "$@" >>"$log" 2>&1
}

verdict() # WHAT COMMAND...
{
	local what=$1
	shift
	if "$@" >>"$log" 2>&1; then
		echo "ok $what"
	else
		echo "FAIL $what"
	fi
}

build_pristine()
{
	rm -rf "$out"
	mkdir -p "$tree" "$out/objects"
	cp -a "$O"/xen/pristine/{xen,config,Config.mk,COPYING} "$tree/"
	build defconfig || fail "the pristine source cannot be configured"
	build build || fail "the pristine source does not build"
	cp "$out/objects/xen" "$out/objects/xen-syms" "$out/"
}

testbed/packages dpkg-dev gcc make patch python3 flex bison rsync
tests/xen/source
mkdir -p "$out"
: >"$log"
id=$({ gcc --version && cd "$O/xen/pristine/xen" && find . -type f -exec cksum {} + |
	sort; } | cksum)
if [ "$(cat "$out/id" 2>/dev/null)" != "$id" ]; then
	build_pristine
	echo "$id" >"$out/id"
fi

fresh=$out/fresh
rm -rf "$fresh"
mkdir -p "$fresh/tools"
cp -a "$O"/xen/pristine/{xen,config,Config.mk,COPYING} "$fresh/"
cp -a "$O/xen/pristine/tools/flask" "$fresh/tools/"
glue-xen/apply "$fresh"
rsync -rlp --checksum --delete "$fresh/" "$tree/"
build olddefconfig || fail "the source cannot be configured"
build build || fail "the source does not build with the option off"
verdict "option off: the hypervisor is the same" cmp "$out/objects/xen" \
	"$out/xen"
verdict "option off: so are its symbols and its debug information" cmp \
	"$out/objects/xen-syms" "$out/xen-syms"
rm -rf "$fresh"
