/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Records: 36 bytes that describe a cached page, and the lists they form.
 *
 * Record i describes frame i.  So neither needs a pointer to the other:
 *
 *     0                    nr_frames                                nr_records
 *     | record of frame 0, 1, ...  | spare ... | queue ends | pool roots |
 *
 *     spare        headers of objects other than 0; pages that need no frame
 *     queue ends   the sentinels of each client's replacement queues
 *     pool roots   for each pool the header of its object 0
 *
 * A page is on two circular lists.  One is a queue of its client's policy.  The
 * other has the pages of its object; its sentinel is the object's header.  The
 * headers of a pool form a ring with the pool's root.
 *
 *     root --QUEUE-- header --QUEUE-- header          (ring of headers)
 *      |OBJECT         |OBJECT          |OBJECT
 *     page, page      page            page, page      (rings of pages)
 *
 * LOCKS.  [shard] is the lock of the shard that the key hashes to.  [client] is
 * the lock of the client.  A record that is neither linked nor free belongs to
 * the call that took it.
 */
#ifndef HEC_RECORD_H
#define HEC_RECORD_H

#include <hec_env.h>

#define HEC_NO_RECORD 0xffffffffu
#define HEC_NO_INDEX (~0ull) /* the "index" under which a header is found */

enum hec_link_kind {
	HEC_LINK_QUEUE, /* [client] pages: replacement; headers: the pool's */
	HEC_LINK_OBJECT, /* [client] pages of one object */
	HEC_NR_LINKS
};

/* hec_record.flags, [shard] once linked. */
#define HEC_RECORD_LINKED 0x01u /* in the index and on the lists */
#define HEC_RECORD_TAKEN 0x02u /* being filled by a put */
#define HEC_RECORD_DOOMED 0x04u /* unlinked while pinned: last unpin frees it */
#define HEC_RECORD_HEADER 0x08u /* an object's header, not a page */
#define HEC_RECORD_PIN 0x10u /* one pin: a get that copies out of the frame */
#define HEC_RECORD_PINS 0xf0u /* the count of pins: 15 at the most */

struct hec_link {
	uint32_t next, prev;
};

struct hec_record {
	uint32_t index_lo; /* header: number of pages in the object [client] */
	uint16_t index_hi;
	uint8_t flags;
	uint8_t queue; /* which queue of the policy it is on [client] */
	uint32_t sum_lo, sum_hi; /* checksum; header: the object's id */
	struct hec_link link[HEC_NR_LINKS];
	uint32_t object; /* the object's header; header: slot of its pool */
};

_Static_assert(sizeof(struct hec_record) == 36, "records are 36 bytes");

/*
 * Two records so many apart are never on one cache line.  The ends of queues and
 * the roots of pools lie so far apart.  Each put and get writes some of them, and
 * different processors write those of different clients.
 */
#define HEC_RECORDS_APART 3

/* The key of a page, or of an object's header: then index is HEC_NO_INDEX. */
struct hec_key {
	uint64_t object;
	uint64_t index;
	uint32_t pool; /* slot */
};

static inline uint64_t hec_record_index(const struct hec_record *record)
{
	return (uint64_t)record->index_hi << 32 | record->index_lo;
}

static inline void hec_record_set_index(struct hec_record *record,
					uint64_t index)
{
	record->index_lo = (uint32_t)index;
	record->index_hi = (uint16_t)(index >> 32);
}

/* The checksum of a page, or the id of a header's object. */
static inline uint64_t hec_record_word(const struct hec_record *record)
{
	return (uint64_t)record->sum_hi << 32 | record->sum_lo;
}

static inline void hec_record_set_word(struct hec_record *record, uint64_t word)
{
	record->sum_lo = (uint32_t)word;
	record->sum_hi = (uint32_t)(word >> 32);
}

/* True if @key is the key of record @n.  Context: [shard] of the key. */
static inline bool hec_record_matches(const struct hec_record *records,
				      uint32_t n, const struct hec_key *key)
{
	const struct hec_record *header = &records[n];

	if (header->flags & HEC_RECORD_HEADER) {
		if (key->index != HEC_NO_INDEX)
			return false;
	} else {
		if (key->index != hec_record_index(header))
			return false;
		header = &records[header->object];
	}
	return header->object == key->pool &&
	       hec_record_word(header) == key->object;
}

static inline void hec_list_init(struct hec_record *records,
				 enum hec_link_kind kind, uint32_t end)
{
	hec_env_write_once(records[end].link[kind].next, end);
	hec_env_write_once(records[end].link[kind].prev, end);
}

static inline bool hec_list_empty(const struct hec_record *records,
				  enum hec_link_kind kind, uint32_t end)
{
	return records[end].link[kind].next == end;
}

/* True if both neighbours of @n on a list point back to it. */
static inline bool hec_list_is_valid(const struct hec_record *records,
				     enum hec_link_kind kind, uint32_t n)
{
	const struct hec_link *link = &records[n].link[kind];

	return records[link->next].link[kind].prev == n &&
	       records[link->prev].link[kind].next == n;
}

/* Inserts @n behind @at (the sentinel: at the head of the list). */
static inline void hec_list_add(struct hec_record *records,
				enum hec_link_kind kind, uint32_t at,
				uint32_t n)
{
	uint32_t next = records[at].link[kind].next;

	hec_env_assert(hec_list_is_valid(records, kind, at));
	hec_env_write_once(records[n].link[kind].next, next);
	hec_env_write_once(records[n].link[kind].prev, at);
	hec_env_write_once(records[next].link[kind].prev, n);
	hec_env_write_once(records[at].link[kind].next, n);
}

static inline void hec_list_del(struct hec_record *records,
				enum hec_link_kind kind, uint32_t n)
{
	uint32_t next = records[n].link[kind].next;
	uint32_t prev = records[n].link[kind].prev;

	hec_env_assert(hec_list_is_valid(records, kind, n));
	hec_env_write_once(records[next].link[kind].prev, prev);
	hec_env_write_once(records[prev].link[kind].next, next);
}

/* Copies a record; others may be looking at @to, which has been free. */
static inline void hec_record_copy(struct hec_record *to,
				   const struct hec_record *from)
{
	int kind;

	to->index_lo = from->index_lo;
	to->index_hi = from->index_hi;
	to->queue = from->queue;
	to->sum_lo = from->sum_lo;
	to->sum_hi = from->sum_hi;
	for (kind = 0; kind < HEC_NR_LINKS; kind++) {
		hec_env_write_once(to->link[kind].next, from->link[kind].next);
		hec_env_write_once(to->link[kind].prev, from->link[kind].prev);
	}
	hec_env_write_once(to->object, from->object);
	hec_env_write_once(to->flags, from->flags);
}

/* @from was copied to @to.  Makes the neighbours point to @to. */
static inline void hec_list_moved(struct hec_record *records,
				  enum hec_link_kind kind, uint32_t to)
{
	hec_env_write_once(records[records[to].link[kind].next].link[kind].prev,
			   to);
	hec_env_write_once(records[records[to].link[kind].prev].link[kind].next,
			   to);
}

/*
 * Fetches what unlinking @n will touch.  It needs no lock: if the links have
 * changed meanwhile, a useless fetch is all that it costs.
 */
static inline void hec_record_prefetch_links(const struct hec_record *records,
					     uint32_t n)
{
	const struct hec_record *record = &records[n];
	int kind;

	for (kind = 0; kind < HEC_NR_LINKS; kind++) {
		hec_env_prefetchw(
			&records[hec_env_peek(record->link[kind].next)]);
		hec_env_prefetchw(
			&records[hec_env_peek(record->link[kind].prev)]);
	}
}

#endif
