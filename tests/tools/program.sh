# SPDX-License-Identifier: GPL-2.0-only
#
# The program itself: arguments, help, output.
# shellcheck shell=bash disable=SC2154

# Runs with arguments that are wrong: exit status 2, and the reason told.
refuses() # TEXT PATTERN ARGUMENT...
{
	local text=$1 pattern=$2 status
	shift 2
	"$hecache" "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status = 2 ] && [ ! -s "$tmp/out" ] && grep -q -- "$pattern" "$tmp/err"
	verdict "$text is refused" $?
}

stream "$seed" 300 50 >"$tmp/t"
refuses 'no command' Usage
refuses 'an unknown command' 'no such command: play' play
refuses 'an unknown policy' '--policy=fifo' replay -p fifo -c 1 "$tmp/t"
refuses 'an unknown mode' '--mode=both' replay -m both -c 1 "$tmp/t"
refuses 'an unknown format' '--format=xml' replay -f xml -c 1 "$tmp/t"
refuses 'an unknown option' 'unrecognized option' replay --colour "$tmp/t"
refuses 'a block of 3 bytes' '--block-size=3' replay -b 3 -c 1 "$tmp/t"
refuses 'a block of no bytes' '--block-size=0' replay -b 0 -c 1 "$tmp/t"
refuses 'a block of 2 MiB' '--block-size=2097152' replay -b 2097152 -c 1 "$tmp/t"
refuses 'an unknown column' 'what is "addr"' replay -C time,addr -c 1 "$tmp/t"
refuses 'columns without a block' 'none is block' replay -C time,size -c 1 "$tmp/t"
refuses 'two columns of blocks' 'tell the same' replay -C block,offset -c 1 "$tmp/t"
refuses 'more columns in the middle' 'what is "..."' replay -C ...,block -c 1 "$tmp/t"
refuses '65 columns' 'more than 64 columns' \
	replay -C "block$(printf ',-%.0s' {1..64})" -c 1 "$tmp/t"
refuses 'too long a list of columns' 'too long' \
	replay -C "$(printf '%01030d' 0)" -c 1 "$tmp/t"
refuses 'columns of a format that has its own' 'not for msr' \
	replay -f msr -C block -c 1 "$tmp/t"
for delimiter in '' a 1 '"' ,, tabs; do
	refuses "fields with '$delimiter' between them" '--delimiter=' \
		replay -d "$delimiter" -c 1 "$tmp/t"
done
refuses 'some volumes' '--volumes=some' replay -V some -c 1 "$tmp/t"
refuses 'no cache size' '--cache-pages is missing' replay "$tmp/t"
refuses 'no trace' 'no trace' replay -c 1
for number in '' -1 +1 1x 0x10 1e3 1073741825 99999999999999999999999; do
	refuses "a cache of '$number' pages" '--cache-pages=' \
		replay "--cache-pages=$number" "$tmp/t"
done
refuses 'a VM of 2^32 pages' '--vm-pages=' replay -v 4294967296 -c 1 "$tmp/t"
refuses 'three shards' '--shards=3' replay -s 3 -c 1 "$tmp/t"
refuses 'a missing file' "$tmp/none: No such file" replay -c 1 "$tmp/none"
refuses 'a folder' "$tmp:1: cannot read: Is a directory" replay -c 1 "$tmp"

"$hecache" replay --help >"$tmp/help" && "$hecache" --help >"$tmp/main-help" &&
	grep -q replay "$tmp/main-help" && "$hecache" --version | grep -q '^hecache [0-9]'
verdict 'help and version' $?
for option in policy mode vm-pages cache-pages format block-size columns delimiter \
	volumes lenient shards json help; do
	grep -q -- "--$option" "$tmp/help" &&
		sed 's/\\-/-/g' docs/hecache.1 | grep -q -- "--$option"
	verdict "--help and the manual tell of --$option" $?
done

members='["requests","unique","vm_hits","cache_hits","misses"]'
"$hecache" replay --json -v 5 -c 10 "$tmp/t" "$tmp/t" >"$tmp/json" &&
	jq -se --argjson members "$members" 'length == 1 and (.[0] |
		keys_unsorted == $members + ["vms"] and (.vms | length) == 2 and
		all(.vms[]; keys_unsorted == $members and
			all(.[]; type == "number")) and
		.requests == ([.vms[].requests] | add) and
		.unique == ([.vms[].unique] | add) and
		all(., .vms[]; .vm_hits + .cache_hits + .misses == .requests))' \
		"$tmp/json" >"$tmp/jq"
verdict '--json: one object, of the members it should have, which add up' $?

"$hecache" replay -v 5 -c 10 "$tmp/t" "$tmp/t" >"$tmp/out"
equal 'the table has a row for each VM and one for all' \
	"$(wc -l <"$tmp/out")" 4
"$hecache" replay -c 10 "$tmp/t" >/dev/full 2>"$tmp/err"
equal 'output that cannot be written: exit status' $? 1
equal 'standard input is read' "$(counts -c 10 - <"$tmp/t")" \
	"$(counts -c 10 "$tmp/t")"
"$hecache" replay -c 10 "$tmp/t" 2>&1 >"$tmp/out" | cmp -s - /dev/null
verdict 'no progress bar where standard error is no terminal' $?
script -qec "$hecache replay -c 10 $tmp/t" "$tmp/typescript" >"$tmp/out" 2>&1 </dev/null
grep -q 'replaying.*%' "$tmp/typescript"
verdict 'a progress bar on a terminal' $?
