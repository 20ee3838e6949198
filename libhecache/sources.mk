# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What every build of the core takes, relative to this folder: user space,
# Kbuild and Xen alike.  The embedder adds the folder of its <hec_env.h>.
HEC_VERSION := 0.1.0
HEC_SOURCES := \
	src/base/hash.c src/base/page.c src/base/sequence.c \
	src/table/frames.c src/table/ghost.c src/table/index.c \
	src/policy/queues.c src/policy/lru.c src/policy/arc.c \
	src/policy/s3fifo.c src/policy/policy.c \
	src/store/store.c \
	src/cache/name.c src/cache/entry.c src/cache/past.c src/cache/room.c src/cache/flush.c \
	src/cache/put.c src/cache/get.c src/cache/batch.c src/cache/bulk.c \
	src/cache/pool.c src/cache/stats.c src/cache/client.c \
	src/cache/resize.c src/cache/cache.c src/cache/audit.c \
	src/guest/map.c src/guest/group.c src/guest/call.c \
	src/tracker/tracker.c
HEC_INCLUDES := include
