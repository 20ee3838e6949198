#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-torture: looks for stale pages.  A guest on the KVM host works on two
# targets at once, ext4 with blocks of 4 KiB and of 1 KiB, in every way that
# reaches a disk or the page cache (torture.c), with less memory than files.
# The small blocks come in aligned clusters of 4 KiB, as only such can be cached.
. "$(dirname "$0")/../../testbed/lib.sh"

seconds=${TORTURE_SECONDS:-40}
seed=${TORTURE_SEED:-$(date +%s)}

"$root/testbed/fetch"
. "$tb/env"
out=$O/tests/guest-torture
host_ko=$O/kmod/kvm-$KVER
guest_ko=$O/kmod/linux-$KVER_CLOUD
rm -rf "$out"
mkdir -p "$out/payload"
"$root/testbed/kbuild" "$root/glue-kvm" "$host_ko" "$KDIR"
"$root/testbed/kbuild" "$root/glue-linux" "$guest_ko" "$KDIR_CLOUD"
gcc -O2 -Wall -Wextra -Werror -static -o "$out/torture" \
	"$root/tests/vm/torture.c"
cp "$host_ko/hecache-kvm.ko" "$out/payload"
"$root/testbed/l2-image" "$out/payload/vm.cpio" \
	--script "$root/tests/vm/guest-torture.l2" --file "$out/torture" \
	--file "$guest_ko/hecache.ko" --program dmsetup --module dm-mod
mke2fs -q -t ext4 -b 4096 "$out/4096.img" 256M >"$out/mke2fs.log"
mke2fs -q -t ext4 -b 1024 -O bigalloc -C 4096 "$out/1024.img" 256M \
	>>"$out/mke2fs.log"
{ echo "seconds=$seconds seed=$seed"
  cat "$root/tests/vm/guest-torture.l1"; } >"$out/script"

"$root/testbed/run-l1" --mem 1280 --cpus 2 --timeout $((seconds * 4 + 240)) \
	--disk "$out/4096.img" --disk "$out/1024.img" --log "$out/log" \
	--payload "$out/payload" --script "$out/script" ||
	die "failed with TORTURE_SEED=$seed; see $out/log"

# sum KEY: what the guest printed as KEY=, over both targets.
sum()
{
	tr -d '\r' <"$out/log" | sed -n "s/^.*[ :]$1=\([0-9]*\).*/\1/p" |
		awk '{ n += $1 } END { print n + 0 }'
}

for key in torture_bytes_verified torture_evictions hits puts; do
	[ "$(sum $key)" -gt 0 ] || die "$key=0 proves nothing; see $out/log"
done
[ "$(sum torture_mismatches)" = 0 ] || die "stale pages; see $out/log"
say "$(sum torture_ops) operations, $(sum torture_bytes_verified) bytes" \
	"verified, $(sum hits) hits, $(sum puts) puts, seed $seed"
