/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Copying pages in, out and from frame to frame.
 *
 * The checksum that is kept is that of the content, exclusive-or the key's hash.  So
 * a page that turns up under another key is caught too.  A simulation keeps no
 * content, and all its pages count as whole ones.
 */
#include "store.h"

static bool keeps_content(const struct hec_store *store)
{
	return store->content != HEC_CONTENT_NONE;
}

uint32_t hec_store_take_small(struct hec_store *store, uint32_t client,
			      const void *src)
{
	if (!keeps_content(store) || !hec_page_is_zero(src))
		return HEC_NO_RECORD;
	return hec_spare_take(store->frames, client);
}

void hec_store_give(struct hec_store *store, uint32_t n, uint32_t client)
{
	if (n == HEC_NO_RECORD)
		return;
	switch (hec_form_of(store->frames, n)) {
	case HEC_FORM_WHOLE:
		hec_frame_give(store->frames, n, client);
		break;
	case HEC_FORM_ZERO:
	default:
		hec_spare_give(store->frames, n, client);
		break;
	}
}

/* Copies a page and fetches the start of @next.  Returns the checksum; 0: none. */
static uint64_t copy(const struct hec_store *store, void *dst, const void *src,
		     const void *next)
{
	if (store->content == HEC_CONTENT_VERIFIED)
		return hec_page_copy(dst, src, next, &store->key);
	memcpy(dst, src, HEC_PAGE_SIZE);
	hec_page_prefetch(next);
	return 0;
}

static void put_whole(struct hec_store *store, uint32_t n, uint64_t hash,
		      const void *src, const void *next)
{
	void *frame = hec_frame_map(store->frames, n);
	uint64_t sum = copy(store, frame, src, next);

	hec_env_unmap_frame(frame);
	hec_record_set_word(&store->frames->records[n], sum ^ hash);
}

void hec_store_put(struct hec_store *store, uint32_t n, uint64_t hash,
		   const void *src, const void *next)
{
	if (!keeps_content(store))
		return;
	switch (hec_form_of(store->frames, n)) {
	case HEC_FORM_WHOLE:
		put_whole(store, n, hash, src, next);
		break;
	case HEC_FORM_ZERO:
	default:
		break;
	}
}

/* Copies frame @n out; @next as for hec_store_get(). */
static uint64_t copy_out(const struct hec_store *store, uint32_t n,
			 uint32_t next, void *dst)
{
	void *frame = hec_frame_map(store->frames, n), *after = frame;
	uint64_t sum;

	if (next != HEC_NO_RECORD && hec_form_frames(store->frames, next))
		after = hec_frame_map(store->frames, next);
	sum = copy(store, dst, frame, after);
	if (after != frame)
		hec_env_unmap_frame(after);
	hec_env_unmap_frame(frame);
	return sum;
}

static bool get_whole(const struct hec_store *store, uint32_t n, uint64_t hash,
		      uint32_t next, void *dst)
{
	hec_frame_prefetch_give(store->frames, n);
	return (copy_out(store, n, next, dst) ^ hash) ==
	       hec_record_word(&store->frames->records[n]);
}

bool hec_store_get(const struct hec_store *store, uint32_t n, uint64_t hash,
		   uint32_t next, void *dst)
{
	hec_record_prefetch_links(store->frames->records, n);
	if (!keeps_content(store))
		return true;
	switch (hec_form_of(store->frames, n)) {
	case HEC_FORM_WHOLE:
		return get_whole(store, n, hash, next, dst);
	case HEC_FORM_ZERO:
	default:
		break;
	}
	memset(dst, 0, HEC_PAGE_SIZE);
	return true;
}

void hec_store_move(const struct hec_store *store, uint32_t from, uint32_t to)
{
	void *src, *dst;

	if (!keeps_content(store))
		return;
	src = hec_frame_map(store->frames, from);
	dst = hec_frame_map(store->frames, to);
	memcpy(dst, src, HEC_PAGE_SIZE);
	hec_env_unmap_frame(dst);
	hec_env_unmap_frame(src);
}

void hec_store_wipe(const struct hec_store *store, void *dst)
{
	if (keeps_content(store))
		memset(dst, 0, HEC_PAGE_SIZE);
}

void hec_store_prefetch(const struct hec_store *store, uint32_t n)
{
	if (keeps_content(store) && hec_form_frames(store->frames, n))
		hec_frame_prefetch(store->frames, n);
}

void hec_store_prefetch_source(const struct hec_store *store, const void *src)
{
	if (keeps_content(store))
		hec_page_prefetch(src);
}
