/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The list of codecs, see codecs.h.
 */
#include "codecs.h"

#include "codec_bzip2.h"
#include "codec_gzip.h"
#include "codec_lz4.h"
#include "codec_xz.h"
#include "codec_zstd.h"

static const struct codec *const codecs[] = {
	&codec_gzip, &codec_zstd, &codec_xz, &codec_bzip2, &codec_lz4,
};

const struct codec *codec_of(const uint8_t *start, size_t bytes)
{
	size_t i;

	for (i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (codecs[i]->begins(start, bytes))
			return codecs[i];
	return NULL;
}
