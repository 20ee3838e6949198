/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The page checksum: NH with 64-bit words (Black, Halevi, Krawczyk, Krovetz,
 * Rogaway, UMAC, CRYPTO '99)
 *
 *     NH(m) = sum of (m[2i] + k[2i]) * (m[2i+1] + k[2i+1])  mod 2^128
 *
 * where the inner additions are mod 2^64.  Two different pages have equal sums
 * with a probability of at most 2^-64, over the secret k.  A multilinear hash with
 * 128-bit keys brings the 128-bit sum down to 64 bits: the upper word of
 * f0 + f1 * lo + f2 * hi mod 2^128.  It adds another 2^-64.
 *
 * A copy waits for DRAM if the source is not in the processor's cache.  The
 * multiplications fit into that wait, if the source is fetched ahead of use.  The
 * target is not fetched: stores do not wait, and fetching their lines would leave
 * less room for the source.  The first lines of a page must be fetched before its
 * copy begins.  So the copy before it fetches them; @next says which page comes
 * next.  (docs/performance.md has figures.)
 *
 * There is no SIMD, because hypervisors and kernels do without it.
 */
#include "page.h"

#define LINE_WORDS 8
#define AHEAD (16 * LINE_WORDS)

void hec_page_key_init(struct hec_page_key *key,
		       const struct hec_cipher *cipher)
{
	uint32_t i;

	for (i = 0; i < HEC_PAGE_WORDS; i++)
		key->word[i] = hec_cipher_word(cipher, HEC_SECRET_PAGE_KEY, i);
	for (i = 0; i < HEC_PAGE_FINAL_WORDS; i++)
		key->final[i] = hec_cipher_word(cipher, HEC_SECRET_PAGE_KEY,
						HEC_PAGE_WORDS + i);
}

static hec_u128 wide(const uint64_t half[2])
{
	return (hec_u128)half[1] << 64 | half[0];
}

static uint64_t fold(hec_u128 sum, const uint64_t *final)
{
	hec_u128 hash = wide(final);

	hash += wide(final + 2) * (uint64_t)sum;
	hash += wide(final + 4) * (uint64_t)(sum >> 64);
	return (uint64_t)(hash >> 64);
}

/* Copies two words and returns their product of the sum. */
static inline hec_u128 copy_pair(uint64_t *dst, const uint64_t *src,
				 const uint64_t *key)
{
	uint64_t a = hec_env_read_once(src[0]);
	uint64_t b = hec_env_read_once(src[1]);

	dst[0] = a;
	dst[1] = b;
	return (hec_u128)(a + key[0]) * (b + key[1]);
}

static inline hec_u128 copy_line(uint64_t *dst, const uint64_t *src,
				 const uint64_t *key)
{
	return copy_pair(dst, src, key) + copy_pair(dst + 2, src + 2, key + 2) +
	       copy_pair(dst + 4, src + 4, key + 4) +
	       copy_pair(dst + 6, src + 6, key + 6);
}

void hec_page_prefetch(const void *page)
{
	const uint64_t *word = page;
	uint32_t i;

	for (i = 0; i < AHEAD; i += LINE_WORDS)
		hec_env_prefetch(word + i);
}

uint64_t hec_page_copy(void *to, const void *from, const void *next,
		       const struct hec_page_key *key)
{
	uint64_t *dst = to;
	const uint64_t *src = from, *after = next;
	hec_u128 sum = 0;
	uint32_t i;

	for (i = 0; i < HEC_PAGE_WORDS - AHEAD; i += LINE_WORDS) {
		hec_env_prefetch(src + i + AHEAD);
		sum += copy_line(dst + i, src + i, key->word + i);
	}
	for (; i < HEC_PAGE_WORDS; i += LINE_WORDS) {
		hec_env_prefetch(after + i + AHEAD - HEC_PAGE_WORDS);
		sum += copy_line(dst + i, src + i, key->word + i);
	}
	return fold(sum, key->final);
}

bool hec_page_is_zero(const void *page)
{
	const uint64_t *word = page;
	uint32_t i;

	for (i = 0; i < HEC_PAGE_WORDS; i++)
		if (hec_env_read_once(word[i]))
			return false;
	return true;
}
