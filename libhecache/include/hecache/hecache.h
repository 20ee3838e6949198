/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libhecache: an exclusive page cache for a hypervisor.
 *
 * What a VM's kernel evicts is put here; what it misses is got back from here,
 * and a get removes: a page is either in the VM's memory or in the cache.
 *
 *     cache    the machine's one cache: an index, replacement, frames
 *     client   a VM: what it is charged for, and its order of replacement
 *     pool     a device of the VM; names the pages in it by (object, index)
 *     chunk    a run of frames lent by the embedder; the unit of resizing
 *
 * The embedder supplies <hec_env.h> (docs/EMBEDDING.md): integer types, memory
 * functions, a lock, the few atomics used, how a frame of a chunk is mapped.
 * The library calls nothing else, allocates nothing after hec_init(), has no
 * writable global and uses no floating point.
 *
 * CONTEXT.  Every function may be called from any context that may take the
 * embedder's lock, on any number of CPUs at once, unless it says otherwise.
 * None sleeps.  Page contents are copied with no lock held.
 *
 * ERRORS.  0 or a negative enum hec_err (<hecache/abi.h>); each function lists
 * those it returns.  Removal returns void: it cannot fail.
 *
 * TRUST.  Pool handles, objects, indices and page contents may come from a
 * hostile guest.  Pointers and configurations may not.
 */
#ifndef HECACHE_H
#define HECACHE_H

#include <hec_env.h>

#include <hecache/abi.h>
#include <hecache/policies.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HEC_PAGE_SHIFT HEC_ABI_PAGE_SHIFT
#define HEC_PAGE_SIZE HEC_ABI_PAGE_SIZE

struct hec_cache;
struct hec_client;

#define HEC_MAX_FRAMES (1u << 30) /* 4 TiB of pages */
#define HEC_MAX_CLIENTS 1024u
#define HEC_MAX_POOLS 16384u
#define HEC_MAX_SHARDS 1024u
#define HEC_MAX_INDEX ((1ull << 48) - 1) /* largest page index in an object */

/* What is kept of a page's content. */
enum hec_content {
	HEC_CONTENT_VERIFIED = 0, /* the page and its checksum: the default */
	HEC_CONTENT_PLAIN = 1, /* the page, not verified: for benchmarks */
	HEC_CONTENT_NONE = 2, /* nothing: simulation; buffers may be NULL */
};

/* What a cache is made for.  All memory is sized by it, once. */
struct hec_config {
	uint32_t max_chunks; /* chunks present at once, at the most; >= 1 */
	uint32_t chunk_shift; /* a chunk has 1 << chunk_shift frames; 0-16 */
	uint32_t max_clients; /* 1 to HEC_MAX_CLIENTS */
	/*
	 * Of all clients; 1 to HEC_MAX_POOLS.  Half of them are reserved, as many
	 * for each client that there can be.
	 */
	uint32_t max_pools;
	uint32_t nr_shards; /* locks of the index, a power of two; 0: chosen */
	enum hec_content content;
	uint8_t seed[32]; /* secret and unpredictable, new for each cache */
};

/*
 * What a client is promised and allowed.  With its guarantee come spare records,
 * one for 64 pages: each object but 0 takes one, and so does a page of zeroes, for
 * which it then needs no frame.  Beyond these it may have of what nobody has been
 * promised.  When there is no free frame, the
 * client that pays is the one whose frames above its guarantee, divided by its
 * weight, are most.
 */
struct hec_client_config {
	uint64_t label; /* the embedder's name for it; not interpreted */
	/* Frames that no other client can take from it; the host can. */
	uint32_t guaranteed_pages;
	uint32_t max_pages; /* frames it may hold; 0: no limit */
	uint32_t weight; /* share of what is not guaranteed; 0: HEC_WEIGHT */
	uint32_t max_pools; /* pools it may have; 0: HEC_CLIENT_POOLS */
	enum hec_policy_kind policy;
};

#define HEC_WEIGHT 100u
#define HEC_MAX_WEIGHT 65535u
#define HEC_CLIENT_POOLS 64u
#define HEC_MAX_CLIENT_POOLS 1024u
#define HEC_MAX_IDLE_TAX 95u

/* Counts since creation, but for the last group, which are levels. */
struct hec_stats {
	uint64_t puts; /* accepted */
	uint64_t puts_refused; /* no room, or no source */
	uint64_t hits; /* gets that handed a page out */
	uint64_t misses; /* gets that did not */
	uint64_t flushes; /* pages dropped at the client's wish */
	uint64_t evictions; /* pages dropped to make room */
	uint64_t corrupt; /* pages whose checksum did not hold: never given */
	uint64_t rollbacks; /* times that the client was found reverted */
	uint64_t pages; /* now cached */
	uint64_t zero_pages; /* of these, zeroes that need no frame */
	uint64_t persistent_pages; /* of these, in persistent pools */
	uint64_t frames; /* now charged: cached, or being copied */
	uint64_t pools; /* now existing */
};

/* One pool. */
struct hec_pool_info {
	uint64_t pool; /* its id */
	uint64_t pages; /* now cached */
	enum hec_pool_kind kind;
};

struct hec_cache_info {
	uint64_t frames; /* lent by the embedder */
	uint64_t frames_free; /* of these, holding nothing */
	uint64_t guaranteed; /* promised to clients, frames or not */
	uint64_t metadata_bytes; /* what hec_size() said */
	uint32_t clients;
	uint32_t chunks;
	bool closing; /* one is on its way out: hec_shrink() said HEC_EAGAIN */
	uint32_t idle_tax; /* percent */
};

/*
 * Bytes of memory that hec_init() needs for @config, or 0 if @config is not
 * valid.  With chunks of 512 frames or more, and locks of at most 56 bytes, that is
 * at most 64 for each frame, 1280 for each client, 176 for each pool, and 10 KiB.
 */
uint64_t hec_size(const struct hec_config *config);

/*
 * Makes a cache of no chunks in @mem (@len bytes, zero or not, aligned to 64),
 * which it borrows until hec_fini().
 * HEC_EINVAL: @config is not valid; HEC_ENOMEM: @len is below hec_size().
 * Context: may take as long as writing all of @mem.
 */
int hec_init(void *mem, uint64_t len, const struct hec_config *config,
	     struct hec_cache **cache);

/*
 * Ends a cache with no clients and no chunks (hec_shrink() has returned them
 * all); the memory is the caller's again.
 */
void hec_fini(struct hec_cache *cache);

/*
 * Lends the cache a chunk: memory for 1 << chunk_shift frames, described by
 * @chunk as hec_env_map_frame() wants it, until hec_shrink() hands it back.
 * HEC_ENOMEM: max_chunks are there already; the chunk stays the caller's.
 */
int hec_grow(struct hec_cache *cache, void *chunk);

/*
 * Takes a chunk back into @chunk: one of those with the fewest pages, which are
 * moved elsewhere or, where there is no room, evicted as their clients'
 * policies order.  The host comes before guarantees: it takes guaranteed pages
 * where no others are left, but persistent ones never.
 * HEC_EAGAIN: there is more to do, or copies into or out of the chunk are in
 * flight; nothing new enters it: call again, after giving way to others.
 * HEC_ENOSPC: persistent pages fill all there is; the chunk goes on being used.
 * HEC_ENOENT: there is no chunk.
 * One call at a time.  Bound: HEC_SHRINK_EVICTIONS pages evicted and as many moved.
 */
int hec_shrink(struct hec_cache *cache, void **chunk);

#define HEC_SHRINK_EVICTIONS 1024u
#define HEC_SHRINK_MOVES 1024u

/*
 * Admits a client.  HEC_EINVAL: @config; HEC_ENOMEM: max_clients are there;
 * HEC_ENOSPC: all guarantees together would be more than the frames that there are now.
 */
int hec_client_create(struct hec_cache *cache,
		      const struct hec_client_config *config,
		      struct hec_client **client);

/*
 * Changes a client's configuration, but for its label, while everything runs.
 * A lowered maximum takes effect with the client's own puts: each gives up two
 * frames for one, until the client is within it.  Up to then the client keeps its
 * pages, unless others' puts evict them.  A lowered guarantee refuses persistent
 * puts; persistent pages beyond it stay until they are flushed.
 * HEC_EINVAL, HEC_ENOSPC: as above; nothing has changed.
 */
int hec_client_set(struct hec_cache *cache, struct hec_client *client,
		   const struct hec_client_config *config);

/* The terms of a client that can be changed one by one. */
enum hec_term {
	HEC_TERM_GUARANTEED = 1u << 0,
	HEC_TERM_MAX = 1u << 1,
	HEC_TERM_WEIGHT = 1u << 2,
	HEC_TERM_POOLS = 1u << 3,
	HEC_TERM_POLICY = 1u << 4,
	HEC_TERM_FROZEN = 1u << 5,
};

#define HEC_TERMS_KNOWN ((1u << 6) - 1)

struct hec_client_change {
	uint32_t terms; /* which of them change: enum hec_term */
	struct hec_client_config config; /* the rest of it is not looked at */
	bool frozen; /* HEC_TERM_FROZEN: puts are refused until thawed */
};

/*
 * The same for some of the terms; the others stay.  All change or none.
 * HEC_EINVAL, also: @change->terms has an unknown bit; HEC_ENOSPC: as above.
 */
int hec_client_change(struct hec_cache *cache, struct hec_client *client,
		      const struct hec_client_change *change);

/* Copies what was last set to @config, with the default of max_pools filled in. */
void hec_client_get(struct hec_cache *cache, struct hec_client *client,
		    struct hec_client_config *config);

/*
 * A frozen client's puts are refused, until it is thawed: each drops what was under
 * its key.  The client keeps its other pages.  They can be got and flushed, and
 * other clients' puts evict them as before.
 */
void hec_client_freeze(struct hec_cache *cache, struct hec_client *client,
		       bool frozen);
bool hec_client_is_frozen(struct hec_cache *cache, struct hec_client *client);

/*
 * Drops a client's pages, but those in persistent pools, @budget of them at most
 * (0: all).  HEC_EAGAIN: @budget pages went; there may be more, or none: call
 * again; 0: there are none.
 * A client that goes on putting always has more: bound the calls by the pages
 * that it had.
 */
int hec_client_flush(struct hec_cache *cache, struct hec_client *client,
		     uint32_t budget);

/* Sets a client's counts, but not the levels, to zero. */
void hec_client_reset_stats(struct hec_cache *cache, struct hec_client *client);

/*
 * The tax on idle memory, in percent (0, the default, to HEC_MAX_IDLE_TAX): a
 * page that its client has not got back lately counts 100 / (100 - tax) times
 * when it is decided who pays (Waldspurger, OSDI 2002).  HEC_EINVAL: more.
 */
int hec_set_idle_tax(struct hec_cache *cache, uint32_t percent);

/*
 * Ends a client's pools and drops their pages; then it forgets the client's past
 * and ends the client.  @budget (0: no limit) counts pages and pools, and ghosts by
 * themselves.  HEC_EAGAIN: the budget is used up: call again, even if nothing is
 * left; 0: @client is gone.
 * No other call for this client may be in flight or come later.
 */
int hec_client_destroy(struct hec_cache *cache, struct hec_client *client,
		       uint32_t budget);

/*
 * A new, empty pool of @client; its id, in *@pool, is never used again.
 * HEC_EINVAL: @kind; HEC_EPERM: the client has its number of pools;
 * HEC_ENOMEM: what it may have of max_pools is used up.  Bound: constant.
 */
int hec_pool_create(struct hec_cache *cache, struct hec_client *client,
		    enum hec_pool_kind kind, uint64_t *pool);

/*
 * Drops a pool's pages, @budget of them at most (0: all), and the pool.  From the
 * first call on the pool admits nothing.  HEC_EAGAIN: @budget pages went: call
 * again, even if none is left; 0: gone; HEC_ESTALE: not a pool of @client.
 */
int hec_pool_destroy(struct hec_cache *cache, struct hec_client *client,
		     uint64_t pool, uint32_t budget);

/*
 * Puts the page at @src (HEC_PAGE_SIZE bytes, aligned to 8) under (@pool,
 * @object, @index).  Older content under that key is gone, whatever the result.
 * The source may change during the call: what is cached is then some mixture
 * of the two, and its checksum fits it.
 * A page of zeroes takes a spare record and no frame.  When the client can have no
 * more of these, it takes a frame, and is charged for it, like any other page.
 * HEC_ESTALE: not a pool of @client; HEC_EINVAL: @index; HEC_ENOSPC: no room
 * for this client, or it is frozen; in a persistent pool: its guarantee is used
 * up.
 * Bound: 32 pages are evicted at most.  If none of these had a frame, the put is
 * refused (HEC_ENOSPC), and a later one gets further.
 */
int hec_put(struct hec_cache *cache, struct hec_client *client, uint64_t pool,
	    uint64_t object, uint64_t index, const void *src);

/*
 * For a put whose source turned out bad: drops what is under the key and
 * counts a refused put.
 */
void hec_put_failed(struct hec_cache *cache, struct hec_client *client,
		    uint64_t pool, uint64_t object, uint64_t index);

/*
 * Copies the page under the key to @dst (HEC_PAGE_SIZE bytes, aligned to 8) and
 * removes it, unless the pool is one whose gets keep.  Copying comes first: the
 * page is unlinked only when it is out.
 * HEC_ENOENT: a miss; HEC_ESTALE: not a pool of @client; HEC_EINVAL: @index; in
 * a persistent pool HEC_EIO: the content did not stand its check, and
 * HEC_EAGAIN: too many gets of that page at once.
 * After an error @dst is as it was if no page was found.  If one was, and it did not
 * stand its check or somebody dropped it during the copy, @dst is all zeroes.
 */
int hec_get(struct hec_cache *cache, struct hec_client *client, uint64_t pool,
	    uint64_t object, uint64_t index, void *dst);

/* One page of a batch. */
struct hec_batch_item {
	uint64_t object;
	uint64_t index;
	void *page; /* a put does not write to it */
	int status; /* out: what hec_put() or hec_get() would return */
	struct hec_batch_own {
		uint64_t hash;
	} own; /* the library's, during the call */
};

#define HEC_BATCH_MAX HEC_ABI_BATCH_MAX

/*
 * Puts or gets @nr pages (1 to HEC_BATCH_MAX) of one pool, as so many calls of
 * hec_put() or hec_get() would, one after the other; faster, because the waits
 * for memory overlap.
 * 0, and each item has its status; or HEC_EINVAL: @nr.  Then nothing was done: what
 * was under the keys is still there, and the caller that has newer content must
 * flush them.
 */
int hec_put_batch(struct hec_cache *cache, struct hec_client *client,
		  uint64_t pool, struct hec_batch_item *items, uint32_t nr);
int hec_get_batch(struct hec_cache *cache, struct hec_client *client,
		  uint64_t pool, struct hec_batch_item *items, uint32_t nr);

/*
 * Drops the page under the key, if there is one; else the client's past forgets the
 * key.  So do a guest's FLUSH and FLUSH_RANGE.  The flushes below drop pages and leave
 * the past alone: what it remembers of their keys may cost a worse choice later, and
 * ages.
 */
void hec_flush(struct hec_cache *cache, struct hec_client *client,
	       uint64_t pool, uint64_t object, uint64_t index);

/*
 * Drops @count pages of an object from @first on, in time proportional to the
 * smaller of @count and the pages in the pool.  One call at a time for an object.
 */
void hec_flush_range(struct hec_cache *cache, struct hec_client *client,
		     uint64_t pool, uint64_t object, uint64_t first,
		     uint64_t count);

/* Drops all pages of an object, in time proportional to their number. */
void hec_flush_object(struct hec_cache *cache, struct hec_client *client,
		      uint64_t pool, uint64_t object);

/* Drops all pages of a pool, about @budget at most (0: all); HEC_EAGAIN: there
 * are more; 0: it is empty; HEC_ESTALE: not a pool of @client. */
int hec_flush_pool(struct hec_cache *cache, struct hec_client *client,
		   uint64_t pool, uint32_t budget);

/*
 * A client's counts and levels.  While other calls run, those of one call may be
 * seen in part.
 */
void hec_client_stats(struct hec_cache *cache, struct hec_client *client,
		      struct hec_stats *stats);

/*
 * The newest of @client's pools that is older than the one with id @before
 * (UINT64_MAX: of all): so one goes through them, while they come and go.
 * HEC_ENOENT: there is none.
 */
int hec_pool_info(struct hec_cache *cache, struct hec_client *client,
		  uint64_t before, struct hec_pool_info *info);

/* The sum over all clients, of the counts of those gone too. */
void hec_cache_stats(struct hec_cache *cache, struct hec_stats *stats);

/* The cache as a whole, now. */
void hec_cache_info(struct hec_cache *cache, struct hec_cache_info *info);

/*
 * Walks everything and returns 0 if every invariant holds, else the number of
 * the line in audit.c that found the first breach.  No other call may be
 * in flight.  For tests, fuzzers and debug builds.
 */
int hec_audit(struct hec_cache *cache);

#define HEC_GUEST_MAPS 5u

/*
 * The embedder's, for hec_guest_call() alone: makes the VM of @vcpu a client for
 * its first HELLO, and *@client that client, or the one that another vCPU of the
 * VM has made meanwhile.  Else it returns what the guest is to get: HEC_EPERM (the
 * VM may not use the cache) or HEC_ENOMEM (no more clients).  May sleep.
 */
int hec_env_guest_admit(void *vcpu, struct hec_client **client);

/*
 * A guest's call, as <hecache/abi.h> describes it: checks every field, does it
 * and returns the word for the guest.  @vcpu goes to hec_env_guest_map(); the
 * pages that it maps, HEC_GUEST_MAPS at the most, are unmapped in reverse order.
 * @client may be NULL: the VM is no client yet.  Then a HELLO that is well-formed
 * has it admitted, and every other call is HEC_ESTALE.
 * Context: may sleep if hec_env_guest_map() or hec_env_guest_admit() may; no locks
 * held.
 */
uint64_t hec_guest_call(struct hec_cache *cache, struct hec_client *client,
			void *vcpu, const uint64_t arg[4]);

#ifdef __cplusplus
}
#endif

#endif
