# SPDX-License-Identifier: GPL-2.0-only
#
# A made-up KVM host of two VMs, below $tmp: a program with kernel.c in it finds its
# device there, and what is in the file are the events.  Sourced by those who set $tmp.
# shellcheck shell=bash disable=SC2154

host()
{
	rm -rf "$tmp/sys" "${tmp:?}/dev" "$tmp/log"
	mkdir -p "${tmp:?}/dev" "$tmp/sys/module/hecache_kvm"
	: >"$tmp/dev/hecache"
}

# number VALUE BYTES: as the machine has it in memory.
number()
{
	local value=$1 i
	for ((i = 0; i < $2; i++)); do
		printf '%b' "\\x$(printf %x $((value >> 8 * i & 255)))"
	done
}

# event VERSION KIND TIME PID VALUE: one to be read from the device.
event()
{
	number "$1" 4
	number "$2" 4
	number "$3" 8
	number 1 8 # the client
	number 2 8 # its group
	number "$4" 4
	number 0 4
	number "$5" 8
}
