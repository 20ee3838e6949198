#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# flask: with the security module Flask and its policy, glue-xen/hecache.te in it:
# dom0 controls the cache, a domU of the default type uses it, one of another type
# cannot.
. "$(dirname "$0")/lib.sh"

prepare debug
prepare_control
guest_image
run --cache 64M --args xsm=flask --timeout 1200
