#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# core: what the hypervisor was built from is libhecache as it is here, and in its
# objects, debug and release, the core has no writable global.  Boots nothing.
. "$(dirname "$0")/lib.sh"

built=$O/xen/tree/xen/common/hecache/lib
for variant in debug release; do
	(lock xen-build; "$root/tests/xen/build" "$variant" 9>&-) >&2
	for folder in include src; do
		diff -r "$root/libhecache/$folder" "$built/$folder" ||
			{ echo "FAIL $variant: $folder was changed"; exit 1; }
	done
	echo "ok $variant: the core's sources are the same"
	objects=$(find "$O/xen/$variant/common/hecache/lib" -name '*.o')
	[ "$objects" ] || { echo "FAIL $variant: no objects of the core"; exit 1; }
	# shellcheck disable=SC2086
	if nm $objects | grep -E ' [bBdDcCsS] '; then
		echo "FAIL $variant: the core has a writable global"
		exit 1
	fi
	echo "ok $variant: $(echo "$objects" | wc -l) objects of the core, no writable global"
done
