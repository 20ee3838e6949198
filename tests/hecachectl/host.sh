# SPDX-License-Identifier: GPL-2.0-only
#
# A made-up KVM host of two VMs, below $tmp.  Sourced by those who set that.
# shellcheck shell=bash disable=SC2154

params=$tmp/sys/module/hecache_kvm/parameters
debugfs=$tmp/sys/kernel/debug/hecache

host()
{
	rm -rf "$tmp/sys"
	mkdir -p "$params" "$debugfs"
	echo 512 >"$params/max_mb"
	echo 256 >"$params/size_mb"
	echo 0 >"$params/idle_tax"
	cat >"$debugfs/stats" <<-END
		puts 1000
		puts_refused 7
		hits 300
		misses 100
		flushes 5
		evictions 6
		corrupt 0
		rollbacks 1
		pages 512
		zero_pages 2
		persistent_pages 256
		frames_charged 510
		pools 3
		frames 65536
		frames_free 65026
		metadata_bytes 8388608
		clients 2
		chunks 128
		idle_tax 25
		calls 12345
	END
	cat >"$debugfs/clients" <<-END
		pid pages frames pools puts puts_refused hits misses flushes evictions corrupt rollbacks zero_pages persistent_pages guaranteed_mb max_mb weight policy frozen
		1234 500 498 2 900 7 300 50 5 6 0 1 2 256 4 8 200 arc 1
		77 12 12 1 100 0 0 50 0 0 0 0 0 0 0 0 100 s3fifo 0
	END
	cat >"$debugfs/pools" <<-END
		pid pool kind pages
		1234 49153 ephemeral 244
		77 32769 inclusive 12
		1234 16384 persistent 256
	END
}
