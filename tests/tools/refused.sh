# SPDX-License-Identifier: GPL-2.0-only
#
# What is no trace: refused by name, with what to do, where it would otherwise be
# taken for oracleGeneral.
# shellcheck shell=bash disable=SC2154

text='time,lbn
1,5
2,6
'
printf %s "$text" | iconv -f UTF-8 -t UTF-16 | bad 'UTF-16' auto 1 'UTF-16 text: .*iconv'
printf %s "$text" | iconv -f UTF-8 -t UTF-16BE | bad 'UTF-16, big-endian' auto 1 'UTF-16 text: .*iconv'
printf %s "$text" | iconv -f UTF-8 -t UTF-16LE | bad 'UTF-16 without a mark' auto 1 'UTF-16 text: .*iconv'
printf %s "$text" | iconv -f UTF-8 -t UTF-16 | bad 'UTF-16' csv 1 'UTF-16 text: .*iconv'
printf %s "$text" | iconv -f UTF-8 -t UTF-32 | bad 'UTF-32' auto 1 'UTF-32 text: .*iconv'

mkdir "$tmp/folder" && printf %s "$text" >"$tmp/folder/t.csv"
tar -C "$tmp/folder" -cf "$tmp/tar" t.csv
bad 'a tar archive' auto 1 'tar archive: unpack' <"$tmp/tar"
gzip -qc <"$tmp/tar" | bad 'a compressed tar archive' auto 1 'tar archive: unpack'
bad 'a tar archive' lis 1 'tar archive: unpack' <"$tmp/tar"

# The first bytes, and something behind them
marked() # TEXT PATTERN BYTES
{
	local what=$1 pattern=$2
	# shellcheck disable=SC2059
	{ printf "$3" && garbage 3000; } | bad "$what" auto 1 "$pattern"
}
marked 'a zip archive' 'zip archive: unpack' 'PK\x03\x04'
marked 'a 7-Zip archive' '7-Zip archive: unpack' '7z\xbc\xaf\x27\x1c'
marked 'a RAR archive' 'RAR archive: unpack' 'Rar!\x1a\x07'
marked 'lzip' 'lzip -d' 'LZIP\x01'
marked 'lzma' 'lzma -d' '\x5d\0\0\x80\0'
marked 'compress' uncompress '\x1f\x9d\x90'
marked 'old lz4' 'legacy format: .*lz4 -d' '\x02\x21\x4c\x18'
marked 'lzop' 'lzop -d' '\x89LZO\0\r\n'
marked 'Parquet' 'Parquet file: .*--columns' 'PAR1\x15'
marked 'HDF5' 'HDF5 file: .*--columns' '\x89HDF\r\n'
marked 'NumPy' 'NumPy array: .*--columns' '\x93NUMPY\x01\0'
marked 'SQLite' 'SQLite database: .*--columns' 'SQLite format 3\0'
marked 'lcs' 'lcs: convert it to oracleGeneral' '\xf0\xde\xbc\x9a\x78\x56\x34\x12'
marked 'perf' "perf's data" 'PERFILE2'
marked 'trace-cmd' 'data of trace-cmd' '\x17\x08\x44tracing'
marked 'a packet capture' 'packet capture' '\xd4\xc3\xb2\xa1\x02\0'
marked 'a packet capture, pcapng' 'packet capture' '\n\r\r\n\0'
marked 'Arrow' 'Arrow file: .*--columns' 'ARROW1\0\0'
marked 'snappy' 'snappy data: unpack' '\xff\x06\0\0sNaPpY'
marked 'an Office document' 'save it as CSV' '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'
marked 'a program' 'a program' '\x7fELF\x02\x01\x01'
marked 'a PDF document' 'PDF document' '%%PDF-1.4\0'
bad 'a program: hecache itself' auto 1 'a program' <"$hecache"

garbage 5000 | bad 'random bytes' auto 1 'binary data of no format that is known'
head -c 4800 /dev/zero | bad 'zeroes' auto 1 'binary data of no format'
head -c 4800 /dev/zero | tr '\0' '\377' | bad 'ones' auto 1 'binary data of no format'
for ((i = 1; i < 200; i++)); do number $((i * 3)) 8; done |
	bad 'block numbers of 64 bits' auto 1 'binary data of no format'
for ((i = 1; i < 200; i++)); do number $((i * 3)) 4; done |
	bad 'block numbers of 32 bits' auto 1 'binary data of no format'
{ record 5 3 && record 5 -1 && record 5 -1; } |
	bad 'oracleGeneral whose last request comes again' auto 1 'binary data'
{ record 5 3 && record 5 1; } | bad 'oracleGeneral that looks back' auto 1 'binary data'

printf '{"time": 1, "lbn": 5}\n' | bad 'JSON' auto 1 'JSON'
printf '[1,2]\n' | bad 'JSON, a list' auto 1 'JSON'
printf '<html><a b="1,2">\n' | bad 'HTML' auto 1 'HTML'
printf 'time;lbn\n1;2\n' | bad 'semicolons' auto 1 "--delimiter=';'"
printf 'time\tlbn\n1\t2\n' | bad 'tabs' auto 1 'delimiter'
printf '1 2\n3 4\n' | bad 'lines of two numbers' auto 1 'lines of 2 numbers.*--delimiter=space'
printf '1 2 3 4 5\n' | bad 'lines of five numbers' auto 1 'lines of 5 numbers.*--delimiter=space'
printf '9 1 httpd 8 8 W 6 0 d41d8\n' | bad 'words and blanks' auto 1 '--delimiter=space'
printf '\n \n\n' | bad 'blank lines' auto 1 'blank lines'
printf 'one, two, three\n' | bad 'prose with commas' auto 1 'no column named'
{ number $((0x184d2a50)) 4 && number 5000 4 && garbage 6000; } |
	bad 'a skippable frame, and then nothing known' auto 1 'skippable frames'
