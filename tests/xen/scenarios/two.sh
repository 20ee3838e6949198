#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# two (alone): two PV domUs of two vCPUs each put, get and flush at once, on two
# CPUs, in a cache that is too small for both.
. "$(dirname "$0")/lib.sh"

prepare debug
guest_image
run --cpus 2 --mem 2048 --cache 16M --timeout 1200
