# SPDX-License-Identifier: GPL-2.0-only
#
# Lu and Shen's theorem: an LRU of c1 pages in the VM over E-LRU of c2 pages hits
# exactly as often as one LRU of c1 + c2 pages does.  (On P6, see answers.sh.)
# shellcheck shell=bash disable=SC2154

theorem() # NAME FILE C1 C2
{
	local got want
	got=$(all_hits -p lru -v "$3" -c "$4" "$2")
	want=$(all_hits -v $(($3 + $4)) -c 0 "$2")
	equal "theorem: $1, $3 + $4 pages: ${want:-no} hits" "$got" "$want"
}

for ((i = 0; i < 4 * scale; i++)); do
	stream $((seed + i)) $((1500 * (i + 1))) $((100 * (i + 1))) >"$tmp/s"
	for sizes in '0 1' '1 1' '1 50' '16 16' '50 1' '99 100' '3 333' '500 9'; do
		# shellcheck disable=SC2086
		theorem "random stream $((seed + i))" "$tmp/s" $sizes
	done
	equal "the classical LRU is the VM's: random stream $((seed + i))" \
		"$(all_hits -p lru -m inclusive -c 77 "$tmp/s")" \
		"$(all_hits -v 77 -c 0 "$tmp/s")"
done

while read -r file pairs; do
	has_trace "$file" || continue
	for pair in $pairs; do
		theorem "$file" "$traces/$file" "${pair%+*}" "${pair#*+}"
	done
done <<-'END'
	lirs/gli.trace.gz 0+100 100+400 500+500 1000+1000 1+2000 2000+1
	lirs/multi1.trace.gz 0+100 100+400 500+500 1000+1000 1+2000 2000+1
	lirs/cpp.trace.gz 0+100 100+400 50+50 20+35 1+200 1000+1
	lirs/sprite.trace.gz 100+400 200+600 500+500 1000+1000 1+2000 3000+17
	lirs/loop.trace.gz 100+400 500+500 500+511 1000+1000
	cloudphysics/cloudPhysicsIO.csv.gz 1+4 10+10 1000+3000 5000+20001
	cloudphysics/cloudPhysicsIO.oracleGeneral.bin 1+4 4096+4096
	arc/OLTP.lis.zst 1000+1000 1000+4000 5000+10000 100+9900
	arc/P3.lis.zst 100000+30000
END
