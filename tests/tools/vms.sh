# SPDX-License-Identifier: GPL-2.0-only
#
# Several VMs, shards, modes, memories of no page: on random streams.
# shellcheck shell=bash disable=SC2154

stream "$seed" 3000 400 >"$tmp/a"
stream $((seed + 1)) 1000 300 >"$tmp/b"

for policy in lru arc s3fifo min; do
	for mode in exclusive inclusive; do
		set -- -p $policy -m $mode -v 20
		# With room for all, they do not meet.
		equal "$policy, $mode: two VMs with room for both" \
			"$("$hecache" replay --json "$@" -c 2048 "$tmp/a" "$tmp/b" |
				sed 's/.*"vms"://; s/}$//')" \
			"[$("$hecache" replay --json "$@" -c 2048 "$tmp/a" |
				sed 's/.*\[//; s/\].*//'),$("$hecache" replay --json \
				"$@" -c 2048 "$tmp/b" | sed 's/.*\[//; s/\].*//')]"
		one=$(all_hits "$@" -c 100 "$tmp/a" "$tmp/b")
		two=$(all_hits -p min -m $mode -v 20 -c 100 "$tmp/a" "$tmp/b")
		[ "$one" -gt 0 ] && [ "$one" -le "$two" ]
		verdict "$policy, $mode: two VMs do not beat the ceiling ($one <= $two)" $?
	done
done

for policy in lru arc s3fifo; do
	for mode in exclusive inclusive; do
		set -- -p $policy -m $mode -v 30 -c 96 "$tmp/a" "$tmp/b"
		one=$("$hecache" replay --json -s 1 "$@")
		equal "$policy, $mode: the same with 64 shards as with one" \
			"$("$hecache" replay --json -s 64 "$@")" "$one"
	done
	for size in 0 1 2 3 7 33; do
		one=$(all_hits -p $policy -c $size "$tmp/a")
		two=$(all_hits -p min -c $size "$tmp/a")
		[ "$one" -le "$two" ] && { [ $size -gt 0 ] || [ "$one" = 0 ]; }
		verdict "$policy: a cache of $size ($one of at most $two hits)" $?
	done
done
equal 'min of no page hits nothing' \
	"$(all_hits -p min -m inclusive -c 0 "$tmp/a")" 0
equal 'with room for all, a page misses once' \
	"$(counts -p arc -c 512 "$tmp/a" | awk '{ print $5 }')" \
	"$(sort -u "$tmp/a" | wc -l)"

# Position by position: alternating, each finds what it had one round ago.
printf '1\n1\n1\n' >"$tmp/c"
equal 'VMs take turns; a page of one is no hit for the other' \
	"$("$hecache" replay --json -p lru -c 1 "$tmp/c" "$tmp/c" |
		sed 's/,"vms.*//')" \
	'{"requests":6,"unique":2,"vm_hits":0,"cache_hits":0,"misses":6'
