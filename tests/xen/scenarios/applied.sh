#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# applied (quick): the source can be put into Xen's once, and taken out without a
# trace.  Builds and boots nothing.
. "$(dirname "$0")/lib.sh"

"$root/testbed/packages" dpkg-dev make patch
"$root/tests/xen/source"
pristine=$O/xen/pristine
fresh=$out/fresh
rm -rf "$out"
mkdir -p "$fresh/tools"
cp -a "$pristine/xen" "$fresh/"
cp -a "$pristine/tools/flask" "$fresh/tools/"

"$root/glue-xen/apply" "$fresh" >&2
if "$root/glue-xen/apply" "$fresh" >"$out/twice" 2>&1; then
	echo "FAIL it was put in twice"
else
	echo "ok it is not put in twice: $(tail -n 1 "$out/twice")"
fi
"$root/glue-xen/apply" --remove "$fresh" >&2
for part in xen tools/flask; do
	if diff -r "$pristine/$part" "$fresh/$part" >&2; then
		echo "ok $part: it can be taken out without a trace"
	else
		echo "FAIL $part: something was left"
	fi
done
rm -rf "$fresh"
