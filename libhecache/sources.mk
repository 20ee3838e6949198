# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What every build of the core takes, relative to this folder: user space,
# Kbuild and Xen alike.  The embedder adds the folder of its <hec_env.h>.
HEC_SOURCES := src/hash.c src/page.c src/sequence.c src/index.c src/frames.c src/ghost.c src/policy.c src/s3fifo.c src/arc.c \
	       src/entry.c src/room.c src/content.c src/access.c src/batch.c src/bulk.c src/lifecycle.c \
	       src/resize.c src/cache.c src/guest.c src/guest_group.c src/audit.c \
	       src/tracker.c
HEC_INCLUDES := include
