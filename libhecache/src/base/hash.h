/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Keyed mixing: where a key lives in the index, and handles that cannot be
 * guessed.
 *
 * A guest chooses objects and indices.  So the hash of a key depends on a secret
 * of the cache: nobody outside can aim many keys at one bucket.  A folded
 * 64x64->128 multiplication is enough for that and costs a few cycles.  It is
 * the primitive of wyhash and of multiply-shift hashing, too.
 *
 * A handle is a pool's id, encrypted with the block cipher Speck64/128 (Beaulieu
 * et al., 2013).  A cipher is a permutation: ids are never used twice, so handles
 * are never used twice.  Without the key a handle tells nothing about the next
 * one.  Decrypting it gives the pool's slot, so no table is searched.
 */
#ifndef HEC_HASH_H
#define HEC_HASH_H

#include <hec_env.h>

__extension__ typedef unsigned __int128 hec_u128;

static inline uint64_t hec_mix(uint64_t a, uint64_t b)
{
	hec_u128 product = (hec_u128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Scales a hash to a range, without a division: the upper word of the product. */
static inline uint32_t hec_scale32(uint32_t hash, uint32_t range)
{
	return (uint32_t)(((uint64_t)hash * range) >> 32);
}

#define HEC_CIPHER_ROUNDS 27

struct hec_cipher {
	uint32_t round_key[HEC_CIPHER_ROUNDS];
};

void hec_cipher_init(struct hec_cipher *cipher, const uint8_t key[16]);
uint64_t hec_cipher_encrypt(const struct hec_cipher *cipher, uint64_t block);
uint64_t hec_cipher_decrypt(const struct hec_cipher *cipher, uint64_t block);

/* What secret words are used for.  Two uses never share a word. */
enum hec_secret {
	HEC_SECRET_PAGE_KEY = 1, /* the page checksum */
	HEC_SECRET_KEYS = 2, /* hashes of all keys */
	HEC_SECRET_SALT = 3, /* hashes of a pool's keys; a word for each pool */
	HEC_SECRET_TRACKER = 4, /* the tracker's hashes */
};

#define HEC_SECRET_BITS 56 /* bits of a word's number */

/*
 * Returns secret word @n of those for @use.  @cipher is made of 16 secret bytes;
 * it encrypts @use and @n, twice over.  So there are as many words as are wanted.
 */
uint64_t hec_cipher_word(const struct hec_cipher *cipher, enum hec_secret use,
			 uint64_t n);

#endif
