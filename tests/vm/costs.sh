#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# costs: `make bench-vm` in short.  What a target costs that passes I/O through, and the
# exits of hits, misses and puts, have bounds; all are counted.  One L1.
exec "$(dirname "$0")/../../bench-vm/run" --quick
