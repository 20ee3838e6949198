# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034
#
# What suites that are shell scripts share: verdicts, and the line that closes one.  To
# be sourced in the project's root.

passed=0 failed=0 skipped=0

verdict() # TEXT STATUS; true if that is 0
{
	if [ "$2" = 0 ]; then
		echo "ok   $1"
		passed=$((passed + 1))
	else
		echo "FAIL $1"
		failed=$((failed + 1))
		return 1
	fi
}

skip() # TEXT
{
	echo "SKIP $1"
	skipped=$((skipped + 1))
}

equal() # TEXT GOT WANTED
{
	if [ "$2" = "$3" ]; then
		verdict "$1" 0
	else
		verdict "$1: got $2, want $3" 1
	fi
}

# The last thing that a suite does; its status is the suite's.
close_suite()
{
	if [ "$skipped" = 0 ]; then
		echo "$passed passed, $failed failed"
	else
		echo "$passed passed, $failed failed, $skipped skipped"
	fi
	[ "$failed" = 0 ]
}
