# SPDX-License-Identifier: GPL-2.0-only
#
# Known answers: what others got on the same traces.
#
#   classical (inclusive) LRU, ARC, MIN: Megiddo and Modha, FAST 2003
#   second level: the project's reference simulations
# shellcheck shell=bash disable=SC2154

near() # TEXT GOT WANTED TOLERANCE
{
	awk -v got="${2:-none}" -v wanted="$3" -v most="$4" 'BEGIN {
		d = got - wanted
		exit !(got ~ /^[0-9]/ && d <= most + 1e-9 && -d <= most + 1e-9)
	}'
	verdict "$1: $2, known: $3 (within $4)" $?
}

no_worse() # TEXT GOT WANTED TOLERANCE
{
	awk -v got="${2:-none}" -v wanted="$3" -v most="$4" 'BEGIN {
		exit !(got ~ /^[0-9]/ && got >= wanted - most - 1e-9)
	}'
	verdict "$1: $2, known: $3 (at most $4 below)" $?
}

while read -r file requests unique; do
	has_trace "$file" || continue
	equal "$file: requests and blocks" \
		"$(counts -v 1 -c 0 "$traces/$file" | cut -d' ' -f1,2)" \
		"$requests $unique"
done <<-'END'
	arc/OLTP.lis.zst 914145 186880
	arc/P3.lis.zst 3912296 762543
	arc/P6.lis.zst 12672123 773770
	lirs/gli.trace.gz 6015 2529
	lirs/multi1.trace.gz 15858 2606
	lirs/sprite.trace.gz 133996 7075
	lirs/cpp.trace.gz 9047 1223
	cloudphysics/cloudPhysicsIO.csv.gz 113872 48974
	cloudphysics/cloudPhysicsIO.oracleGeneral.bin 113872 48974
END

while read -r file pages policy wanted tolerance; do
	has_trace "$file" || continue
	near "classical $policy: $file, $pages pages" \
		"$(cache_percent -m inclusive -p "$policy" -c "$pages" "$traces/$file")" \
		"$wanted" "$tolerance"
done <<-'END'
	arc/OLTP.lis.zst 1000 lru 32.83 0.01
	arc/OLTP.lis.zst 2000 lru 42.47 0.01
	arc/OLTP.lis.zst 5000 lru 53.65 0.01
	arc/OLTP.lis.zst 10000 lru 60.70 0.01
	arc/OLTP.lis.zst 15000 lru 64.63 0.01
	arc/OLTP.lis.zst 1000 min 53.61 0.01
	arc/OLTP.lis.zst 2000 min 60.40 0.01
	arc/OLTP.lis.zst 5000 min 68.27 0.01
	arc/OLTP.lis.zst 10000 min 73.02 0.01
	arc/OLTP.lis.zst 15000 min 75.13 0.01
	arc/OLTP.lis.zst 1000 arc 38.93 0.05
	arc/OLTP.lis.zst 2000 arc 46.08 0.05
	arc/OLTP.lis.zst 5000 arc 55.25 0.05
	arc/OLTP.lis.zst 10000 arc 61.87 0.05
	arc/OLTP.lis.zst 15000 arc 65.40 0.05
	arc/P3.lis.zst 32768 lru 3.57 0.01
	arc/P3.lis.zst 32768 arc 17.12 0.05
	arc/P6.lis.zst 32768 lru 4.24 0.01
	arc/P6.lis.zst 32768 arc 23.84 0.05
	cloudphysics/cloudPhysicsIO.csv.gz 1 lru 2.3579 0.0001
	cloudphysics/cloudPhysicsIO.csv.gz 2 lru 2.9393 0.0001
	cloudphysics/cloudPhysicsIO.csv.gz 3 lru 3.4319 0.0001
	cloudphysics/cloudPhysicsIO.csv.gz 4 lru 4.0976 0.0001
	cloudphysics/cloudPhysicsIO.csv.gz 5 lru 4.3066 0.0001
	cloudphysics/cloudPhysicsIO.oracleGeneral.bin 20 lru 7.2985 0.0001
END

second() # FILE VM CACHE E-LRU INCLUSIVE-LRU E-ARC E-S3FIFO E-MIN
{
	local name="$1, $2 + $3 pages"
	local sizes=(-v "$2" -c "$3" "$traces/$1")
	local lru
	lru=$(counts -p lru "${sizes[@]}")
	near "E-LRU: $name" "$(echo "$lru" | percent_of_counts)" "$4" 0.005
	equal "theorem: $name" "$(echo "$lru" | hits_of_counts)" \
		"$(all_hits -v $(($2 + $3)) -c 0 "$traces/$1")"
	near "inclusive LRU: $name" \
		"$(cache_percent -p lru -m inclusive "${sizes[@]}")" "$5" 0.005
	no_worse "E-ARC: $name" "$(cache_percent -p arc "${sizes[@]}")" "$6" 0.3
	no_worse "E-S3-FIFO: $name" \
		"$(cache_percent -p s3fifo "${sizes[@]}")" "$7" 0.3
	near "E-MIN: $name" "$(cache_percent -p min "${sizes[@]}")" "$8" 0.005
}

# A VM as large as its cache: what E-S3-FIFO reached with ghosts without limit.
alike() # FILE PAGES E-S3FIFO
{
	has_trace "$1" && no_worse "E-S3-FIFO: $1, $2 + $2 pages" \
		"$(cache_percent -p s3fifo -v "$2" -c "$2" "$traces/$1")" "$3" 0.3
}

alike lirs/cpp.trace.gz 36 48.16
alike lirs/sprite.trace.gz 212 31.77
alike lirs/sprite.trace.gz 70 19.01
alike lirs/multi1.trace.gz 26 16.05

while read -r file sizes; do
	# shellcheck disable=SC2086
	has_trace "$file" && second "$file" $sizes
done <<-'END'
	arc/OLTP.lis.zst 1000 1000 9.64 1.09 13.85 14.40 24.52
	arc/OLTP.lis.zst 1000 4000 20.82 17.78 23.21 23.93 34.78
	arc/P3.lis.zst 8192 32768 3.19 1.94 14.89 16.09 32.92
	arc/P6.lis.zst 8192 32768 4.88 2.97 22.43 24.83 40.79
	lirs/sprite.trace.gz 200 600 48.67 43.17 48.13 48.18 52.18
END
