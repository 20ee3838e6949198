#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What tests/vmcall/run has L1 do.  One emulated processor interleaves tasks in
# the kernel only if the kernel lets it: full preemption finds more.
preempt=/sys/kernel/debug/sched/preempt
if [ -w $preempt ]; then
	echo full >$preempt
fi
# shellcheck source=/dev/null
. ./settings
# shellcheck disable=SC2086,SC2154
./vmcall hecache-kvm.ko "$seed" $checks
dmesg | grep -E 'hecache' || true
