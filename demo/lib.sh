# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154
#
# What the demos share: they tell what they are at, and in the end what they were at
# if that failed.  To be sourced after testbed/lib.sh, by a script that sets $log.

started=$(date +%s)
step=starting

progress()
{
	step=${*%" (going on)"}
	printf '[%3d s] %s\n' $(($(date +%s) - started)) "$*"
}

machine= # the process that runs it, when there is one
trap '[ -z "$machine" ] || kill $machine; exit 130' INT TERM HUP

ended()
{
	status=$?
	case $status in 0 | 130) return 0 ;; esac
	say "failed at: $step"
	say "logs: $log* and $tb/*.log"
	exit 1
}
trap ended EXIT
