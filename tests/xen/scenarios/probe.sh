# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# In dom0 and in domUs: runs a part of hecprobe.ko and prints what it saw.

# probe PART [PARAMETER=VALUE]...
probe()
{
	module=/root/hecprobe.ko
	[ -e $module ] || module=/payload/hecprobe.ko
	dmesg -c >/dev/null
	part=$1
	shift
	insmod $module part="$part" "$@"
	rmmod hecprobe
	dmesg -c | sed -n 's/^.*hecprobe: //p' >/tmp/probe
	sed "s/^\(ok\|FAIL\) /&$part: /" /tmp/probe
	# It got to its end.
	grep -q '^[1-9][0-9]* passed, ' /tmp/probe || echo "FAIL $part: no end"
}

# verdict WHAT COMMAND...
verdict()
{
	what=$1
	shift
	if "$@"; then
		echo "ok $what"
	else
		echo "FAIL $what"
	fi
}

# eventually WHAT COMMAND...: the verdict when it is true, or after three minutes.
eventually()
{
	left=180
	until (shift; "$@") >/dev/null || [ $left = 0 ]; do
		left=$((left - 1))
		sleep 1
	done
	verdict "$@"
}

# statistics PATTERN: lines that match, of what the cache's console key prints
# now.  The hypervisor prints when it comes to it, so ask eventually.
statistics()
{
	xl dmesg -c >/dev/null
	xl debug-keys k
	sleep 1
	xl dmesg | sed 's/^(XEN) //' | grep "$1"
}
