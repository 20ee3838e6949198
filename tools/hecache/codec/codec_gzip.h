/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gzip files, padded ones, too, decoded by zlib.
 */
#ifndef HECACHE_CODEC_GZIP_H
#define HECACHE_CODEC_GZIP_H

#include "codec.h"

extern const struct codec codec_gzip;

#endif
