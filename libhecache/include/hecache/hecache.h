/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libhecache: an exclusive page cache for a hypervisor.
 *
 * A VM's kernel puts here what it evicts, and gets back from here what it misses.  A
 * get removes the page: a page is either in the VM's memory or in the cache.
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
 * None sleeps.  Page contents are copied with no lock held, except by hec_shrink().
 *
 * ERRORS.  A function that can fail returns 0 or a negative enum hec_err
 * (<hecache/abi.h>), and lists those it returns.  Removal cannot fail: it returns void.
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

/* How large a cache may become.  The size of its tables follows from it, once. */
struct hec_config {
	uint32_t max_chunks; /* how many chunks there can be at once; >= 1 */
	uint32_t chunk_shift; /* a chunk has 1 << chunk_shift frames; 0-16 */
	uint32_t max_clients; /* 1 to HEC_MAX_CLIENTS */
	/*
	 * Pools of all clients together; 1 to HEC_MAX_POOLS.  Half of them are
	 * reserved, in equal parts for each of max_clients.
	 */
	uint32_t max_pools;
	uint32_t nr_shards; /* locks of the index, a power of two; 0: we choose */
	enum hec_content content;
	uint8_t seed[32]; /* secret and unpredictable, new for each cache */
};

/*
 * What a client is promised and what it may have.
 *
 * Each client has a reserve of spare records: 4, and one for each 64 guaranteed pages.
 * Each object but 0 takes a spare record.  So does a page of zeroes, which then needs
 * no frame.  Beyond its reserve a client may take spare records that are reserved for
 * nobody (docs/DESIGN.md, "Fair").
 *
 * When there is no free frame, one client pays.  It is the one whose frames above its
 * guarantee, divided by its weight, are most.
 */
struct hec_client_config {
	uint64_t label; /* the embedder's name for it; the library ignores it */
	/* Frames that no other client can take from it; the host can. */
	uint32_t guaranteed_pages;
	uint32_t max_pages; /* frames it may hold; 0: no limit */
	uint32_t weight; /* its share of what is not guaranteed; 0: HEC_WEIGHT */
	uint32_t max_pools; /* pools it may have; 0: HEC_CLIENT_POOLS */
	enum hec_policy_kind policy;
};

#define HEC_WEIGHT 100u
#define HEC_MAX_WEIGHT 65535u
#define HEC_CLIENT_POOLS 64u
#define HEC_MAX_CLIENT_POOLS 1024u
#define HEC_MAX_IDLE_TAX 95u

/* Counts since creation; pages and all that follow are levels. */
struct hec_stats {
	uint64_t puts; /* accepted */
	uint64_t puts_refused; /* no room, or no source */
	uint64_t hits; /* gets that handed a page out */
	uint64_t misses; /* gets that did not */
	uint64_t flushes; /* pages that the client dropped */
	uint64_t evictions; /* pages dropped to make room */
	uint64_t corrupt; /* pages whose checksum was wrong: not handed out */
	uint64_t rollbacks; /* times that the client was found reverted */
	uint64_t unasked; /* misses that the guest knew of, as it says itself */
	uint64_t pages; /* cached now */
	uint64_t zero_pages; /* of these, zeroes that need no frame */
	uint64_t persistent_pages; /* of the pages, those in persistent pools */
	uint64_t frames; /* charged now: cached, or being copied */
	uint64_t pools; /* existing now */
};

/* One pool. */
struct hec_pool_info {
	uint64_t pool; /* its id */
	uint64_t pages; /* cached now */
	enum hec_pool_kind kind;
};

struct hec_cache_info {
	uint64_t frames; /* lent by the embedder */
	uint64_t frames_free; /* of these, the free ones */
	uint64_t guaranteed; /* promised to all clients together */
	uint64_t metadata_bytes; /* what hec_size() said */
	uint32_t clients;
	uint32_t chunks;
	bool closing; /* one is on its way out: hec_shrink() said HEC_EAGAIN */
	uint32_t idle_tax; /* percent */
};

/*
 * Bytes of memory that hec_init() needs for @config; 0: @config is not valid.
 * With chunks of 512 frames or more, and locks of at most 56 bytes, that is at most
 * 64 for each frame, 1280 for each client, 176 for each pool, and 10 KiB.
 */
uint64_t hec_size(const struct hec_config *config);

/*
 * Makes a cache with no chunks in @mem (@len bytes, of any content, aligned to 64).
 * It borrows @mem until hec_fini().
 * HEC_EINVAL: @config is not valid.  HEC_ENOMEM: @len is below hec_size().
 * Context: takes as long as writing all of @mem.
 */
int hec_init(void *mem, uint64_t len, const struct hec_config *config,
	     struct hec_cache **cache);

/*
 * Ends a cache.  It must have no clients, and hec_shrink() must have returned all its
 * chunks.  The memory is the caller's again.
 */
void hec_fini(struct hec_cache *cache);

/*
 * Lends the cache a chunk, until hec_shrink() hands it back.  A chunk is memory for
 * 1 << chunk_shift frames; @chunk describes it for hec_env_map_frame().
 * HEC_ENOMEM: there are max_chunks already; the chunk stays the caller's.
 */
int hec_grow(struct hec_cache *cache, void *chunk);

/*
 * Takes a chunk back into *@chunk, one with few pages.  Its pages move to other
 * chunks.  If there is no room for them, pages are evicted, as the policies of their
 * clients order.  The host comes before guarantees: where no other pages are left, it
 * takes guaranteed ones.  It never takes persistent ones.
 * HEC_EAGAIN: there is more to do, or copies into or out of the chunk are running.
 * Nothing new enters the chunk.  Call again, after giving way to others; until then the
 * chunk stays as it is.
 * HEC_ENOSPC: persistent pages need all chunks; the chunk is used again.
 * HEC_ENOENT: there is no chunk.
 * Only one call may run at a time.  Bound: HEC_SHRINK_EVICTIONS pages are evicted, and
 * HEC_SHRINK_MOVES pages are moved.
 */
int hec_shrink(struct hec_cache *cache, void **chunk);

#define HEC_SHRINK_EVICTIONS 1024u
#define HEC_SHRINK_MOVES 1024u

/*
 * Makes a client.  HEC_EINVAL: @config is not valid.  HEC_ENOMEM: there are
 * max_clients.  HEC_ENOSPC: all guarantees together would be more than the frames that
 * there are now (those of a closing chunk do not count).
 */
int hec_client_create(struct hec_cache *cache,
		      const struct hec_client_config *config,
		      struct hec_client **client);

/*
 * Changes a client's configuration while everything runs; the label stays.
 * A lowered maximum takes effect with the client's own puts.  Each put that needs a
 * frame gives up two, until the client is within its maximum.  Until then the client
 * keeps its pages, unless others' puts or hec_shrink() evict them.
 * After a lowered guarantee the client may hold more persistent pages than that.  They
 * stay until they are flushed; meanwhile persistent puts are refused.
 * HEC_EINVAL, HEC_ENOSPC: as above, and nothing has changed.
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
	struct hec_client_config config; /* only those terms are read */
	bool frozen; /* HEC_TERM_FROZEN: puts are refused until thawed */
};

/*
 * The same for some of the terms; the others stay.  Either all change or none.
 * HEC_EINVAL: as above, or @change->terms has an unknown bit.  HEC_ENOSPC: as above.
 */
int hec_client_change(struct hec_cache *cache, struct hec_client *client,
		      const struct hec_client_change *change);

/* Copies what was set last to *@config.  A max_pools of 0 is HEC_CLIENT_POOLS there. */
void hec_client_get(struct hec_cache *cache, struct hec_client *client,
		    struct hec_client_config *config);

/*
 * A frozen client's puts are refused until it is thawed.  Each still drops what was
 * under its key.  The client keeps its other pages: they can be got and flushed, and
 * other clients' puts and hec_shrink() evict them as before.
 */
void hec_client_freeze(struct hec_cache *cache, struct hec_client *client,
		       bool frozen);
bool hec_client_is_frozen(struct hec_cache *cache, struct hec_client *client);

/*
 * Drops a client's pages, except those in persistent pools; @budget at the most (0:
 * all).  HEC_EAGAIN: @budget pages were dropped.  There may be more or not: call again.
 * 0: none are left.
 * A client can put new pages meanwhile, without end.  So the caller should drop no
 * more than the client had at first.
 */
int hec_client_flush(struct hec_cache *cache, struct hec_client *client,
		     uint32_t budget);

/* Sets a client's counts to zero, but not the levels. */
void hec_client_reset_stats(struct hec_cache *cache, struct hec_client *client);

/*
 * Sets the tax on idle memory, in percent: 0 (the default) to HEC_MAX_IDLE_TAX.  A
 * page is idle if its client has not got it back lately.  An idle page counts
 * 100 / (100 - tax) times when the cache decides who pays (Waldspurger, OSDI 2002).
 * HEC_EINVAL: @percent is more.
 */
int hec_set_idle_tax(struct hec_cache *cache, uint32_t percent);

/*
 * Ends a client's pools and drops their pages; then forgets its past and ends it.
 * One call drops at most @budget pages and pools together, and then forgets at most
 * @budget ghosts (0: no limit).
 * HEC_EAGAIN: the budget is used up; call again, even if nothing is left.
 * 0: @client is gone.
 * No other call for this client may be running or come later.
 */
int hec_client_destroy(struct hec_cache *cache, struct hec_client *client,
		       uint32_t budget);

/*
 * Makes a new, empty pool of @client.  Its id, *@pool, is never used again.
 * HEC_EINVAL: there is no such kind.  HEC_EPERM: the client has its max_pools.
 * HEC_ENOMEM: it has its part of the cache's max_pools.  Bound: constant.
 */
int hec_pool_create(struct hec_cache *cache, struct hec_client *client,
		    enum hec_pool_kind kind, uint64_t *pool);

/*
 * Drops a pool's pages, @budget at the most (0: all), and then the pool.  From the
 * first call on the pool admits nothing.  HEC_EAGAIN: @budget pages were dropped; call
 * again, even if none is left.  0: the pool is gone.  HEC_ESTALE: not a pool of @client.
 */
int hec_pool_destroy(struct hec_cache *cache, struct hec_client *client,
		     uint64_t pool, uint32_t budget);

/*
 * Puts the page at @src (HEC_PAGE_SIZE bytes, aligned to 8) under (@pool,
 * @object, @index).  Older content under that key is gone, whatever the result.
 * The source may change during the call.  Then a mixture of the two contents is
 * cached, and its checksum is that of the mixture.
 * A page of zeroes takes a spare record and no frame.  If the client can have no more
 * spare records, the page takes a frame and is charged for it, like any other page.
 * HEC_ESTALE: not a pool of @client.  HEC_EINVAL: @index is too large.  HEC_ENOSPC:
 * there is no room for this client, or it is frozen, or the pool is persistent and the
 * client's guarantee is used up.
 * Bound: 32 pages are evicted at the most, or 64 while the client is over a lowered
 * maximum.  If these win no frame, the put is refused (HEC_ENOSPC), and a later one
 * gets further.
 */
int hec_put(struct hec_cache *cache, struct hec_client *client, uint64_t pool,
	    uint64_t object, uint64_t index, const void *src);

/*
 * For a put whose source cannot be read: drops what is under the key and counts a
 * refused put.
 */
void hec_put_failed(struct hec_cache *cache, struct hec_client *client,
		    uint64_t pool, uint64_t object, uint64_t index);

/*
 * Copies the page under the key to @dst (HEC_PAGE_SIZE bytes, aligned to 8).  Then
 * removes it, unless the pool's gets keep.  The page is unlinked only after it was
 * copied.
 * HEC_ENOENT: a miss: there is no page; or it failed its check; or it was evicted,
 * flushed or replaced during the copy.  HEC_ESTALE: not a pool of @client.
 * HEC_EINVAL: @index is too large.  In a persistent pool, HEC_EIO: the page failed its
 * check; HEC_EAGAIN: too many gets copy that page at the moment.
 * After an error @dst is as it was if nothing was copied, and all zeroes if a page was.
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
	} own; /* the library's own, during the call */
};

#define HEC_BATCH_MAX HEC_ABI_BATCH_MAX

/*
 * Puts or gets @nr pages (1 to HEC_BATCH_MAX) of one pool.  The result is that of @nr
 * calls of hec_put() or hec_get(), one after the other.  It is faster, because the
 * waits for memory overlap.
 * 0: each item has its status.  HEC_EINVAL: @nr is out of range, and nothing was done.
 * What was under the keys is still there.  A caller that has newer content must flush
 * the keys then.
 */
int hec_put_batch(struct hec_cache *cache, struct hec_client *client,
		  uint64_t pool, struct hec_batch_item *items, uint32_t nr);
int hec_get_batch(struct hec_cache *cache, struct hec_client *client,
		  uint64_t pool, struct hec_batch_item *items, uint32_t nr);

/*
 * Drops the page under the key.  If there is none, the client's past forgets the key.
 * A guest's FLUSH and FLUSH_RANGE do the same, key by key.
 * All other flushes leave the past alone: hec_flush_range() (unlike FLUSH_RANGE),
 * hec_flush_object(), hec_flush_pool(), hec_client_flush().  What it remembers of such
 * keys may cost a worse choice later, and is forgotten with time.
 */
void hec_flush(struct hec_cache *cache, struct hec_client *client,
	       uint64_t pool, uint64_t object, uint64_t index);

/*
 * Drops @count pages of an object, from @first on.  Time: proportional to @count or, if
 * they are fewer, to the pages in the pool.  Only one call of this or of
 * hec_flush_object() may run for an object at a time: two would take pages from under
 * each other and leave some.  Puts and gets may run beside it.
 */
void hec_flush_range(struct hec_cache *cache, struct hec_client *client,
		     uint64_t pool, uint64_t object, uint64_t first,
		     uint64_t count);

/*
 * Drops all pages of an object.  Time: proportional to their number.  Only one call of
 * this or of hec_flush_range() may run for an object at a time.
 */
void hec_flush_object(struct hec_cache *cache, struct hec_client *client,
		      uint64_t pool, uint64_t object);

/*
 * Drops the pages of a pool, @budget at the most (0: all).  HEC_EAGAIN: @budget pages
 * were dropped; call again, even if none is left.  0: the pool is empty.  HEC_ESTALE:
 * not a pool of @client.
 */
int hec_flush_pool(struct hec_cache *cache, struct hec_client *client,
		   uint64_t pool, uint32_t budget);

/*
 * A client's counts and levels.  If another call is running, some of them may have its
 * effect already and others not.
 */
void hec_client_stats(struct hec_cache *cache, struct hec_client *client,
		      struct hec_stats *stats);

/*
 * Describes the newest of @client's pools that is older than the one with id @before
 * (UINT64_MAX: the newest of all).  So a caller can go through all pools while they
 * come and go.  HEC_ENOENT: there is none.
 */
int hec_pool_info(struct hec_cache *cache, struct hec_client *client,
		  uint64_t before, struct hec_pool_info *info);

/* The sum over all clients, with the counts of clients that are gone. */
void hec_cache_stats(struct hec_cache *cache, struct hec_stats *stats);

/* The cache as a whole, now. */
void hec_cache_info(struct hec_cache *cache, struct hec_cache_info *info);

/*
 * Walks everything.  Returns 0 if every invariant holds, else the number of the line
 * in audit.c or ghost.c that found one broken.  No other call may be running.  For
 * tests, fuzzers and debug builds.
 */
int hec_audit(struct hec_cache *cache);

#define HEC_GUEST_MAPS 5u

/*
 * The embedder writes this function; only hec_guest_call() calls it, at each correct
 * HELLO of a VM that is no client yet.  It makes the VM of @vcpu a client, and *@client that client.  If another vCPU
 * of the VM has made the client meanwhile, *@client is that one.  Otherwise it returns
 * the error for the guest: HEC_EPERM (the VM may not use the cache) or HEC_ENOMEM (no
 * more clients).  It may sleep.
 */
int hec_env_guest_admit(void *vcpu, struct hec_client **client);

/*
 * Does a guest's call, as <hecache/abi.h> describes it.  Checks every field and returns
 * the word for the guest.  @vcpu is passed to hec_env_guest_map().  At most
 * HEC_GUEST_MAPS pages are mapped at a time; they are unmapped in reverse order.
 * @client is NULL if the VM is no client yet.  Then a correct HELLO calls
 * hec_env_guest_admit(), a wrong one gets its error (HEC_EVERSION, HEC_EINVAL), and
 * every other command is HEC_ESTALE.
 * Context: may sleep if hec_env_guest_map() or hec_env_guest_admit() may.  The caller
 * holds no locks of the library.
 */
uint64_t hec_guest_call(struct hec_cache *cache, struct hec_client *client,
			void *vcpu, const uint64_t arg[4]);

#ifdef __cplusplus
}
#endif

#endif
