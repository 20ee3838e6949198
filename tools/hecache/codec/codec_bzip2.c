/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bzip2 through libbz2, see codec_bzip2.h.
 */
#include "codec_bzip2.h"

#include <bzlib.h>
#include <stdlib.h>

struct decoder {
	bz_stream stream;
	bool ready; /* the stream is initialised */
};

static bool begins(const uint8_t *start, size_t bytes)
{
	return bytes >= 4 && start[0] == 'B' && start[1] == 'Z' &&
	       start[2] == 'h' && start[3] >= '1' && start[3] <= '9';
}

static void *open_bzip2(void)
{
	return calloc(1, sizeof(struct decoder));
}

static void end_stream(struct decoder *decoder)
{
	if (decoder->ready)
		BZ2_bzDecompressEnd(&decoder->stream);
	decoder->ready = false;
}

static bool begin_stream(struct decoder *decoder)
{
	if (!decoder->ready)
		decoder->ready =
			BZ2_bzDecompressInit(&decoder->stream, 0, 0) == BZ_OK;
	return decoder->ready;
}

static enum codec_result result_of(int status, struct codec_step *step)
{
	switch (status) {
	case BZ_OK:
	case BZ_STREAM_END:
		return CODEC_OK;
	case BZ_MEM_ERROR:
		return CODEC_NO_MEMORY;
	case BZ_DATA_ERROR_MAGIC:
		step->error = "not bzip2";
		return CODEC_BAD;
	default:
		step->error = "damaged";
		return CODEC_BAD;
	}
}

static enum codec_result decode(void *state, struct codec_step *step)
{
	struct decoder *decoder = state;
	bz_stream *stream = &decoder->stream;
	size_t in = step->in_bytes, out = step->out_bytes;
	int status;

	if (step->whole && !in)
		return CODEC_OK;
	if (!begin_stream(decoder))
		return CODEC_NO_MEMORY;
	stream->next_in = (char *)(uintptr_t)step->in;
	stream->avail_in = (unsigned int)in;
	stream->next_out = (char *)step->out;
	stream->avail_out = (unsigned int)out;
	status = BZ2_bzDecompress(stream);
	step->in += in - stream->avail_in;
	step->in_bytes = stream->avail_in;
	step->out += out - stream->avail_out;
	step->out_bytes = stream->avail_out;
	step->whole = status == BZ_STREAM_END;
	if (step->whole)
		end_stream(decoder);
	return result_of(status, step);
}

static void close_bzip2(void *state)
{
	end_stream(state);
	free(state);
}

const struct codec codec_bzip2 = { "bzip2", begins, open_bzip2, decode,
				   close_bzip2 };
