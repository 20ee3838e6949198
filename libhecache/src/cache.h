/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The cache's own structures, and the steps its public functions share.
 *
 * LOCKS, outermost first; a call holds at most one of each:
 *
 *     admin    which clients and pools exist
 *     client   a client's queues, its objects' lists, its pools' contents
 *     shard    the index; flags of the records linked there
 *     frames   free frames and charges
 *
 * (A client's sequence has a lock of its own, held alone.)
 *
 * A record is linked and unlinked with its client's lock held, and the shard's
 * inside it.  So whoever holds the client's lock sees the client's pages stand
 * still, and whoever holds the shard's lock sees the keys of that shard stand
 * still.  Page contents are copied with no lock held: a put copies into a frame
 * that nobody else can see, a get out of a frame that it has pinned.
 */
#ifndef HEC_CACHE_H
#define HEC_CACHE_H

#include <hecache/hecache.h>

#include "frames.h"
#include "ghost.h"
#include "index.h"
#include "page.h"
#include "policy.h"
#include "sequence.h"

#define HEC_POOL_SLOT_BITS 14
#define HEC_NO_POOL 0xffffffffu

_Static_assert(HEC_MAX_POOLS <= 1u << HEC_POOL_SLOT_BITS, "slots fit an id");

enum hec_pool_state {
	HEC_POOL_FREE = 0,
	HEC_POOL_LIVE,
	HEC_POOL_ENDING, /* admits nothing, is being emptied */
};

/* Slots are static: a look-up may race with an end, and is checked again. */
struct hec_pool {
	uint64_t id; /* serial << SLOT_BITS | slot: never used twice [client] */
	uint64_t salt; /* what its keys are hashed with [client] */
	uint32_t root; /* [const] record: header of object 0, ring of headers */
	uint32_t client; /* [client] */
	uint32_t kind; /* [client] enum hec_pool_kind */
	uint32_t state; /* [client] */
	uint32_t next; /* slot of the client's next pool [admin] */
	uint64_t pages; /* [client] */
} __attribute__((aligned(64))); /* a client does not wait for another's line */

/* In the order of who writes: what is only read is not where others write. */
struct hec_client {
	uint32_t number; /* [const] */
	bool in_use; /* [admin] */
	bool frozen; /* [client] */
	uint32_t first_pool; /* [admin] */
	uint32_t nr_pools; /* [admin] */
	struct hec_client_config config; /* [client] */
	uint64_t features; /* granted by the last HELLO; one word, untorn */

	struct hec_policy policy; /* [client] */
	struct hec_env_lock lock;
	uint32_t recent; /* hits lately, see room.c [client] */
	uint64_t epoch; /* of recent [client] */
	uint32_t kept_frames; /* of persistent pages; zeroes have none [client] */
	uint32_t payer; /* who pays for its frames, see room.c; one word, */
	uint32_t payer_turns; /* and for how many more; the same */
	struct hec_stats stats; /* [client], but for what is counted below */

	uint64_t misses __attribute__((aligned(64))); /* [atomic] */
	uint64_t flushes; /* [atomic] */

	struct hec_sequence sequence
		__attribute__((aligned(64))); /* own lock */
} __attribute__((aligned(64)));

struct hec_cache {
	/* [const] */
	struct hec_config config;
	uint64_t size_bytes;
	struct hec_record *records;
	uint32_t nr_records;
	struct hec_pool *pools;
	struct hec_client *clients;
	struct hec_index index;
	struct hec_ghosts ghosts;
	struct hec_cipher handles;
	struct hec_cipher secrets; /* what the next two and salts are made of */
	uint64_t key_secret[2]; /* what all keys are hashed with, and a salt */
	struct hec_page_key page_key;

	struct hec_frames frames;

	struct hec_env_lock admin;
	uint64_t next_serial; /* [admin] */
	uint32_t nr_clients; /* [admin] */
	uint32_t clients_end; /* slots from here on are free [admin] */
	uint64_t guaranteed; /* to all clients together [admin] */
	uint32_t idle_tax; /* percent; one word, untorn */
	uint64_t evictions; /* [atomic] the clock of idleness */
	struct hec_stats past; /* of clients that are gone [admin] */
};

/* A page's key, its pool and where it lives. */
struct hec_name {
	struct hec_key key;
	uint64_t pool; /* id */
	uint64_t hash;
	enum hec_pool_kind kind; /* of the pool */
};

/*
 * Fills @name for the page (or header) of live pool @pool.  HEC_ESTALE: not a
 * pool of @client; HEC_EINVAL: the index.
 */
int hec_name_init(const struct hec_cache *cache,
		  const struct hec_client *client, uint64_t pool,
		  uint64_t object, uint64_t index, struct hec_name *name);

/*
 * The pool of @client with this id, live or (any) ending too; or NULL.  With
 * the client's lock held the answer lasts.
 */
struct hec_pool *hec_pool_find(const struct hec_cache *cache,
			       const struct hec_client *client, uint64_t id);
struct hec_pool *hec_pool_any(const struct hec_cache *cache,
			      const struct hec_client *client, uint64_t id);

/*
 * bulk.c: empties a pool, if @pool is still the one with this id, and takes its
 * pages off *@budget (0 wraps, to more than any pool has); HEC_EAGAIN: it was used
 * up first.
 */
int hec_pool_empty(struct hec_cache *cache, struct hec_client *client,
		   struct hec_pool *pool, uint64_t id, uint32_t *budget);

/*
 * lifecycle.c: ends all pools of a client; HEC_EAGAIN: @budget (0: no limit), for
 * all of them together, was used up first.
 */
int hec_client_end_pools(struct hec_cache *cache, struct hec_client *client,
			 uint32_t budget);

/* entry.c: pages on and off the lists.  Context: [client] but where said. */

/*
 * The page of that name, or HEC_NO_RECORD.  Context: any; without the client's
 * lock the answer may be old.
 */
uint32_t hec_entry_find(struct hec_cache *cache, const struct hec_name *name);

/* The same.  Context: [shard] of the name. */
uint32_t hec_entry_look_up(const struct hec_cache *cache,
			   const struct hec_name *name);

/* The header of the name's object, or HEC_NO_RECORD: it has no pages. */
uint32_t hec_entry_header(struct hec_cache *cache, const struct hec_name *name);

/*
 * Links page @n, filled and taken, under @name, in the place of any other;
 * *@older is the record that went, if its frame is now the caller's to give
 * back, else HEC_NO_RECORD.  HEC_ESTALE: the pool is no more; HEC_ENOSPC:
 * no room in the tables; older content is gone then too.
 */
int hec_entry_link(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name, uint32_t n, uint32_t *older);

/*
 * Unlinks page @n.  True: its frame is the caller's to give back; false: a get
 * has it pinned and will.
 */
bool hec_entry_unlink(struct hec_cache *cache, struct hec_client *client,
		      uint32_t n, enum hec_leave why);

/*
 * Ends a get's pin of page @n; true if it was still linked.  Then a sound page
 * of a pool whose gets keep stays linked; any other is unlinked.  *@mine: its
 * frame is the caller's to give back.
 */
bool hec_entry_unpin(struct hec_cache *cache, struct hec_client *client,
		     const struct hec_name *name, uint32_t n,
		     enum hec_leave why, bool *mine);

/* Fetches what linking or finding a page of that name will touch. */
void hec_entry_prefetch(const struct hec_cache *cache,
			const struct hec_name *name);

/* Fetches what evicting the oldest page of a queue will touch. [client] */
void hec_entry_prefetch_victim(const struct hec_cache *cache,
			       const struct hec_client *client, uint32_t queue);

/* The hash of a linked page's key. */
uint64_t hec_entry_hash(const struct hec_cache *cache, uint32_t n);

/*
 * The client whose page @n is.  Context: any; without the lock of the client
 * that it returns the answer may be old, or NULL.
 */
struct hec_client *hec_entry_client(const struct hec_cache *cache, uint32_t n);

/*
 * access.c: ends the use of record @n of a page, taken and not linked, with the
 * frame if it has one.
 */
void hec_page_give(struct hec_cache *cache, struct hec_client *client,
		   uint32_t n);

/* Drops the page of that name, if there is one; true if there was. */
bool hec_page_drop(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name);

/*
 * A put of @src, whose first lines are on their way; @next is what will be put
 * next, or @src: its first lines are fetched.
 */
int hec_put_named(struct hec_cache *cache, struct hec_client *client,
		  const struct hec_name *name, const void *src,
		  const void *next);

/*
 * The steps of a get.  hec_get_fetch: finds and fetches, with no lock, the
 * record that it may be, or HEC_NO_RECORD: it is a miss.  hec_get_pin: 0 and *@n,
 * or the error.  hec_get_pinned: does the rest with page @n, whose first lines
 * are on their way; @next is the page that will be copied next, pinned, or
 * HEC_NO_RECORD.  hec_count_miss: where a get ends with HEC_ENOENT.
 */
uint32_t hec_get_fetch(const struct hec_cache *cache,
		       const struct hec_name *name);
int hec_get_pin(struct hec_cache *cache, const struct hec_name *name,
		uint32_t *n);
int hec_get_pinned(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_name *name, uint32_t n, uint32_t next,
		   void *dst);
void hec_count_miss(struct hec_client *client, const struct hec_name *name);

/*
 * For a caller that has to prepare for a get.  hec_look_up: 0 if the page is
 * there; a miss is counted.  hec_look_ahead: fetches what the look-up will touch.
 */
int hec_look_up(struct hec_cache *cache, struct hec_client *client,
		uint64_t pool, uint64_t object, uint64_t index);
void hec_look_ahead(const struct hec_cache *cache,
		    const struct hec_client *client, uint64_t pool,
		    uint64_t object, uint64_t index);

/*
 * content.c: copies a page into frame @n; out of it, true if it is what was put
 * there under that name; from frame to frame.  @next is what will be copied
 * next, so that its first lines be fetched; or @src, or HEC_NO_RECORD.  A buffer
 * that a get could not fill is wiped.
 */
void hec_content_put(struct hec_cache *cache, const struct hec_name *name,
		     uint32_t n, const void *src, const void *next);
bool hec_content_get(struct hec_cache *cache, const struct hec_name *name,
		     uint32_t n, uint32_t next, void *dst);
void hec_content_move(struct hec_cache *cache, uint32_t from, uint32_t to);
void hec_content_wipe(struct hec_cache *cache, void *dst);

/*
 * Begins to fetch what a get of page @n would copy out, and what a put of @src
 * will copy in.  Context: any; page @n may be gone.
 */
void hec_content_prefetch(const struct hec_cache *cache, uint32_t n);
void hec_content_prefetch_source(const struct hec_cache *cache,
				 const void *src);

/* True if there is nothing but zeroes at @src. */
bool hec_content_is_zero(const struct hec_cache *cache, const void *src);

/* Record @n stands for a page of zeroes and has no frame. */
static inline bool hec_is_spare(const struct hec_cache *cache, uint32_t n)
{
	return n >= cache->frames.first_spare;
}

/* room.c */

/* A frame charged to @client, evicting if need be, or HEC_NO_RECORD. */
uint32_t hec_room_take(struct hec_cache *cache, struct hec_client *client);

/* Evicts one page of whoever is to pay; false if nobody has any. */
bool hec_room_make(struct hec_cache *cache);

/* A page of @client was got: its memory is not idle. [client] */
void hec_room_note_hit(struct hec_cache *cache, struct hec_client *client);

#endif
