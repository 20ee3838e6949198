# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What every script of the test bed shares: where things are, and how it speaks.
# To be sourced; $0 must be a script one or more folders below the root.

set -eu

# Scripts read what programs say, so that is English; and programs of the system's
# administrator are found by a root whose PATH is a user's, too.
export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin

# The project's root: the nearest folder above the script with this file in testbed/.
root=$(cd "$(dirname "$0")" && pwd)
while [ ! -f "$root/testbed/lib.sh" ]; do root=$(dirname "$root"); done

O=${O:-$root/build}
mkdir -p "$O"
O=$(cd "$O" && pwd)
tb=$O/testbed
mkdir -p "$tb"

prog=$(basename "$0")

say()
{
	echo "$prog: $*" >&2
}

die()
{
	say "$*"
	exit 1
}

# QEMU's options and the kernel's build give these a meaning of their own.
case $O in
*[[:space:],:]*) die "cannot work in a folder with a space, comma or colon: $O" ;;
esac

# Several makes may share one build folder: whoever makes $1 does it alone.
lock()
{
	exec 9>"$tb/$1.lock"
	flock 9
}
