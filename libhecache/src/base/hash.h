/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Keyed mixing: where a key lives in the index, and handles that cannot be
 * guessed.
 *
 * A guest chooses objects and indices, so the hash of a key depends on a secret
 * of the cache: nobody outside can aim many keys at one bucket.  A folded
 * 64x64->128 multiplication is enough for that (the same primitive as in wyhash
 * and in multiply-shift hashing) and costs a few cycles.
 *
 * A handle is the block cipher Speck64/128 (Beaulieu et al., 2013) of a pool's
 * id.  A cipher is a permutation, so ids that are never used twice give handles
 * that are never used twice; without the key a handle tells nothing about the
 * next.  Decrypting yields the slot of the pool with no table to search.
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

/* The upper word of a * b: scales a hash to a range with no division. */
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

/* What secret words are for.  No word of one use is a word of another. */
enum hec_secret {
	HEC_SECRET_PAGE_KEY = 1, /* the page checksum */
	HEC_SECRET_KEYS = 2, /* hashes of all keys */
	HEC_SECRET_SALT = 3, /* hashes of a pool's keys; a word for each pool */
	HEC_SECRET_TRACKER = 4, /* the tracker's hashes */
};

#define HEC_SECRET_BITS 56 /* of the number of a word */

/*
 * Expands 16 secret bytes into as many secret words as are wanted: word @n of
 * those for @use is the cipher, twice over, of the two.
 */
uint64_t hec_cipher_word(const struct hec_cipher *cipher, enum hec_secret use,
			 uint64_t n);

#endif
