/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * zstd files, of one frame or of many, as pzstd makes them, decoded by libzstd.
 */
#ifndef HECACHE_CODEC_ZSTD_H
#define HECACHE_CODEC_ZSTD_H

#include "codec.h"

extern const struct codec codec_zstd;

#endif
