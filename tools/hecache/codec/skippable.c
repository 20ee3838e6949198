/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking behind skippable frames, see skippable.h.
 *
 * Such a frame is a magic number of 32 bits, of which the last four may be any,
 * the number of bytes that follow, in 32 bits, and those; all little-endian.
 */
#include "skippable.h"

#include "bytes.h"

#define MAGIC 0x184d2a50u
#define ANY_OF_16 0xfu
#define HEADER_BYTES 8u

bool skippable_then(const uint8_t *start, size_t bytes, uint32_t magic,
		    bool *unknown)
{
	size_t at = 0;

	*unknown = false;
	while (bytes - at >= HEADER_BYTES &&
	       (get_le32(start + at) & ~ANY_OF_16) == MAGIC) {
		uint64_t next =
			at + HEADER_BYTES + (uint64_t)get_le32(start + at + 4);

		*unknown = next >= bytes;
		if (*unknown)
			return false;
		at = (size_t)next;
	}
	return bytes - at >= 4 && get_le32(start + at) == magic;
}
