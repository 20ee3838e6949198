// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page's seal: 64 bits that stand for its content.
 *
 * A link claims that a page's content is a block's.  It could be proven by
 * watching everybody who may change the page, but the watchers have gaps: jbd2
 * changes metadata (and data, in data=journal) without dirtying the page and
 * may give up the change after; a page migrates to another frame; a driver
 * writes to a pinned page that is clean by then; dm-crypt decrypts in place.
 * So the content itself is compared: sealed when it is known to be the block's,
 * and again when the page is evicted.
 *
 * NH with 64-bit words (Black, Halevi, Krawczyk, Krovetz, Rogaway, UMAC, CRYPTO
 * '99), brought down to 64 bits by a multilinear hash with 128-bit keys: two
 * different pages have equal seals with a probability of at most 2^-63 over
 * the secret key, whatever they contain.  A seal never leaves the guest's
 * kernel, so nobody learns anything about the key.  130-220 ns for a hot page.
 */
#include "seal.h"

#include <linux/cache.h>
#include <linux/random.h>

#define SEAL_WORDS (PAGE_SIZE / sizeof(u64))

typedef unsigned __int128 u128_t;

static u64 nh_key[SEAL_WORDS] __ro_after_init;
static u128_t fold_key[3] __ro_after_init;

void __init hec_seal_init(void)
{
	get_random_bytes(nh_key, sizeof(nh_key));
	get_random_bytes(fold_key, sizeof(fold_key));
}

static u64 fold(u128_t sum)
{
	u128_t hash = fold_key[0] + fold_key[1] * (u64)sum +
		      fold_key[2] * (u64)(sum >> 64);

	return hash >> 64;
}

u64 hec_seal(struct page *page)
{
	const u64 *word = page_address(page);
	u128_t even = 0, odd = 0;
	u32 i;

	for (i = 0; i < SEAL_WORDS; i += 4) {
		even += (u128_t)(word[i] + nh_key[i]) *
			(word[i + 1] + nh_key[i + 1]);
		odd += (u128_t)(word[i + 2] + nh_key[i + 2]) *
		       (word[i + 3] + nh_key[i + 3]);
	}
	return fold(even + odd);
}
