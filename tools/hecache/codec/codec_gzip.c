/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gzip through zlib, see codec_gzip.h.
 */
#include "codec_gzip.h"

#include <stdlib.h>
#include <zlib.h>

#define LARGEST_WINDOW (15 + 16) /* 16: with gzip's header */

static bool begins(const uint8_t *start, size_t bytes)
{
	return bytes >= 3 && start[0] == 0x1f && start[1] == 0x8b &&
	       start[2] == Z_DEFLATED;
}

static void *open_gzip(void)
{
	z_stream *stream = calloc(1, sizeof(*stream));

	if (stream && inflateInit2(stream, LARGEST_WINDOW) != Z_OK) {
		free(stream);
		stream = NULL;
	}
	return stream;
}

static enum codec_result result_of(int status, const z_stream *stream,
				   struct codec_step *step)
{
	switch (status) {
	case Z_OK:
	case Z_STREAM_END:
	case Z_BUF_ERROR: /* nothing to take, or no room: the next step has */
		return CODEC_OK;
	case Z_MEM_ERROR:
		return CODEC_NO_MEMORY;
	default:
		step->error = stream->msg ? stream->msg : "damaged";
		return CODEC_BAD;
	}
}

static enum codec_result decode(void *state, struct codec_step *step)
{
	z_stream *stream = state;
	size_t in = step->in_bytes, out = step->out_bytes;
	int status;

	if (step->whole && !in)
		return CODEC_OK;
	if (step->whole)
		inflateReset(stream);
	stream->next_in = (uint8_t *)(uintptr_t)step->in;
	stream->avail_in = (uInt)in;
	stream->next_out = step->out;
	stream->avail_out = (uInt)out;
	status = inflate(stream, Z_NO_FLUSH);
	step->in += in - stream->avail_in;
	step->in_bytes = stream->avail_in;
	step->out += out - stream->avail_out;
	step->out_bytes = stream->avail_out;
	step->whole = status == Z_STREAM_END;
	return result_of(status, stream, step);
}

static void close_gzip(void *state)
{
	inflateEnd(state);
	free(state);
}

const struct codec codec_gzip = { "gzip", begins, open_gzip, decode,
				  close_gzip };
