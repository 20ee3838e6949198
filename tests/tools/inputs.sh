# SPDX-License-Identifier: GPL-2.0-only
#
# Formats and compressors: what is read, and what is refused, where and why.
# shellcheck shell=bash disable=SC2154

# Plain formats

for format in auto lis blocks oracle csv; do
	: | bad 'an empty file' $format 1 ''
	garbage 5000 | bad garbage $format '[0-9]*' ''
done
printf 'no trace at all\n' | bad 'prose' auto 1 'no format that is known'

printf '5 2 0 0\n9 1 0 1\r\n\n 5\t1  0 2' | good 'lines' lis 4 3
printf '5 2 0 0\n9 1 0 1\n' | good 'detected' auto 3 3
printf '18446744073709551615 1 0 0\n' | good 'the largest block' lis 1 1
printf '5 2 0 0\n9 1 0\n' | bad 'a line that was cut' lis 2 missing
printf '5 2 0 0\n9\n' | bad 'one number' lis 2 missing
printf '5 2 0 0 1\n' | bad 'five fields' lis 1 'more than four'
printf '5 x 0 0\n' | bad 'a word' lis 1 'not a number'
printf '5 2x 0 0\n' | bad 'a number and a letter' lis 1 'not a number'
printf -- '-5 2 0 0\n' | bad 'a negative number' lis 1 'not a number'
printf '1 1 0 0\n18446744073709551616 1 0 0\n' |
	bad 'a huge block' lis 2 'too large'
printf '18446744073709551615 2 0 0\n' | bad 'a range that wraps' lis 1 'too large'
printf '1 1048577 0 0\n' | bad 'a huge count' lis 1 'more than 1048576'
printf '1 18446744073709551615 0 0\n' |
	bad 'the hugest count' lis 1 'more than 1048576'
printf '1 1 0 0\n1 0 0 0\n' | bad 'nothing requested' lis 2 'its size is 0'
printf '1 1 0 7\n1 1 0 0\n' | good 'a sequence that begins anew' lis 2 1

printf '1\n*\n2\r\n\n1\n3' | good 'lines' blocks 4 3
printf '1\n*\n2\n' | good 'detected' auto 2 2
printf '*\n1\n2\n' | good 'detected by a breakpoint' auto 2 2
printf '1\n2 3\n' | bad 'two numbers' blocks 2 'alone'
printf '1\n2\nx\n' | bad 'a word' blocks 3 'not a number'
printf '1\n2\0003\n' | bad 'a NUL' blocks 2 'not text'
printf '1\n99999999999999999999\n' | bad 'a huge block' blocks 2 'too large'
printf '1\n%05000d\n' 1 | bad 'a huge line' blocks 2 'too long'
printf '*\n' | bad 'breakpoints alone' blocks 2 'no requests'

{ record 5 3 && record 18446744073709551615 -1 && record 5 -1; } >"$tmp/oracle"
good 'records' oracle 3 2 <"$tmp/oracle"
good 'detected' auto 3 2 <"$tmp/oracle"
head -c 70 "$tmp/oracle" | bad 'a record that was cut' oracle 3 'truncated'
head -c 23 "$tmp/oracle" | bad 'less than a record' oracle 1 'truncated'
{ cat "$tmp/oracle" && record 1 -2; } | bad 'a bad next request' oracle 4 'next'
{ cat "$tmp/oracle" && record 1 2; } | bad 'a next request in the past' oracle 4 'next'
{ cat "$tmp/oracle" && record 1 -1 6; } | bad 'a time that goes back' oracle 4 'backwards'
{ cat "$tmp/oracle" && record 1 -1 7 0; } | bad 'a size of 0' oracle 4 'size is 0'

csv='version,time,op,size,lbn'
printf '%s\n1,2,2a,512,7\n1,2,28,512,8\r\n\n1,3,28,1,7' $csv |
	good 'lines' csv 3 2
printf '%s\n1,2,2a,512,7\n' $csv | good 'detected' auto 1 1
printf 'time, Obj_ID ,size\n1, 7 ,1\n' | good 'another name' csv 1 1
printf '1,2,2a,512,7\n' | bad 'no names' csv 1 'no column named'
printf '%s\n' $csv | bad 'names alone' csv 2 'no requests'
printf '%s\n1,2,2a,512,7\n1,2,2a,51\n' $csv | bad 'a line that was cut' csv 3 '4 fields'
printf '%s\n1,2,2a,512,7,8\n' $csv | bad 'a field more' csv 2 '6 fields'
printf '%s\n1,2,2a,512,\n' $csv | bad 'an empty block' csv 2 'not a number'
printf '%s\n1,2,2a,512,7f\n' $csv | bad 'a hexadecimal block' csv 2 'not a number'
printf '%s\n1,2,2a,512,99999999999999999999\n' $csv |
	bad 'a huge block' csv 2 'too large'

# Compressors

compressors='gzip zstd xz bzip2 lz4'

stream "$seed" 20000 5000 >"$tmp/plain"
want=$(counts -v 100 -c 500 "$tmp/plain")
half=$(($(wc -l <"$tmp/plain") / 2))
for program in $compressors; do
	$program -qc <"$tmp/plain" >"$tmp/z"
	equal "$program is read, whatever the name" \
		"$(counts -v 100 -c 500 "$tmp/z")" "$want"
	{
		head -n $half "$tmp/plain" | $program -qc
		tail -n +$((half + 1)) "$tmp/plain" | $program -qc
	} >"$tmp/zz"
	equal "$program: two streams, one after the other" \
		"$(counts -v 100 -c 500 "$tmp/zz")" "$want"
	bytes=$(wc -c <"$tmp/z")
	for keep in $((bytes - 1)) $((bytes / 2)) 20; do
		head -c $keep "$tmp/z" |
			bad "$program, $keep of $bytes bytes" auto '[0-9]*' "truncated $program"
	done
	{ cat "$tmp/z" && echo more; } |
		bad "$program, text behind it" auto '[0-9]*' "$program data"
	{
		head -c $((bytes / 2)) "$tmp/z"
		printf '\377\377\377\377'
		tail -c +$((bytes / 2 + 5)) "$tmp/z"
	} | bad "$program, damaged" auto '[0-9]*' ''
	: | $program -qc | bad "$program, of nothing" auto 1 empty
done

# A few bytes of which much becomes
for program in $compressors; do
	yes '' | head -n 4000000 | $program -qc |
		bad "$program: empty lines alone" blocks 4000001 'no requests'
done

# What their programs make besides
{ gzip -qc <"$tmp/plain" && head -c 70000 /dev/zero; } >"$tmp/z"
equal 'gzip, padded with zeroes' "$(counts -v 100 -c 500 "$tmp/z")" "$want"
{ gzip -qc <"$tmp/plain" && printf '\0\0\0more'; } |
	bad 'gzip, text behind the padding' auto '[0-9]*' 'gzip data'

skippable() # NUMBER CONTENT: a frame of zstd's and lz4's that has no data
{
	number $((0x184d2a50 + $1)) 4
	number ${#2} 4
	printf %s "$2"
}

{
	skippable 0 size
	head -n $half "$tmp/plain" | zstd -qc
	skippable 15 ''
	tail -n +$((half + 1)) "$tmp/plain" | zstd -qc
} >"$tmp/z"
equal 'zstd, parallel: skippable frames before each' \
	"$(counts -v 100 -c 500 "$tmp/z")" "$want"
{ skippable 3 "$(head -c 90000 "$tmp/plain" | tr '\n' x)" && zstd -qc <"$tmp/plain"; } \
	>"$tmp/z"
equal 'zstd, a large skippable frame before it' \
	"$(counts -v 100 -c 500 "$tmp/z")" "$want"
{ skippable 0 size && lz4 -qc <"$tmp/plain"; } >"$tmp/z"
equal 'lz4, a skippable frame before it' "$(counts -v 100 -c 500 "$tmp/z")" "$want"
skippable 0 size | bad 'skippable frames alone' auto 1 empty

# A frame of one block, which is not compressed, in a window of 2^31 bytes
long_window()
{
	number $((0xfd2fb528)) 4
	number 0 1
	number $((31 - 10 << 3)) 1
	number $((6 << 3 | 1)) 3
	printf '1\n2\n1\n'
}
long_window | good 'zstd, the longest window' auto 3 2
{ gzip -qc <"$tmp/plain" | zstd -qc; } |
	bad 'compressed twice' auto 1 'gzip data within zstd data: unpack it once'
