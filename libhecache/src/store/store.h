/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The store: what is kept of a page, and in which form.
 *
 *     WHOLE   a frame with the page's content
 *     ZERO    nothing: the page is all zeroes; its record is a spare
 *
 * The form of a page follows from its record.  What depends on the form is here
 * and nowhere else.
 */
#ifndef HEC_STORE_H
#define HEC_STORE_H

#include <hecache/hecache.h>

#include "../base/page.h"
#include "../table/frames.h"

enum hec_form {
	HEC_FORM_WHOLE,
	HEC_FORM_ZERO,
};

struct hec_store {
	enum hec_content content; /* [const] what is kept */
	struct hec_page_key key; /* [const] of the checksums */
	struct hec_frames *frames; /* [const] */
};

static inline enum hec_form hec_form_of(const struct hec_frames *frames,
					uint32_t n)
{
	return hec_frames_has_frame(frames, n) ? HEC_FORM_WHOLE : HEC_FORM_ZERO;
}

/* Frames that page @n is charged for. */
static inline uint32_t hec_form_frames(const struct hec_frames *frames,
				       uint32_t n)
{
	return hec_form_of(frames, n) == HEC_FORM_WHOLE;
}

/*
 * A record that needs no frame, for the page at @src.  HEC_NO_RECORD: the page needs
 * a frame, or @client may have no more such records.
 */
uint32_t hec_store_take_small(struct hec_store *store, uint32_t client,
			      const void *src);

/*
 * Gives back record @n of a page of @client, with its frame if it has one.  The record
 * is taken and not linked.  If @n is HEC_NO_RECORD, nothing is done.
 */
void hec_store_give(struct hec_store *store, uint32_t n, uint32_t client);

/*
 * Copies the page at @src into @n, whose key hashes to @hash.  @next is the page that
 * will be copied next (or @src, if there is none): this fetches its first lines.
 */
void hec_store_put(struct hec_store *store, uint32_t n, uint64_t hash,
		   const void *src, const void *next);

/*
 * Copies page @n out.  True: it is what was put under @hash.  @next is the page that
 * will be copied next, pinned, or HEC_NO_RECORD: this fetches its first lines.
 */
bool hec_store_get(const struct hec_store *store, uint32_t n, uint64_t hash,
		   uint32_t next, void *dst);

/* Copies page @from, which has a frame, to frame @to. */
void hec_store_move(const struct hec_store *store, uint32_t from, uint32_t to);

/* Wipes a buffer that a get could not fill. */
void hec_store_wipe(const struct hec_store *store, void *dst);

/*
 * Begin to fetch what a get of page @n would copy out, or what a put of @src will
 * copy in.  Context: any; page @n may be gone.
 */
void hec_store_prefetch(const struct hec_store *store, uint32_t n);
void hec_store_prefetch_source(const struct hec_store *store, const void *src);

#endif
