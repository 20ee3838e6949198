/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Speck64/128, see hash.h.  Test vector of the paper: key 1b1a1918 13121110
 * 0b0a0908 03020100, plain text 3b726574 7475432d, cipher text 8c6fa548
 * 454e028b.
 */
#include "hash.h"

static uint32_t rotate_right(uint32_t word, int by)
{
	return word >> by | word << (32 - by);
}

static uint32_t rotate_left(uint32_t word, int by)
{
	return word << by | word >> (32 - by);
}

static uint32_t load_le32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 |
	       (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void encrypt_round(uint32_t *x, uint32_t *y, uint32_t key)
{
	*x = (rotate_right(*x, 8) + *y) ^ key;
	*y = rotate_left(*y, 3) ^ *x;
}

static void decrypt_round(uint32_t *x, uint32_t *y, uint32_t key)
{
	*y = rotate_right(*y ^ *x, 3);
	*x = rotate_left((*x ^ key) - *y, 8);
}

void hec_cipher_init(struct hec_cipher *cipher, const uint8_t key[16])
{
	uint32_t word[3], k = load_le32(key);
	uint32_t i;

	for (i = 0; i < 3; i++)
		word[i] = load_le32(key + 4 * (i + 1));
	for (i = 0; i < HEC_CIPHER_ROUNDS; i++) {
		cipher->round_key[i] = k;
		encrypt_round(&word[i % 3], &k, i);
	}
}

uint64_t hec_cipher_encrypt(const struct hec_cipher *cipher, uint64_t block)
{
	uint32_t x = (uint32_t)(block >> 32), y = (uint32_t)block;
	int i;

	for (i = 0; i < HEC_CIPHER_ROUNDS; i++)
		encrypt_round(&x, &y, cipher->round_key[i]);
	return (uint64_t)x << 32 | y;
}

uint64_t hec_cipher_decrypt(const struct hec_cipher *cipher, uint64_t block)
{
	uint32_t x = (uint32_t)(block >> 32), y = (uint32_t)block;
	int i;

	for (i = HEC_CIPHER_ROUNDS - 1; i >= 0; i--)
		decrypt_round(&x, &y, cipher->round_key[i]);
	return (uint64_t)x << 32 | y;
}

uint64_t hec_cipher_word(const struct hec_cipher *cipher, enum hec_secret use,
			 uint64_t n)
{
	uint64_t once = hec_cipher_encrypt(
		cipher, (uint64_t)use << HEC_SECRET_BITS | n);

	return hec_cipher_encrypt(cipher, ~once) ^ once;
}
