/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which codec a file is decoded by.
 */
#ifndef HECACHE_CODECS_H
#define HECACHE_CODECS_H

#include "codec.h"

/* The codec of a file that begins so, or NULL: none is known. */
const struct codec *codec_of(const uint8_t *start, size_t bytes);

#endif
