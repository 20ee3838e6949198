# SPDX-License-Identifier: GPL-2.0-only
#
# The traces that people have: each format is recognised, its requests are cut
# into pages, its volumes are VMs, and what is odd in it is refused.
# shellcheck shell=bash disable=SC2154

# Pages of each VM, "VOLUME:REQUESTS/UNIQUE ..."
volumes() # [ARGUMENT...] < TRACE
{
	cat >"$tmp/volumes"
	"$hecache" replay --json -c 10 "$@" "$tmp/volumes" 2>&1 |
		jq -r '[.vms[] | "\(.volume):\(.requests)/\(.unique)"] | join(" ")'
}

# Tables

msr='128166372003061629,hm,0,Read,8192,4096,100
128166372003061630,hm,1,Write,8192,8192,100
128166372003061630,hm,0,Read,12287,2,9'
echo "$msr" | good 'detected' auto 5 4
echo "$msr" | good 'named' msr 5 4
equal 'msr: disks are VMs' "$(echo "$msr" | volumes)" 'hm_0:3/2 hm_1:2/2'
equal 'msr: --volumes=one' "$(echo "$msr" | volumes -V one)" 'null:5/2'
{ echo Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime && echo "$msr"; } |
	good 'a line of names' auto 5 4
echo "$msr" | sed '3s/8629/0000/; 3s/^12816/12815/' | bad 'a time that goes back' auto 3 backwards
echo "$msr" | sed '2s/,8192,100/,0,100/' | bad 'a size of 0' auto 2 'size is 0'
echo "$msr" | sed '2s/Write/Wrote/' | bad 'no read and no write' auto 2 'neither a read'
echo "$msr" | head -c 110 | bad 'the last record cut short' auto 3 'fields, not 7'
echo "$msr" | bad '--block-size' auto 1 'means nothing' -b 512

alibaba='419,W,8192,16384,1577808144360767
725,R,0,4096,1577808144360768
419,R,12288,4096,1577808144360768'
echo "$alibaba" | good 'detected' auto 6 5
equal 'alibaba: devices are VMs' "$(echo "$alibaba" | volumes -f alibaba)" \
	'419:5/4 725:1/1'
{ echo device_id,opcode,offset,length,timestamp && echo "$alibaba"; } |
	good 'a line of names' auto 6 5
echo "$alibaba" | sed '3s/768$/766/' | bad 'a time that goes back' auto 3 backwards
echo "$alibaba" | head -c 70 | bad 'the last record cut short' auto 3 'fields, not 5'

tencent='1538323200,16,8,0,1063
1538323200,16,16,1,1064
1538323201,23,2,0,1063'
echo "$tencent" | good 'detected' auto 5 4
equal 'tencent: volumes are VMs, in sectors' "$(echo "$tencent" | volumes -f tencent)" \
	'1063:3/2 1064:2/2'
{ echo Timestamp,Offset,Size,IOType,VolumeID && echo "$tencent"; } |
	good 'a line of names, whose offset is in sectors' auto 5 4
{ echo Timestamp,Offset,Size,IOType,VolumeID && echo "$tencent"; } |
	good 'names of tencent, whose offset is in sectors' csv 5 4
echo "$tencent" | sed 's/^15383232/153832/' | bad 'numbers of another time' auto 1 'no line of names'
echo "$tencent" | sed '2s/,1,1064/,2,1064/' | bad 'a third kind of request' auto 2 'neither 0'
echo "$tencent" | sed '3s/^153/152/' | bad 'a time that goes back' auto 3 backwards
echo "$tencent" | sed '3s/,2,/,0,/' | bad 'a size of 0' auto 3 'size is 0'

spc='0,16,4096,R,0.000000
1,16,8192,w,0.011413
0,23,1024,r,0.02,more,of,it'
echo "$spc" | good 'detected' auto 5 4
equal 'spc: units are VMs, in blocks of 512 bytes' "$(echo "$spc" | volumes -f spc)" \
	'0:3/2 1:2/2'
echo "$spc" | good 'blocks of 4096 bytes' spc 4 4 -b 4096
echo "$spc" | sed '3s/0.02/0.011412/' | bad 'a time that goes back' auto 3 backwards
echo "$spc" | sed '2s/8192/0/' | bad 'a size of 0' auto 2 'size is 0'
echo "$spc" | head -c 50 | bad 'the last record cut short' auto 3 'fields, not 5'

for table in "$msr" "$alibaba" "$tencent" "$spc"; do
	echo "$table" >"$tmp/lf"
	echo "$table" | sed 's/$/\r/' >"$tmp/crlf"
	equal 'lines that end in CR LF are as those that end in LF' \
		"$(counts -c 10 "$tmp/crlf")" "$(counts -c 10 "$tmp/lf")"
done

# Any table

csv='version,time,op,size,lbn'
printf '%s\n1,2,2a,8192,7\n1,2,28,512,15\n' $csv | good 'a block is a page' auto 2 2
printf '%s\n1,2,2a,8192,7\n1,2,28,512,15\n' $csv |
	good '--block-size cuts into pages' auto 4 3 -b 512
printf '%s\n1,9,2a,512,7\n1,8,2a,512,7\n' $csv | bad 'a time that goes back' auto 3 backwards
printf '%s\n1,9,2a,0,7\n' $csv | bad 'a size of 0' auto 2 'size is 0'
printf '%s\n1,9,2a,0,7\n1,8,2a,512,7\n' $csv >"$tmp/odd"
equal '--lenient lets both pass' "$(counts -l -c 1 "$tmp/odd" 2>"$tmp/err" | cut -c1-3)" '1 1'
equal '--lenient says what it let pass' "$(cut -d: -f2- <"$tmp/err" | xargs)" \
	'times that go backwards: 1 requests for nothing, left out: 1'
printf 'time,offset,size\n1,4095,2\n' | good 'an offset is in bytes' auto 2 2
printf 'time,sector,sectors\n1,7,2\n' | good 'a sector has 512 bytes' auto 2 2
printf 'device,block\na,1\nb,1\na,1\n' >"$tmp/csv"
equal 'csv: a column of devices makes VMs' "$(volumes <"$tmp/csv")" 'a:2/1 b:1/1'
printf '\xef\xbb\xbftime,lbn\n1,2\n' | good 'a byte-order mark' auto 1 1
printf '\xef\xbb\xbf5\n6\n' | good 'a byte-order mark' blocks 2 2
printf '"time","lbn","the ""op"", quoted"\n"1","2","R"\n2,"3",W\n' |
	good 'quotes' auto 2 2
printf '"time","lbn"\n1,"2"3\n' | bad 'half a field quoted' auto 2 'not a number'
printf 'gr\xf6\xdfe,lbn\n1,2\n' | good 'Latin-1 in a name' auto 1 1
printf 'gr\xc3\xb6\xc3\x9fe,lbn\n1,2\n' | good 'UTF-8 in a name' auto 1 1
printf 'lbn,server\n1,f\xfcnf\n' | good 'Latin-1 in a field' auto 1 1
printf '#time lbn\n1 2\n 1\t 3 \n' | good 'blanks' auto 2 2 -d space
printf 'time;lbn\n1;2\n' | good 'semicolons' auto 1 1 -d semicolon
printf 'time|lbn\n1|2\n' | good 'bars' csv 1 1 -d '|'
printf 'time\tlbn\n\t2\n' | bad 'tabs, an empty time' auto 2 'the time is not' -d tab
printf '\tlbn\n0\t7\n1\t7\n' | good 'a first column without a name' auto 2 1 -d tab
printf 'id,lbn\n1,7\n2,7\n' | good 'an id beside the block' auto 2 1
printf 'id,time\n1,7\n2,7\n' | bad 'an id that may be the block' auto 1 \
	'column id may be .*--columns'
printf 'id,time\n1,7\n2,7\n' | good 'an id that is said to be it' auto 2 2 -C block,time
printf 'lbn,page\n1,2\n' | bad 'two columns for the block' auto 1 'page and another.*--columns'
printf '5,1,2\n6,1,2\n' | bad 'no names' auto 1 'no line of names.*--columns'
printf '5,1,2\n6,1,2\n' | good '--columns' auto 2 1 -C time,block,-
printf '5,1,2,x\n6,1,2\n' | good '--columns, and more' auto 2 1 -C time,block,...
printf '5,1,2,x\n' | bad '--columns, a field more' auto 1 '4 fields' -C time,block,-
printf '5,1,2\n' | good '--columns of blocks' auto 2 2 -C time,block,blocks
printf '5,1,2\n' | good '--columns of blocks of 8 KiB' auto 4 4 -C time,block,blocks -b 8192
printf '5,4096,2\n' | bad 'how long is a block?' auto 1 '--block-size' -C time,offset,blocks
printf '9 1 httpd 8 8 W 6 0 d41d8\n' | good 'the columns of FIU' auto 1 1 \
	-d space -C time,-,-,sector,sectors,rw,volume,volume,-
printf '18446744073709551615,2\n' |
	bad 'a huge offset' auto 1 'too large' -C offset,size
printf '1,18446744073709551615\n' |
	bad 'a huge sector' auto 1 'too large' -C -,sector
printf '1,4294971393\n' | bad 'a huge size' auto 1 'more than 1048576' -C offset,size
awk 'BEGIN { for (i = 0; i < 1025; i++) print i ",1" }' >"$tmp/many"
bad '1025 volumes' auto 1025 'volumes: --volumes=one' -C volume,block <"$tmp/many"
good '1025 volumes as one' auto 1025 1 -C volume,block -V one <"$tmp/many"
head -n 600 "$tmp/many" >"$tmp/some"
"$hecache" replay -c 1 -C volume,block "$tmp/some" "$tmp/some" >"$tmp/out" 2>"$tmp/err"
[ $? = 2 ] && grep -q '1200 volumes' "$tmp/err"
verdict 'two traces of too many volumes together' $?
printf '%070d,1\n' 0 | bad 'a long name of a volume' auto 1 'more than' -C volume,block

# The order within a trace is its own: volumes do not take turns.
printf 'a,1\na,1\nb,1\na,1\n' >"$tmp/turns"
equal 'requests of several volumes keep their order' \
	"$("$hecache" replay --json -p lru -m inclusive -c 1 -C volume,block "$tmp/turns" |
		jq -c '[.vms[].cache_hits]')" '[1,0]'
equal 'the table names volumes' \
	"$("$hecache" replay -c 1 -C volume,block "$tmp/turns" | awk '{ print $1 }' | xargs)" \
	'trace turns:a turns:b all'
printf 'v,"a""\xff\\",1\n' >"$tmp/name"
equal 'a name cannot break the JSON' \
	"$("$hecache" replay --json -c 1 -C -,volume,block "$tmp/name" |
		jq -r '.vms[0].volume')" 'a???'
printf 'a\033[1m,1\n' >"$tmp/name"
"$hecache" replay -c 1 -C volume,block "$tmp/name" | LC_ALL=C grep -q '[^ -~]'
equal 'a name cannot steer the terminal' "$?" 1
printf 'time,lbn\n2020-01-01,5\n' |
	bad 'a time that is a date' auto 2 'not a number; --columns with -'
printf '2020-01-01,5\n' | good 'a date that is ignored' auto 1 1 -C -,block
printf '1,\033[1m\n' | bad 'nor can an error' auto 1 'write: "?\[1m"' -C block,rw

# oracleGeneral

{ record 7 -1 && record 15 -1; } | good '--block-size cuts into pages' oracle 4 3 -b 512

# vscsi: 2a is WRITE(10), 35 SYNCHRONIZE CACHE

vscsi1() # COMMAND BLOCK BYTES TIME [VERSION]
{
	number 9 4
	number "$3" 4
	number 1 4
	number $((0x$1)) 2
	number "${5:-256}" 2
	number "$2" 8
	number "$4" 8
}

vscsi2() # COMMAND BLOCK BYTES TIME
{
	number $((0x$1)) 2
	number 512 2
	number 9 4
	number "$3" 4
	number 1 4
	number "$2" 8
	number "$4" 8
	number 33 8
}

for vscsi in vscsi1 vscsi2; do
	[ $vscsi = vscsi2 ] && bytes=40 || bytes=32
	{ $vscsi 2a 16 4096 5 && $vscsi 35 0 0 5 && $vscsi 28 23 1024 6; } >"$tmp/vscsi"
	good "$vscsi, detected" auto 3 2 <"$tmp/vscsi"
	good "$vscsi" vscsi 3 2 <"$tmp/vscsi"
	good "$vscsi, blocks of 4096 bytes" vscsi 2 2 -b 4096 <"$tmp/vscsi"
	head -c $((3 * bytes - 1)) "$tmp/vscsi" |
		bad "$vscsi, the last record cut short" auto 3 truncated
	head -c $((bytes - 1)) "$tmp/vscsi" | bad "$vscsi, less than a record" vscsi 1 ''
	{ cat "$tmp/vscsi" && $vscsi 28 23 1024 5; } |
		bad "$vscsi, a time that goes back" auto 4 backwards
	{ cat "$tmp/vscsi" && $vscsi 28 23 0 7; } | bad "$vscsi, a size of 0" auto 4 'size is 0'
done
{ cat "$tmp/vscsi" && vscsi1 2a 16 4096 5 && vscsi1 2a 16 4096 5; } |
	bad 'a version in another' vscsi 4 'of version 2'

# blktrace: c is a category, 0x10 + 1 queue and read, 0x10 + 2 queue and write, in
# the upper half; the lower half 1 is queue.

big=
word() # VALUE BYTES: in the order of the machine traced
{
	local i
	if [ "$big" ]; then
		for ((i = $2 - 1; i >= 0; i--)); do
			number $(($1 >> 8 * i)) 1
		done
	else
		number "$1" "$2"
	fi
}

event() # TIME SECTOR BYTES ACTION MINOR [MORE] [VERSION]
{
	local more=${6:-}
	word $((0x65617400 + ${7:-7})) 4
	word 1 4
	word "$1" 8
	word "$2" 8
	word "$3" 4
	word $((0x$4)) 4
	word 77 4
	word $((8 << 20 | $5)) 4
	word 0 4
	word 0 2
	word ${#more} 2
	printf %s "$more"
}

for big in '' yes; do
	{
		event 0 0 0 04000000 0 process
		event 1000000000 16 4096 00110001 0
		event 1000000000 16 4096 00810008 0
		event 1000000001 16 8192 00120101 16 '8 bytes.'
		event 1000000001 0 0 00160001 0
		event 1000000002 0 1048576 20120001 0
		event 1000000002 23 1024 00110001 0
	} >"$tmp/blktrace"
	endian=${big:+big-endian}
	good "blktrace, ${endian:-little-endian}, detected" auto 5 4 <"$tmp/blktrace"
	equal "blktrace, ${endian:-little-endian}: devices are VMs" \
		"$(volumes -f blktrace <"$tmp/blktrace")" '8,0:3/2 8,16:2/2'
	{ cat "$tmp/blktrace" && event 999999999 16 4096 00110001 0; } |
		bad "${endian:-little-endian}, a time that goes back" auto 8 'backwards: sort'
	{ cat "$tmp/blktrace" && event 1000000003 16 0 00110001 0; } |
		bad "${endian:-little-endian}, a size of 0" auto 8 'size is 0'
	event 1 1 1 00110001 0 '' 6 | bad "${endian:-little-endian}, a version" auto 1 'version 6'
done

# A file for each processor, as blktrace writes them
big=
event 1 16 4096 00110001 0 >"$tmp/sda.blktrace.0"
equal 'blktrace of one processor' "$(counts -c 1 "$tmp/sda.blktrace.0")" '1 1 0 0 1'
cp "$tmp/sda.blktrace.0" "$tmp/sda.blktrace.1"
cp "$tmp/sda.blktrace.0" "$tmp/sda.blktrace.12"
for part in 0 1 12; do
	"$hecache" replay -c 1 "$tmp/sda.blktrace.$part" 2>&1 |
		grep -q "^$tmp/sda.blktrace.$part: .*merge the parts, blkparse -i"
	verdict "blktrace: the part of processor $part of several is refused" $?
done
"$hecache" replay -c 1 "$tmp/sda.blktrace.1" >"$tmp/out" 2>&1
equal 'blktrace: a part is refused: exit status' $? 2

head -c -1 "$tmp/blktrace" | bad 'the last record cut short' auto 7 truncated
{ cat "$tmp/blktrace" && event 1000000003 0 0 04000000 0 process | head -c -3; } |
	bad 'what follows a record cut short' auto 8 truncated
{ cat "$tmp/blktrace" && head -c 48 /dev/zero; } | bad 'zeroes behind it' auto 8 'not a blktrace event'
event 1 16 4096 00810008 0 | bad 'completions alone' auto 2 'blktrace -a queue'

blkparse='Input file sda.blktrace.0 added
  8,0    3        1     0.000000000   697  A   W 16 + 8 <- (8,1) 8
  8,0    3        2     0.000000100   697  Q   R 16 + 8 [a name [x]]
  8,0    3        3     0.000000200   697  G   R 16 + 8 [a]
  8,16   3        1     0.100000000   697  Q  WS 16 + 16 [b]
  8,0    3        4     1.000000000   697  Q FWS [c]
  8,0    3        5     1.000000000   697  Q  DS 0 + 2048 [d]
  8,0    3        6     1.000000001   697  P   N [e]
  8,0    3        7     1.000000001     0  m   N a message
  8,0    3        8     1.000000001   697  Q   R 23 + 2 (     433) [f]
CPU3 (sda):
 Reads Queued:           2,        8KiB	 Writes Queued:           1,        8KiB

Total (sda):
Throughput (R/W): 8KiB/s / 0KiB/s'
echo "$blkparse" | good 'detected' auto 5 4
echo "$blkparse" | sed 1d | good 'detected by an event' auto 5 4
equal 'blkparse: devices are VMs' "$(echo "$blkparse" | volumes -f blkparse)" \
	'8,0:3/2 8,16:2/2'
echo "$blkparse" | sed '5s/0.1/0.000000099/' | bad 'a time that goes back' auto 5 backwards
echo "$blkparse" | sed '3s/16 + 8/16 + 0/' | bad 'a size of 0' auto 3 'size is 0'
echo "$blkparse" | sed '3s/16 + 8 //' | bad 'a read of nothing' auto 3 'size is 0'
echo "$blkparse" | sed '3s/ + .*//' | bad 'no number of sectors' auto 3 'number of sectors'
echo "$blkparse" | sed '3s/ \[.*//' | bad 'an event cut short' auto 3 cut
echo "$blkparse" | sed '4s/697.*//' | bad 'another event cut short' auto 4 cut
echo "$blkparse" | sed '4s/.*/hello/' | bad 'another line' auto 4 'not a line of blkparse'
echo "$blkparse" | grep -v ' Q ' | bad 'nothing queued' auto 11 'blktrace -a queue'
