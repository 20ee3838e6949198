/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A small cache in some state, two actors who call it, and the book of what may be
 * in it.  The state is made once and brought back before each weave by copying.
 *
 * The book has a line for each key: which contents may be there now.  A content is
 * known by who put it.  A put adds its own when it begins; when it ends it strikes
 * out what was there when it began, and its own if it failed.  A flush strikes out
 * what was there when it began.  So whichever order two calls take effect in, what
 * a get hands out must be in the book.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <hecache/hecache.h>

/* The pools there are from the start. */
enum world_pool {
	EPHEMERAL, /* of client A, as are the next two */
	INCLUSIVE,
	PERSISTENT,
	OTHERS, /* of client B, ephemeral */
	NR_POOLS
};

/* The keys that the book knows: objects 0 and 7, indices 0 to 3, of each pool. */
#define WORLD_OBJECT 7u
#define WORLD_INDICES 4u
#define NR_KEYS (NR_POOLS * 2u * WORLD_INDICES)

enum writer {
	FIRST,
	OUTER_CALL,
	INNER_CALL,
	NR_WRITERS
};

/* A virtual processor's own pages. */
#define GUEST_PAGES 8u
#define GUEST_HOLE 7u /* this one is none */

struct actor {
	enum writer writer;
	uint32_t turn; /* counts its calls */
	uint32_t seen[NR_KEYS]; /* contents that a get under way may find */
	uint32_t before[NR_KEYS]; /* what was there when a call began */
	uint8_t (*page)[HEC_PAGE_SIZE]; /* GUEST_PAGES of them */
};

struct world {
	struct hec_cache *cache;
	struct hec_client *a, *b, *c;
	uint64_t pool[NR_POOLS]; /* ids */
	uint64_t handle[NR_POOLS]; /* client A's */
	uint64_t number; /* of A's last call, if they are numbered */
	uint64_t features;
	void *spare; /* a chunk that the cache has not, or NULL */
	bool verified; /* contents are kept, and known */

	uint32_t live[NR_KEYS]; /* contents that may be there: 1 << writer */
	uint32_t under_way[NR_KEYS]; /* of these, that are being put */
	int32_t stock[NR_KEYS][NR_WRITERS]; /* times put, less times taken */
	uint32_t touched[NR_KEYS]; /* calls that change what is there */
	uint32_t refused[NR_KEYS]; /* of these, puts that were refused */
	bool zero[NR_KEYS][NR_WRITERS]; /* the content is zeroes */
	const char *wrong; /* the first thing that was, or NULL */
	struct actor actor[2]; /* the outer call's, the inner one's */
};

extern struct world world;

#define NR_SCENES 6u

/* Makes state number @scene and keeps it.  False: it cannot. */
bool world_make(uint32_t scene);
const char *world_scene(uint32_t scene); /* in a few words */

/* The size of the cache's tables. */
size_t world_bytes(void);

/* Brings back the state as it was made. */
void world_restore(void);

/* Looks at everything, when no call is in flight; NULL or what is wrong. */
const char *world_check(void);

/* Notes that something is wrong. */
void world_wrong(const char *what);

uint32_t key_of(enum world_pool pool, uint64_t object, uint64_t index);

/* What @actor puts under @key. */
const void *book_source(struct actor *actor, uint32_t key, bool zero);

/* Around a put; @err: its result. */
void book_put_begins(struct actor *actor, uint32_t key, bool zero);
void book_put_ends(struct actor *actor, uint32_t key, int err);

/* Around a get into @dst, which is filled with a mark. */
void book_get_begins(struct actor *actor, uint32_t key, void *dst);
void book_get_ends(struct actor *actor, uint32_t key, int err, const void *dst);

/* Around what voids a key, or all keys of a pool. */
void book_drop_begins(struct actor *actor, uint32_t key);
void book_drop_ends(struct actor *actor, uint32_t key);
void book_pool_drop_begins(struct actor *actor, enum world_pool pool);
void book_pool_drop_ends(struct actor *actor, enum world_pool pool);

#endif
