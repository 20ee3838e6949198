/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Skippable frames, which zstd and lz4 have in common: their content is no data.
 * pzstd, for one, begins its files with one.
 */
#ifndef HECACHE_CODEC_SKIPPABLE_H
#define HECACHE_CODEC_SKIPPABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Does a frame of @magic stand at @start, or behind skippable frames there?
 * *@unknown: the skippable frames go on beyond @bytes.
 */
bool skippable_then(const uint8_t *start, size_t bytes, uint32_t magic,
		    bool *unknown);

#endif
