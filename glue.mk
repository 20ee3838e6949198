# SPDX-License-Identifier: GPL-2.0-only
#
# What the Makefiles of the Linux glues share: builds the module in
# $(O)/<folder>, for the kernel whose headers are in $(KDIR).  Kbuild wants
# sources and objects in one folder, so the sources are copied there.  (O= is
# ours, and must not reach the kernel's build.)

KDIR ?= /lib/modules/$(shell uname -r)/build
O ?= ../build
ifneq ($(words $(CURDIR) $(O) $(KDIR)),3)
$(error cannot work in a folder with a space in its path: "$(CURDIR)", O="$(O)", KDIR="$(KDIR)")
endif
OUT := $(abspath $(O))/$(notdir $(CURDIR))

all:
	mkdir -p "$(OUT)"
	cp -p Kbuild *.c *.h "$(OUT)"
	rm -rf "$(OUT)/libhecache"
	cp -rp ../libhecache "$(OUT)/libhecache"
	$(MAKE) -C "$(KDIR)" O= M="$(OUT)" modules

.PHONY: all
