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

/* The secret of the checksum.  It is made once; every copy reads it. */
struct hec_page_key {
	uint64_t word[HEC_PAGE_WORDS];
	uint64_t final[HEC_PAGE_FINAL_WORDS];
};

void hec_page_key_init(struct hec_page_key *key,
		       const struct hec_cipher *cipher);

/*
 * Begins to fetch a page that will be copied.  It fetches as many of the first
 * lines as hec_page_copy() fetches ahead later.
 */
void hec_page_prefetch(const void *page);

/* True if the page is all zeroes.  Stops at the first word that is not. */
bool hec_page_is_zero(const void *page);

/*
 * Copies a page and returns the checksum of what was copied.  Each word of @src
 * is read once.  So the checksum is that of the words that were read, even if
 * @src or @dst changes during the copy.
 * hec_page_prefetch(@src) should have been called.  This call does the same for
 * @next, the page that will be copied after it; if there is none, @next is @src.
 */
uint64_t hec_page_copy(void *dst, const void *src, const void *next,
		       const struct hec_page_key *key);

#endif
