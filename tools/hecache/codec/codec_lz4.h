/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lz4 files in the frame format, decoded by liblz4.
 */
#ifndef HECACHE_CODEC_LZ4_H
#define HECACHE_CODEC_LZ4_H

#include "codec.h"

extern const struct codec codec_lz4;

#endif
