/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is in the frames: copying in, out and from frame to frame.
 *
 * The checksum kept is that of the content, exclusive-or the key's hash: a page
 * that turns up under another key is caught too.  A page of zeroes has a record
 * without a frame.  A simulation keeps no content at all.
 */
#include "cache.h"

void hec_content_prefetch(const struct hec_cache *cache, uint32_t n)
{
	if (cache->config.content != HEC_CONTENT_NONE &&
	    !hec_is_spare(cache, n))
		hec_frame_prefetch(&cache->frames, n);
}

void hec_content_prefetch_source(const struct hec_cache *cache, const void *src)
{
	if (cache->config.content != HEC_CONTENT_NONE)
		hec_page_prefetch(src);
}

/* Copies a page, and fetches the start of @next; the checksum, or 0: none. */
static uint64_t copy(const struct hec_cache *cache, void *dst, const void *src,
		     const void *next)
{
	if (cache->config.content == HEC_CONTENT_VERIFIED)
		return hec_page_copy(dst, src, next, &cache->page_key);
	memcpy(dst, src, HEC_PAGE_SIZE);
	hec_page_prefetch(next);
	return 0;
}

void hec_content_put(struct hec_cache *cache, const struct hec_name *name,
		     uint32_t n, const void *src, const void *next)
{
	void *frame;
	uint64_t sum;

	if (cache->config.content == HEC_CONTENT_NONE || hec_is_spare(cache, n))
		return;
	frame = hec_frame_map(&cache->frames, n);
	sum = copy(cache, frame, src, next);
	hec_env_unmap_frame(frame);
	hec_record_set_word(&cache->records[n], sum ^ name->hash);
}

/* Copies frame @n out; @next as for hec_content_get(). */
static uint64_t copy_out(const struct hec_cache *cache, uint32_t n,
			 uint32_t next, void *dst)
{
	void *frame = hec_frame_map(&cache->frames, n), *after = frame;
	uint64_t sum;

	if (next != HEC_NO_RECORD && !hec_is_spare(cache, next))
		after = hec_frame_map(&cache->frames, next);
	sum = copy(cache, dst, frame, after);
	if (after != frame)
		hec_env_unmap_frame(after);
	hec_env_unmap_frame(frame);
	return sum;
}

bool hec_content_get(struct hec_cache *cache, const struct hec_name *name,
		     uint32_t n, uint32_t next, void *dst)
{
	hec_record_prefetch_links(cache->records, n);
	if (cache->config.content == HEC_CONTENT_NONE)
		return true;
	if (hec_is_spare(cache, n)) {
		memset(dst, 0, HEC_PAGE_SIZE);
		return true;
	}
	hec_frame_prefetch_give(&cache->frames, n);
	return (copy_out(cache, n, next, dst) ^ name->hash) ==
	       hec_record_word(&cache->records[n]);
}

bool hec_content_is_zero(const struct hec_cache *cache, const void *src)
{
	return cache->config.content != HEC_CONTENT_NONE &&
	       hec_page_is_zero(src);
}

void hec_content_wipe(struct hec_cache *cache, void *dst)
{
	if (cache->config.content != HEC_CONTENT_NONE)
		memset(dst, 0, HEC_PAGE_SIZE);
}

void hec_content_move(struct hec_cache *cache, uint32_t from, uint32_t to)
{
	void *src, *dst;

	if (cache->config.content == HEC_CONTENT_NONE)
		return;
	src = hec_frame_map(&cache->frames, from);
	dst = hec_frame_map(&cache->frames, to);
	memcpy(dst, src, HEC_PAGE_SIZE);
	hec_env_unmap_frame(dst);
	hec_env_unmap_frame(src);
}
