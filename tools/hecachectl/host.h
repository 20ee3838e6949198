/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A host with a cache, whichever hypervisor it runs: what it shows of itself and
 * what can be changed.  kvm.c and xen.c are the two kinds.
 *
 * Functions return 0 or a negative errno; beyond what the system has to say:
 *
 *     -ENODEV  there is no cache here
 *     -EACCES  not for this user, or not from this domain
 *     -ESRCH   no such client
 *     -EINVAL  a value is out of range
 *     -ENOSPC  more than the cache can promise, or take away
 *     -EPROTO  what the host says makes no sense
 */
#ifndef HECACHECTL_HOST_H
#define HECACHECTL_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGES_OF_MIB 256u
#define MAX_MIB (4u << 20)
#define MAX_WEIGHT 65535u
#define MAX_TAX 95u /* percent */

/* Counts, and from PAGES on levels. */
enum count {
	COUNT_PUTS,
	COUNT_PUTS_REFUSED,
	COUNT_HITS,
	COUNT_MISSES,
	COUNT_FLUSHES,
	COUNT_EVICTIONS,
	COUNT_CORRUPT,
	COUNT_ROLLBACKS,
	COUNT_PAGES,
	COUNT_ZERO_PAGES,
	COUNT_PERSISTENT_PAGES,
	COUNT_POOLS,
	NR_COUNTS
};

extern const char *const count_name[NR_COUNTS];

enum policy {
	POLICY_S3FIFO,
	POLICY_LRU,
	POLICY_ARC,
	NR_POLICIES
};

extern const char *const policy_name[NR_POLICIES];

/* True, and *@policy or *@kind, if there is one of that name. */
bool policy_find(const char *name, enum policy *policy);

/* What a client is promised and allowed; and bits that name some of it. */
struct terms {
	uint32_t guaranteed_pages;
	uint32_t max_pages; /* 0: no limit */
	uint32_t weight;
	enum policy policy;
	bool frozen;
};

#define TERM_GUARANTEED 1u
#define TERM_MAX 2u
#define TERM_WEIGHT 4u
#define TERM_POLICY 8u
#define TERM_FROZEN 16u

struct client {
	uint32_t id; /* a process, or a domain */
	uint64_t frames;
	struct terms terms;
	uint64_t count[NR_COUNTS];
};

enum pool_kind {
	POOL_EPHEMERAL, /* a get removes */
	POOL_INCLUSIVE, /* a get keeps */
	POOL_PERSISTENT, /* nothing is dropped */
	NR_POOL_KINDS
};

extern const char *const pool_kind_name[NR_POOL_KINDS];

bool pool_kind_find(const char *name, enum pool_kind *kind);

struct pool {
	uint32_t client; /* its id */
	uint64_t id; /* never used again */
	enum pool_kind kind;
	uint64_t pages;
};

struct cache {
	uint64_t frames;
	uint64_t frames_free;
	uint64_t frames_max;
	uint64_t metadata_bytes;
	uint32_t idle_tax; /* percent */
	uint64_t count[NR_COUNTS]; /* of clients that are gone, too */
};

struct host {
	const char *name;
	const char *client; /* what a client's id is of */
	const char *missing; /* advice for -ENOENT, or NULL */

	/* True if this machine is such a host.  @root goes before its files. */
	bool (*is_here)(const char *root);

	int (*get_cache)(struct cache *cache);

	/* All of them, in memory that is the caller's to free; NULL on errors. */
	int (*get_clients)(struct client **clients, size_t *nr);

	/* Those of all clients; the same. */
	int (*get_pools)(struct pool **pools, size_t *nr);

	/* Those of @terms that @which names, all or none. */
	int (*set)(uint32_t id, const struct terms *terms, unsigned int which);
	int (*flush)(uint32_t id);
	int (*reset)(uint32_t id);
	int (*resize)(uint32_t mib); /* MAX_MIB at the most */
	int (*tax)(uint32_t percent);
};

extern const struct host kvm_host;
extern const struct host xen_host;

#endif
