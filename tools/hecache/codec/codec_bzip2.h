/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bzip2 files, of one stream or of many, decoded by libbz2.
 */
#ifndef HECACHE_CODEC_BZIP2_H
#define HECACHE_CODEC_BZIP2_H

#include "codec.h"

extern const struct codec codec_bzip2;

#endif
