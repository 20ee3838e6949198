/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xz files, decoded by liblzma.
 */
#ifndef HECACHE_CODEC_XZ_H
#define HECACHE_CODEC_XZ_H

#include "codec.h"

extern const struct codec codec_xz;

#endif
