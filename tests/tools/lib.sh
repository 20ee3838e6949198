# SPDX-License-Identifier: GPL-2.0-only
#
# What the tests of hecache share: replays, streams.  Sourced by run, which sets
# hecache, traces, seed, scale and tmp.
# shellcheck shell=bash disable=SC2034,SC2154

has_trace() # FILE; says so, if it has not
{
	[ -r "$traces/$1" ] && return
	skip "$1 is not in $traces"
	return 1
}

# requests unique vm_hits cache_hits misses, of all VMs together
counts() # REPLAY-ARGUMENT...
{
	"$hecache" replay --json "$@" |
		sed -nE 's/^\{"requests":([0-9]+),"unique":([0-9]+),"vm_hits":([0-9]+),"cache_hits":([0-9]+),"misses":([0-9]+),"vms".*/\1 \2 \3 \4 \5/p'
}

# Hits of VMs and cache together
hits_of_counts()
{
	awk '{ print $3 + $4 }'
}

all_hits() # REPLAY-ARGUMENT...
{
	counts "$@" | hits_of_counts
}

# Hits of the cache in per cent of all requests
percent_of_counts()
{
	awk '{ printf "%.4f\n", 100 * $4 / $1 }'
}

cache_percent() # REPLAY-ARGUMENT...
{
	counts "$@" | percent_of_counts
}

# A random stream of the blocks format: three phases of $2 requests, skewed,
# uniform and looping, over $3 blocks
stream() # SEED LENGTH BLOCKS
{
	awk -v seed="$1" -v length_="$2" -v blocks="$3" 'BEGIN {
		srand(seed)
		for (i = 0; i < length_; i++)
			print int(blocks * rand() ^ 4)
		for (i = 0; i < length_; i++)
			print int(blocks * rand())
		for (i = 0; i < length_; i++)
			print int(i % (blocks / 2 + 1))
	}'
}

# Traces that are made

# A trace that is bad: exit status 2, and one line, FILE:LINE: PATTERN.
bad() # TEXT FORMAT LINE PATTERN [ARGUMENT...] < TRACE
{
	local text=$1 format=$2 line=$3 pattern=$4 status
	shift 4
	cat >"$tmp/bad"
	"$hecache" replay -c 10 -f "$format" "$@" "$tmp/bad" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status = 2 ] && [ ! -s "$tmp/out" ] && [ "$(wc -l <"$tmp/err")" = 1 ] &&
		grep -q -- "^$tmp/bad:$line: .*$pattern" "$tmp/err"
	status=$?
	[ $status = 0 ] || cat "$tmp/err"
	verdict "$format: $text: line $line" $status
}

# A trace that is good: REQUESTS and UNIQUE, nothing on standard error.
good() # TEXT FORMAT REQUESTS UNIQUE [ARGUMENT...] < TRACE
{
	local text=$1 format=$2 want="$3 $4"
	shift 4
	cat >"$tmp/good"
	equal "$format: $text" "$(counts -c 10 -f "$format" "$@" "$tmp/good" 2>&1 |
		cut -d' ' -f1,2)" "$want"
}

number() # VALUE BYTES: little-endian
{
	local i byte text=
	for ((i = 0; i < $2; i++)); do
		printf -v byte '\\x%02x' $(($1 >> 8 * i & 255))
		text+=$byte
	done
	# shellcheck disable=SC2059
	printf "$text"
}

record() # OBJECT NEXT [TIME] [SIZE]: of oracleGeneral
{
	number "${3:-7}" 4
	number "$1" 8
	number "${4:-4096}" 4
	number "$2" 8
}

garbage() # BYTES
{
	awk -v seed="$seed" -v bytes="$1" 'BEGIN {
		srand(seed)
		for (i = 0; i < bytes; i++)
			printf "%c", int(rand() * 256)
	}' | LC_ALL=C tr '\n,' 'ab'
}
