/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gzip, zstd and xz, each by its own library.
 *
 * All decode from input->raw to input->data and take files of several streams
 * one after the other, as their command-line programs do.
 */
#include "codec.h"

#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "input.h"

#define GZIP_WINDOW (15 + 16) /* the largest, with gzip's header */
#define XZ_MEMORY (256ull << 20) /* xz -9 needs 65 MiB */

/* gzip */

static bool gzip_init(struct input *input)
{
	z_stream *stream = calloc(1, sizeof(*stream));

	if (stream && inflateInit2(stream, GZIP_WINDOW) != Z_OK) {
		free(stream);
		stream = NULL;
	}
	input->decoder = stream;
	return stream;
}

static bool gzip_decode(struct input *input)
{
	z_stream *stream = input->decoder;
	int status;

	if (input->raw_start == input->raw_end && input->whole)
		return true;
	if (input->whole && inflateReset(stream) != Z_OK)
		return input_fail(input, "cannot decode gzip data");
	stream->next_in = input->raw + input->raw_start;
	stream->avail_in = (uInt)(input->raw_end - input->raw_start);
	stream->next_out = input->data + input->end;
	stream->avail_out = (uInt)(INPUT_BUFFER - input->end);
	status = inflate(stream, Z_NO_FLUSH);
	if (status == Z_MEM_ERROR)
		return input_fail_memory(input);
	if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
		return input_fail(input, "corrupt gzip data: %s",
				  stream->msg ? stream->msg : "damaged");
	input->raw_start = input->raw_end - stream->avail_in;
	input->end = INPUT_BUFFER - stream->avail_out;
	input->whole = status == Z_STREAM_END;
	return true;
}

static void gzip_fini(struct input *input)
{
	inflateEnd(input->decoder);
	free(input->decoder);
}

/* zstd */

static bool zstd_init(struct input *input)
{
	input->decoder = ZSTD_createDStream();
	return input->decoder;
}

static bool zstd_decode(struct input *input)
{
	ZSTD_inBuffer in = { .src = input->raw,
			     .size = input->raw_end,
			     .pos = input->raw_start };
	ZSTD_outBuffer out = { .dst = input->data,
			       .size = INPUT_BUFFER,
			       .pos = input->end };
	size_t status;

	if (in.pos == in.size && input->whole)
		return true;
	status = ZSTD_decompressStream(input->decoder, &out, &in);
	if (ZSTD_getErrorCode(status) == ZSTD_error_memory_allocation)
		return input_fail_memory(input);
	if (ZSTD_isError(status))
		return input_fail(input, "corrupt zstd data: %s",
				  ZSTD_getErrorName(status));
	input->raw_start = in.pos;
	input->end = out.pos;
	input->whole = status == 0;
	return true;
}

static void zstd_fini(struct input *input)
{
	ZSTD_freeDStream(input->decoder);
}

/* xz */

static bool xz_init(struct input *input)
{
	lzma_stream *stream = calloc(1, sizeof(*stream));

	if (stream && lzma_stream_decoder(stream, XZ_MEMORY,
					  LZMA_CONCATENATED) != LZMA_OK) {
		free(stream);
		stream = NULL;
	}
	input->decoder = stream;
	input->whole = false;
	return stream;
}

static const char *xz_reason(lzma_ret status)
{
	switch (status) {
	case LZMA_MEMLIMIT_ERROR:
		return "it needs too much memory";
	case LZMA_FORMAT_ERROR:
		return "not xz";
	case LZMA_OPTIONS_ERROR:
		return "options that are not known";
	default:
		return "damaged";
	}
}

/* That no stream follows is known only where the file ends: LZMA_FINISH. */
static bool xz_decode(struct input *input)
{
	lzma_stream *stream = input->decoder;
	lzma_ret status;

	if (input->whole)
		return true;
	stream->next_in = input->raw + input->raw_start;
	stream->avail_in = input->raw_end - input->raw_start;
	stream->next_out = input->data + input->end;
	stream->avail_out = INPUT_BUFFER - input->end;
	status = lzma_code(stream, input->raw_eof ? LZMA_FINISH : LZMA_RUN);
	if (status == LZMA_MEM_ERROR)
		return input_fail_memory(input);
	if (status != LZMA_OK && status != LZMA_STREAM_END &&
	    status != LZMA_BUF_ERROR)
		return input_fail(input, "corrupt xz data: %s",
				  xz_reason(status));
	input->raw_start = input->raw_end - stream->avail_in;
	input->end = INPUT_BUFFER - stream->avail_out;
	input->whole = status == LZMA_STREAM_END;
	return true;
}

static void xz_fini(struct input *input)
{
	lzma_end(input->decoder);
	free(input->decoder);
}

static const struct codec codecs[] = {
	{ "gzip", { 0x1f, 0x8b }, 2, gzip_init, gzip_decode, gzip_fini },
	{ "zstd",
	  { 0x28, 0xb5, 0x2f, 0xfd },
	  4,
	  zstd_init,
	  zstd_decode,
	  zstd_fini },
	{ "xz", { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, xz_init, xz_decode, xz_fini },
};

const struct codec *codec_of(const uint8_t *start, size_t bytes)
{
	size_t i;

	for (i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (bytes >= codecs[i].magic_bytes &&
		    !memcmp(start, codecs[i].magic, codecs[i].magic_bytes))
			return &codecs[i];
	return NULL;
}
