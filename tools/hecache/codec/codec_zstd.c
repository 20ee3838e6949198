/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * zstd through libzstd, see codec_zstd.h.
 *
 * Windows may be as long as the library can do (zstd --long=31: 2 GiB).  The
 * memory for one is used only as far as there are data to fill it.
 */
#include "codec_zstd.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "skippable.h"

#define MAGIC 0xfd2fb528u

/* Frames that are skipped and go on and on are more likely zstd's than lz4's. */
static bool begins(const uint8_t *start, size_t bytes)
{
	bool unknown;

	return skippable_then(start, bytes, MAGIC, &unknown) || unknown;
}

static void *open_zstd(void)
{
	ZSTD_bounds windows = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax);
	ZSTD_DCtx *context = ZSTD_createDCtx();

	if (context)
		ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax,
				       windows.upperBound);
	return context;
}

static enum codec_result decode(void *state, struct codec_step *step)
{
	ZSTD_inBuffer in = { .src = step->in, .size = step->in_bytes };
	ZSTD_outBuffer out = { .dst = step->out, .size = step->out_bytes };
	size_t status;

	if (step->whole && !step->in_bytes)
		return CODEC_OK;
	status = ZSTD_decompressStream(state, &out, &in);
	step->in += in.pos;
	step->in_bytes -= in.pos;
	step->out += out.pos;
	step->out_bytes -= out.pos;
	step->whole = status == 0;
	if (!ZSTD_isError(status))
		return CODEC_OK;
	if (ZSTD_getErrorCode(status) == ZSTD_error_memory_allocation)
		return CODEC_NO_MEMORY;
	step->error = ZSTD_getErrorName(status);
	return CODEC_BAD;
}

static void close_zstd(void *state)
{
	ZSTD_freeDCtx(state);
}

const struct codec codec_zstd = { "zstd", begins, open_zstd, decode,
				  close_zstd };
