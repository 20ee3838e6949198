#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# host-nodes: from which NUMA nodes the cache takes memory.  One L1 of two nodes, with
# no guests.
. "$(dirname "$0")/lib.sh"

prepare
run --mem 768 --nodes 2
