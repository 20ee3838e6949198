/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lz4 through liblz4, see codec_lz4.h.
 */
#include "codec_lz4.h"

#include <lz4frame.h>
#include <string.h>

#include "skippable.h"

#define MAGIC 0x184d2204u

static bool begins(const uint8_t *start, size_t bytes)
{
	bool unknown;

	return skippable_then(start, bytes, MAGIC, &unknown);
}

static void *open_lz4(void)
{
	LZ4F_dctx *context;

	if (LZ4F_isError(
		    LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
		return NULL;
	return context;
}

/* The library's public header has names of its errors, but no numbers. */
static enum codec_result result_of(size_t status, struct codec_step *step)
{
	if (!LZ4F_isError(status))
		return CODEC_OK;
	step->error = LZ4F_getErrorName(status);
	if (!strcmp(step->error, "ERROR_allocation_failed"))
		return CODEC_NO_MEMORY;
	return CODEC_BAD;
}

static enum codec_result decode(void *state, struct codec_step *step)
{
	size_t in = step->in_bytes, out = step->out_bytes, status;

	if (step->whole && !in)
		return CODEC_OK;
	status = LZ4F_decompress(state, step->out, &out, step->in, &in, NULL);
	step->in += in;
	step->in_bytes -= in;
	step->out += out;
	step->out_bytes -= out;
	step->whole = status == 0;
	return result_of(status, step);
}

static void close_lz4(void *state)
{
	LZ4F_freeDecompressionContext(state);
}

const struct codec codec_lz4 = { "lz4", begins, open_lz4, decode, close_lz4 };
