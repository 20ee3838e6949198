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
O=${O:-$root/build}
case $O in
/*) ;;
*) O=$PWD/$O ;;
esac
case $root:$O in
*[[:space:],]* | *:*:*)
	die "cannot work in a folder with a space, comma or colon: $root, $O" ;;
esac
mkdir -p "$O"
O=$(cd "$O" && pwd)
tb=$O/testbed
mkdir -p "$tb"

# The kernels of the machines, each one that fetch knows: what L1, the emulated host,
# boots, and what its guests do.
host_kernel=${HEC_HOST_KERNEL:-${HEC_KERNEL:-6.1}}
guest_kernel=${HEC_GUEST_KERNEL:-${HEC_KERNEL:-6.1}}
kernels=$host_kernel-$guest_kernel
l1=$tb/l1-$kernels

# more_mib KERNEL: memory that it takes for itself beyond what 6.1 takes.  Machines get
# that more, so that as much is left for what they are to do.
more_mib()
{
	case $1 in
	6.1) echo 0 ;;
	6.12) echo 5 ;;
	*) echo 23 ;;
	esac
}

# Several makes may share one build folder: whoever makes $1 does it alone.
lock()
{
	exec 9>"$tb/$1.lock"
	flock 9
}

# apt LOG ARGUMENT...: apt-get, whose output goes to LOG.  Another one that is at work
# (a person's, or the system's own upgrade) has locks that apt does not wait for: this
# does, an hour at most.  What apt starts must not keep the lock of lock().
apt()
{
	apt_log=$1 apt_tries=3600
	shift
	until apt-get "$@" -q >"$apt_log" 2>&1 9>&- </dev/null; do
		grep -qE '^E: (Could not get|Unable to acquire|Unable to lock)' \
			"$apt_log" || return 1
		[ $apt_tries != 3600 ] ||
			say "another apt is at work; waiting until it has done"
		[ $((apt_tries -= 1)) -gt 0 ] || return 1
		sleep 1
	done
}
