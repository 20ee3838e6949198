/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xz through liblzma, see codec_xz.h.
 *
 * The library itself takes streams one after the other, and padding.  That
 * none follows is known only where the file ends.
 */
#include "codec_xz.h"

#include <lzma.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY (256ull << 20) /* xz -9 needs 65 MiB */

static bool begins(const uint8_t *start, size_t bytes)
{
	static const uint8_t magic[] = { 0xfd, '7', 'z', 'X', 'Z', 0 };

	return bytes >= sizeof(magic) && !memcmp(start, magic, sizeof(magic));
}

static void *open_xz(void)
{
	lzma_stream *stream = calloc(1, sizeof(*stream));

	if (stream &&
	    lzma_stream_decoder(stream, MEMORY, LZMA_CONCATENATED) != LZMA_OK) {
		free(stream);
		stream = NULL;
	}
	return stream;
}

static enum codec_result result_of(lzma_ret status, struct codec_step *step)
{
	step->error = "damaged";
	switch (status) {
	case LZMA_OK:
	case LZMA_STREAM_END:
	case LZMA_BUF_ERROR:
		return CODEC_OK;
	case LZMA_MEM_ERROR:
		return CODEC_NO_MEMORY;
	case LZMA_MEMLIMIT_ERROR:
		step->error = "it needs too much memory";
		break;
	case LZMA_FORMAT_ERROR:
		step->error = "not xz";
		break;
	case LZMA_OPTIONS_ERROR:
		step->error = "options that are not known";
		break;
	default:
		break;
	}
	return CODEC_BAD;
}

static enum codec_result decode(void *state, struct codec_step *step)
{
	lzma_stream *stream = state;
	lzma_ret status;

	stream->next_in = step->in;
	stream->avail_in = step->in_bytes;
	stream->next_out = step->out;
	stream->avail_out = step->out_bytes;
	status = lzma_code(stream, step->in_ends ? LZMA_FINISH : LZMA_RUN);
	step->in = stream->next_in;
	step->in_bytes = stream->avail_in;
	step->out = stream->next_out;
	step->out_bytes = stream->avail_out;
	step->whole = status == LZMA_STREAM_END;
	return result_of(status, step);
}

static void close_xz(void *state)
{
	lzma_end(state);
	free(state);
}

const struct codec codec_xz = { "xz", begins, open_xz, decode, close_xz };
