/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Copying a page and its keyed checksum in one pass.
 */
#ifndef HEC_PAGE_H
#define HEC_PAGE_H

#include <hec_env.h>

#include <hecache/abi.h>

#include "hash.h"

#define HEC_PAGE_WORDS (HEC_ABI_PAGE_SIZE / sizeof(uint64_t))
#define HEC_PAGE_FINAL_WORDS 6

/* The secret of the checksum; made once, read by every copy. */
struct hec_page_key {
	uint64_t word[HEC_PAGE_WORDS];
	uint64_t final[HEC_PAGE_FINAL_WORDS];
};

void hec_page_key_init(struct hec_page_key *key,
		       const struct hec_cipher *cipher);

/*
 * Begins to fetch a page that will be copied: as many lines as a copy is ahead
 * of itself.
 */
void hec_page_prefetch(const void *page);

/* True if the page is nothing but zeroes; looks no further than it must. */
bool hec_page_is_zero(const void *page);

/*
 * Copies a page and returns the checksum of what was copied: each word of @src
 * is read once, so that the result fits @dst even while @src changes, and fits
 * what was read even while @dst changes.  The first lines of @src should be on
 * their way; those of @next, the page to be copied after it (or @src again), are
 * then.
 */
uint64_t hec_page_copy(void *dst, const void *src, const void *next,
		       const struct hec_page_key *key);

#endif
