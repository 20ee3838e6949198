#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# hypercall (quick): every command, bad and random ones, from dom0, a PV and a
# PVH domU; control operations; a domU destroyed in mid-operation.
. "$(dirname "$0")/lib.sh"

prepare debug
prepare_control
guest_image
run --cache 64M,max=96M,client=48M --timeout 1200
