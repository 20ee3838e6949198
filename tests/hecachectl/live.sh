# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# hecachectl on a live host, the same for KVM and Xen.  A scenario puts this in
# front of its own script and offers:
#
#   verdict WHAT COMMAND...   "ok WHAT" or "FAIL WHAT"
#   reads WHAT                the client reads all its files, to the end
#   reading, has_read         the same in two parts
#
# The client has more files than memory, and the cache room for what is over.

ctl()
{
	/payload/hecachectl "$@"
}

# value KEY [CLIENT]: of the cache, or of a client, as hecachectl shows it.
value()
{
	if [ $# = 2 ]; then
		ctl --json show "$2" |
			sed 's/.*"clients"://; s/"pool_list".*//'
	else
		ctl --json show | sed 's/"clients".*//'
	fi | sed -n "s/.*[{,]\"$1\":\"\{0,1\}\([^,}\"]*\).*/\1/p"
}

# The first client's id.
first_client()
{
	ctl --json show | sed -n 's/.*"clients":\[{"id":\([0-9]*\).*/\1/p'
}

# refused STATUS ARGUMENT...: hecachectl ends like that.
refused()
{
	wanted=$1 status=0
	shift
	ctl "$@" 2>/tmp/ctl || status=$?
	[ $status = "$wanted" ] || { cat /tmp/ctl; return 1; }
}

# What is said of a client's pools: "POOL KIND PAGES" each.
pools() # CLIENT
{
	ctl show "$1" | awk -v id="$1" '$1 == "domid" || $1 == "pid" { n++ }
		$1 == "admitted" { exit }
		n == 2 && $1 == id { print $2, $3, $4 }'
}

terms()
{
	echo "$(value guaranteed_pages "$1") $(value max_pages "$1")" \
		"$(value weight "$1") $(value policy "$1")"
}

control_client() # CLIENT
{
	id=$1
	ctl freeze "$id"
	verdict "its one pool is shown" [ "$(pools "$id" | cut -d ' ' -f 2-)" = \
		"ephemeral $(value pages "$id")" ]
	ctl thaw "$id"
	ctl set "$id" guaranteed=4 max=16 weight=250 policy=arc
	verdict "terms are set" [ "$(terms "$id")" = "1024 4096 250 arc" ]
	reads "with a maximum"
	verdict "  and hold" [ "$(value frames "$id")" -le 4096 ]
	verdict "a guarantee that cannot be kept" \
		refused 1 set "$id" guaranteed=1T max=none
	verdict "  changes nothing" [ "$(terms "$id")" = "1024 4096 250 arc" ]
	verdict "terms of nobody" refused 4 set $((id + 1)) weight=7
	ctl set "$id" guaranteed=0 max=none

	ctl freeze "$id"
	puts=$(value puts "$id")
	reads "frozen"
	verdict "a frozen client puts nothing" \
		[ "$(value puts "$id")" = "$puts" ]
	verdict "  and is shown so" [ "$(value frozen "$id")" = true ]
	ctl thaw all
	reads "thawed"
	verdict "  until it is thawed" [ "$(value puts "$id")" -gt "$puts" ]
	flushes=$(value flushes "$id")
	ctl flush "$id"
	verdict "a client is flushed" \
		[ "$(value flushes "$id")" -gt $((flushes + 1000)) ]
	ctl reset "$id"
	verdict "its counts are reset" [ "$(value puts "$id")" = 0 ]
	ctl show
}

# With the cache's size in MiB, which it has again afterwards.
control_cache() # MIB
{
	reading
	ctl resize 8
	ctl resize $(($1 + 16))
	has_read
	verdict "the cache has its new size" \
		[ "$(value frames)" = $((($1 + 16) * 256)) ]
	verdict "it cannot be larger than it may" refused 1 resize 1T
	ctl resize "$1"
	verdict "the cache has its old size" \
		[ "$(value frames)" = $(($1 * 256)) ]
	ctl tax 50
	verdict "the tax is set" [ "$(value idle_tax)" = 50 ]
	ctl tax 0
}
