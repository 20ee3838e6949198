/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers in files: little- and big-endian, at any address.
 */
#ifndef TOOLS_BYTES_H
#define TOOLS_BYTES_H

#include <stdint.h>

static inline uint16_t get_le16(const uint8_t *data)
{
	return (uint16_t)(data[0] | data[1] << 8);
}

static inline uint32_t get_le32(const uint8_t *data)
{
	return get_le16(data) | (uint32_t)get_le16(data + 2) << 16;
}

static inline uint64_t get_le64(const uint8_t *data)
{
	return get_le32(data) | (uint64_t)get_le32(data + 4) << 32;
}

static inline uint16_t get_be16(const uint8_t *data)
{
	return (uint16_t)(data[0] << 8 | data[1]);
}

static inline uint32_t get_be32(const uint8_t *data)
{
	return (uint32_t)get_be16(data) << 16 | get_be16(data + 2);
}

static inline uint64_t get_be64(const uint8_t *data)
{
	return (uint64_t)get_be32(data) << 32 | get_be32(data + 4);
}

#endif
